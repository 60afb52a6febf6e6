/// A fixed stretch of memory that heads and lines are written into.
///
/// It never grows: what does not fit sets `overflowed` and is dropped whole, and the caller checks
/// once at the end instead of at every append. One buffer serves every message of a loop, so
/// writing a head costs no allocation.
@safe public struct OutputBuffer: ~Copyable {
    @usableFromInline let memory: UnsafeMutablePointer<UInt8>

    /// Whether this buffer frees its memory; not so when it writes into a mapped file.
    private let ownsMemory: Bool

    /// The most bytes that fit.
    public let capacity: Int

    /// The bytes written so far.
    @inlinable public var count: Int { written }

    @usableFromInline var written = 0

    /// Whether something did not fit.
    @inlinable public var overflowed: Bool { isOver }

    @usableFromInline var isOver = false

    /// Allocates a buffer of `capacity` bytes.
    public init(capacity: Int) {
        precondition(capacity > 0)
        unsafe memory = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
        unsafe memory.initialize(repeating: 0, count: capacity)
        ownsMemory = true
        self.capacity = capacity
    }

    /// Writes into memory that somebody else owns and keeps alive longer than this buffer.
    @unsafe public init(borrowing memory: UnsafeMutablePointer<UInt8>, capacity: Int) {
        precondition(capacity >= 0)
        unsafe self.memory = memory
        ownsMemory = false
        self.capacity = capacity
    }

    deinit {
        if ownsMemory { unsafe memory.deallocate() }
    }

    /// The bytes written so far.
    public var span: Span<UInt8> {
        @_lifetime(borrow self)
        get {
            let whole = unsafe Span(_unsafeStart: memory, count: count)
            return unsafe _overrideLifetime(whole, borrowing: self)
        }
    }

    /// The bytes written so far, without the compiler's promise that nothing changes them.
    ///
    /// For a caller that holds this buffer beside others in one value: the compiler takes the
    /// borrow of a part for a borrow of the whole. The buffer must outlive the span and must not be
    /// written to while it is used.
    @unsafe public var unowned: Span<UInt8> {
        @_lifetime(immortal)
        @inline(__always)
        get {
            let whole = unsafe Span(_unsafeStart: memory, count: count)
            return unsafe _overrideLifetime(whole, copying: ())
        }
    }

    /// The address of the first byte, for a system call that takes what was written.
    @unsafe public var baseAddress: UnsafeMutablePointer<UInt8> { unsafe memory }

    /// Forgets everything written.
    @inlinable @inline(__always)
    public mutating func removeAll() {
        written = 0
        isOver = false
    }

    /// Forgets what was written after the first `length` bytes.
    public mutating func truncate(to length: Int) {
        precondition(length >= 0 && length <= count)
        written = length
    }

    /// Replaces the byte at `offset`, which must have been written before.
    @inlinable @inline(__always)
    public mutating func replace(at offset: Int, with byte: UInt8) {
        precondition(offset >= 0 && offset < count)
        unsafe memory[offset] = byte
    }

    /// Appends one byte.
    @inlinable @inline(__always)
    public mutating func append(_ byte: UInt8) {
        guard count < capacity else {
            isOver = true
            return
        }
        unsafe memory[count] = byte
        written &+= 1
    }

    /// Appends all bytes of `bytes`, or none when they do not fit.
    @inlinable @inline(__always)
    public mutating func append(_ bytes: Span<UInt8>) {
        let length = bytes.count
        guard length <= capacity - count else {
            isOver = true
            return
        }
        if length == 0 { return }
        unsafe bytes.withUnsafeBufferPointer { source in
            if let start = source.baseAddress {
                unsafe (memory + count).update(from: start, count: length)
            }
        }
        written &+= length
    }

    /// Appends all bytes of `bytes`, or none when they do not fit.
    @inlinable @inline(__always)
    public mutating func append(_ bytes: [UInt8]) {
        append(bytes.span)
    }

    /// Appends a literal.
    @inlinable @inline(__always)
    public mutating func append(_ text: StaticString) {
        let length = text.utf8CodeUnitCount
        guard length <= capacity - count else {
            isOver = true
            return
        }
        unsafe (memory + count).update(from: text.utf8Start, count: length)
        written &+= length
    }

    /// Appends a number in decimal.
    @inlinable @inline(__always)
    public mutating func append(decimal value: Int) {
        if value < 0 { append(UInt8(ascii: "-")) }
        var rest = value.magnitude
        var digits: InlineArray<20, UInt8> = .init(repeating: 0)
        var start = 20
        repeat {
            start &-= 1
            digits[start] = UInt8(truncatingIfNeeded: rest % 10) &+ 0x30
            rest /= 10
        } while rest > 0
        append(digits.span.extracting(start..<20))
    }

    /// Appends a number in lower-case hexadecimal with exactly `digits` digits.
    @inlinable @inline(__always)
    public mutating func append(hexadecimal value: UInt64, digits: Int) {
        var shift = digits &* 4
        while shift > 0 {
            shift &-= 4
            let nibble = UInt8(truncatingIfNeeded: (value >> UInt64(shift)) & 0xF)
            append(nibble < 10 ? 0x30 &+ nibble : 0x57 &+ nibble)
        }
    }

    /// Appends a number in decimal with at least `digits` digits, zeros in front.
    @inlinable @inline(__always)
    public mutating func append(decimal value: Int, digits: Int) {
        var power = 1
        for _ in 1..<max(digits, 1) { power &*= 10 }
        var rest = value
        while power > 0 {
            append(UInt8(truncatingIfNeeded: rest / power % 10) &+ 0x30)
            rest %= power
            power /= 10
        }
    }
}
