/// Where tokens are looked up and as whom: what fails and recovers as one.
struct IntrospectionEndpoint: Hashable, Sendable {
    private let url: String
    private let caPath: String?

    /// A digest of id and secret.
    private let credentials: [UInt8]

    init(_ introspection: Configuration.Introspection) {
        url = introspection.url
        caPath = introspection.caPath
        // No id or secret holds a line feed.
        credentials = KeyDigest.bytes(
            Array("\(introspection.clientID)\n\(introspection.secret)".utf8)
        )
    }
}

/// How an endpoint stands.
struct EndpointStanding {
    /// The most lookups at a time.
    static let lookupsMax = 256

    /// The most while it fails: enough to find out when it works again, and few, so that a server in
    /// trouble is not asked by everybody.
    static let failingLookupsMax = 4

    /// How long after news of trouble there is none of further trouble.
    static let quietMilliseconds: Int64 = 10_000

    /// Lookups under way.
    private(set) var underWay = 0

    /// Why the last lookup failed; `nil` when it did not.
    private(set) var trouble: IntrospectionTrouble?

    /// Whether the trouble was told, so that its end has to be.
    private var isTold = false
    private var quietUntil = Int64.min

    /// What somebody should be told.
    enum Change: Hashable, Sendable {
        case fails(IntrospectionTrouble)
        case works
    }

    /// Takes room for a lookup; false when there is none.
    mutating func begin() -> Bool {
        guard underWay < (trouble == nil ? Self.lookupsMax : Self.failingLookupsMax) else {
            return false
        }
        underWay += 1
        return true
    }

    /// Gives the room back; `now` is in monotonic milliseconds.
    mutating func end(_ trouble: IntrospectionTrouble?, at now: Int64) -> Change? {
        underWay -= 1
        self.trouble = trouble
        guard let trouble else {
            guard isTold else { return nil }
            isTold = false
            return .works
        }
        guard !isTold, now >= quietUntil else { return nil }
        isTold = true
        quietUntil = now + Self.quietMilliseconds
        return .fails(trouble)
    }
}
