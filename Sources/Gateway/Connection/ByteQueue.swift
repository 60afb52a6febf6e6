/// Bytes that wait in one borrowed buffer: read and not yet understood, or not yet sent.
///
/// Holds a buffer only while it holds bytes. `release` must be called before it is dropped.
@safe struct ByteQueue: ~Copyable {
    private var memory: UnsafeMutablePointer<UInt8>?
    private(set) var start = 0
    private(set) var end = 0
    private var capacity = 0

    init() {}

    /// How many bytes wait.
    @inline(__always) var count: Int { end &- start }

    @inline(__always) var isEmpty: Bool { start == end }

    /// The bytes that wait.
    var span: Span<UInt8> {
        @_lifetime(borrow self)
        @inline(__always)
        get {
            let waiting = unsafe UnsafeBufferPointer(
                start: memory.map { unsafe $0 + start },
                count: count
            )
            return unsafe _overrideLifetime(Span(_unsafeElements: waiting), borrowing: self)
        }
    }

    /// The bytes that wait, without the compiler's promise that nothing changes them.
    ///
    /// For a caller that holds this queue beside others in one value: the compiler takes the borrow
    /// of a part for a borrow of the whole. Bytes may be consumed while the span is used; nothing
    /// may be added or given back.
    @unsafe var unowned: Span<UInt8> {
        @_lifetime(immortal)
        @inline(__always)
        get {
            let waiting = unsafe UnsafeBufferPointer(
                start: memory.map { unsafe $0 + start },
                count: count
            )
            return unsafe _overrideLifetime(Span(_unsafeElements: waiting), copying: ())
        }
    }

    /// Room behind the bytes that wait; moves them to the front when it has become small.
    @inline(__always)
    mutating func room(from pool: inout BufferPool) -> UnsafeMutableRawBufferPointer {
        if unsafe memory == nil {
            unsafe memory = pool.take()
            capacity = pool.bufferBytes
            start = 0
            end = 0
        } else if start > 0 && capacity &- end < capacity / 2 {
            compact()
        }
        return unsafe UnsafeMutableRawBufferPointer(
            start: memory.map { unsafe $0 + end },
            count: capacity &- end
        )
    }

    /// Whether `room` would be empty.
    var isFull: Bool { unsafe memory != nil && start == 0 && end == capacity }

    /// Says that `count` bytes of the room were filled.
    @inline(__always)
    mutating func filled(_ count: Int) {
        precondition(count >= 0 && count <= capacity &- end)
        end &+= count
    }

    /// Drops `count` bytes from the front.
    @inline(__always)
    mutating func consume(_ count: Int) {
        precondition(count >= 0 && count <= self.count)
        start &+= count
    }

    /// Appends bytes; false, and nothing appended, when they do not fit.
    mutating func append(_ bytes: Span<UInt8>, pool: inout BufferPool) -> Bool {
        var room = unsafe room(from: &pool)
        if room.count < bytes.count && start > 0 {
            compact()
            unsafe room = self.room(from: &pool)
        }
        guard room.count >= bytes.count else { return false }
        unsafe bytes.withUnsafeBytes { source in unsafe room.copyMemory(from: source) }
        end &+= bytes.count
        return true
    }

    /// Gives the buffer back when no byte waits.
    @inline(__always)
    mutating func releaseIfEmpty(to pool: inout BufferPool) {
        if start == end { release(to: &pool) }
    }

    /// Gives the buffer back and drops what waits.
    @inline(__always)
    mutating func release(to pool: inout BufferPool) {
        if let buffer = unsafe memory { unsafe pool.give(buffer) }
        unsafe memory = nil
        start = 0
        end = 0
        capacity = 0
    }

    private mutating func compact() {
        guard let memory = unsafe memory else { return }
        if count > 0 { unsafe memory.update(from: memory + start, count: count) }
        end = count
        start = 0
    }
}
