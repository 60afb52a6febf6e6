/// Buffers of one size that connections borrow while bytes are in flight.
///
/// A connection without unread or unsent bytes holds none, so idle connections cost none. The
/// last one given back is the next one taken, which keeps it in the processor's cache.
@safe struct BufferPool: ~Copyable {
    /// The size of each buffer.
    let bufferBytes: Int

    /// The most free buffers kept for reuse; more are given back to the system.
    static let freeMax = 64

    private var free: [UInt] = []

    init(bufferBytes: Int) {
        self.bufferBytes = bufferBytes
        free.reserveCapacity(Self.freeMax)
    }

    deinit {
        for address in free {
            unsafe UnsafeMutablePointer<UInt8>(bitPattern: address)?.deallocate()
        }
    }

    @inline(__always)
    mutating func take() -> UnsafeMutablePointer<UInt8> {
        if let address = free.popLast(),
            let buffer = unsafe UnsafeMutablePointer<UInt8>(bitPattern: address)
        {
            return unsafe buffer
        }
        return .allocate(capacity: bufferBytes)
    }

    @inline(__always)
    mutating func give(_ buffer: UnsafeMutablePointer<UInt8>) {
        if free.count < Self.freeMax {
            free.append(UInt(bitPattern: buffer))
        } else {
            unsafe buffer.deallocate()
        }
    }
}
