import Policy

/// What requests are counted by: a `rate` line, a tenant, and an address, a client or nothing more.
///
/// Names, not numbers: over a reload a bucket goes on where route, tenant and line are the same.
struct BucketName: Sendable {
    /// Three digests of 16 bytes.
    private(set) var bytes: InlineArray<48, UInt8> = .init(repeating: 0)

    /// All requests of a tenant.
    @inline(__always)
    init(_ line: ValueHash.Digest, tenant: ValueHash.Digest) {
        put(line.high, at: 0)
        put(line.low, at: 8)
        put(tenant.high, at: 16)
        put(tenant.low, at: 24)
    }

    /// The requests from an address: of IPv6 its network of 64 bits, within which a caller can
    /// choose as it likes.
    @inline(__always)
    init(_ line: ValueHash.Digest, tenant: ValueHash.Digest, address: AddressKey) {
        self.init(line, tenant: tenant)
        put(address.high, at: 32)
        put(address.ipv4 == nil ? 0 : address.low, at: 40)
    }

    /// The requests of a client, told by a digest.
    @inline(__always)
    init(_ line: ValueHash.Digest, tenant: ValueHash.Digest, client: ValueHash.Digest) {
        self.init(line, tenant: tenant)
        put(client.high, at: 32)
        put(client.low, at: 40)
    }

    @inline(__always)
    private mutating func put(_ word: UInt64, at start: Int) {
        for index in 0..<8 {
            bytes[start + index] = UInt8(truncatingIfNeeded: word >> UInt64(8 * index))
        }
    }
}

/// A `rate` line of a route, ready to be counted by.
struct RouteRate: Sendable {
    let limit: RateLimit

    /// What tells it from other lines.
    let name: ValueHash.Digest

    init(_ limit: RateLimit, route: String) {
        self.limit = limit
        name = Self.digest(of: "\(route) \(limit)")
    }

    /// Tells names of the configuration apart, which nobody outside chooses: it needs no secret, and
    /// is the same after a reload.
    static func digest(of name: String) -> ValueHash.Digest {
        let bytes = Array(name.utf8)
        return ValueHash(key: SipState.Key(0, 0)).digest(of: bytes.span)
    }
}
