/// What an epoll event is about: a kind and the key of a value in that kind's slab.
struct EventToken: Hashable, Sendable {
    enum Kind: UInt8, Sendable {
        case mailbox = 1
        case listener = 2
        case client = 3
        case upstream = 4
    }

    let rawValue: UInt64

    init(rawValue: UInt64) { self.rawValue = rawValue }

    init(_ kind: Kind, slot: UInt32, generation: UInt32 = 0) {
        rawValue =
            UInt64(kind.rawValue) << 56 | UInt64(generation & 0xFF_FFFF) << 32 | UInt64(slot)
    }

    @inline(__always) var kind: Kind? { Kind(rawValue: UInt8(truncatingIfNeeded: rawValue >> 56)) }
    @inline(__always) var slot: UInt32 { UInt32(truncatingIfNeeded: rawValue) }
    @inline(__always) var generation: UInt32 {
        UInt32(truncatingIfNeeded: rawValue >> 32) & 0xFF_FFFF
    }
}
