/// `TokenRules` as bytes, ready to be compared with what stands in a token.
public final class CompiledTokenRules: Sendable {
    /// The rules as written.
    public let source: TokenRules

    let issuer: [UInt8]
    let audiences: [[UInt8]]
    let types: [[UInt8]]
    let rolesPath: [[UInt8]]
    let roleMapping: [MappedRole]
    let clientPath: [[UInt8]]?
    let tenantPath: [[UInt8]]
    let tenantValue: [UInt8]?
    let leewaySeconds: Int64
    let lifetimeSecondsMax: Int64
    private let algorithms: UInt16

    /// Compiles `source`.
    public init(_ source: TokenRules) {
        self.source = source
        issuer = Array(source.issuer.utf8)
        audiences = source.audiences.map { Array($0.utf8) }
        types = source.types.sorted().map { Array($0.utf8) }
        rolesPath = source.rolesPath.map { Array($0.utf8) }
        roleMapping = source.roleMapping.sorted { $0.key < $1.key }.map {
            MappedRole(value: Array($0.key.utf8), roles: $0.value.map { Array($0.utf8) })
        }
        clientPath = source.clientPath?.map { Array($0.utf8) }
        tenantPath = source.tenantBinding?.path.map { Array($0.utf8) } ?? []
        tenantValue = source.tenantBinding.map { Array($0.value.utf8) }
        // Sums of dates and durations stay far from overflow, see `NumericDate`.
        leewaySeconds = min(max(source.leewaySeconds, 0), NumericDate.limit)
        lifetimeSecondsMax = min(max(source.lifetimeSecondsMax, 0), NumericDate.limit)
        algorithms = source.algorithms.reduce(0) { $0 | $1.bit }
    }

    /// The clock difference forgiven, in seconds.
    public var leeway: Int64 { leewaySeconds }

    /// Whether tokens may be signed with `algorithm`.
    @inline(__always)
    public func accepts(_ algorithm: SignatureAlgorithm) -> Bool {
        algorithms & algorithm.bit != 0
    }

    /// Checks `typ`, without which a JWT of one kind could be used as one of another.
    public func checkType(of header: TokenHeader) throws(TokenRefusal) {
        guard let type = header.type else {
            guard source.acceptsMissingType else { throw .type }
            return
        }
        guard types.contains(type) else { throw .type }
    }

    /// The algorithm of a token, if it is accepted.
    public func checkAlgorithm(
        of header: TokenHeader
    ) throws(TokenRefusal) -> SignatureAlgorithm {
        guard let algorithm = header.algorithm, accepts(algorithm) else { throw .algorithm }
        return algorithm
    }
}

/// The roles that one value of the roles claim gives.
struct MappedRole: Sendable {
    let value: [UInt8]
    let roles: [[UInt8]]
}
