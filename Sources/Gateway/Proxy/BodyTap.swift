import HTTP

/// A copy of a body that passes through, to be looked at when that has ended.
///
/// A body that is too large is not kept. The body itself is neither delayed nor changed.
/// `close` must be called before it is dropped.
struct BodyTap: ~Copyable {
    /// The most bytes of a body that is looked at.
    static let bytesMax = 64 * 1_024

    private var copy = ByteQueue()

    /// Whether it takes bytes.
    private(set) var isOpen = false

    /// Whether all that has passed is here.
    private(set) var isWhole = false

    init() {}

    /// Begins with the next body.
    mutating func open() {
        isOpen = true
        isWhole = true
    }

    /// Takes the next bytes of the body; one that has become too large is forgotten.
    @inline(__always)
    mutating func take(_ bytes: Span<UInt8>, pool: inout BufferPool) {
        if isWhole { keep(bytes, pool: &pool) }
    }

    private mutating func keep(_ bytes: Span<UInt8>, pool: inout BufferPool) {
        guard copy.count + bytes.count <= Self.bytesMax, copy.append(bytes, pool: &pool) else {
            isWhole = false
            copy.release(to: &pool)
            return
        }
    }

    /// All that has passed; `nil` when it was too much, or nothing was copied.
    func bytes() -> [UInt8]? { isWhole ? copy.span.copied : nil }

    /// Gives the memory back.
    ///
    /// - Returns: Whether it was open.
    mutating func close(pool: inout BufferPool) -> Bool {
        guard isOpen else { return false }
        copy.release(to: &pool)
        isOpen = false
        isWhole = false
        return true
    }
}
