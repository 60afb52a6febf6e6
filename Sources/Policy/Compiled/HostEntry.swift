/// A `host` line of a tenant.
public struct HostEntry: Sendable {
    /// The host without port; `*.example` stands for one or more labels in front of `.example`.
    public let name: String

    /// The tenant's index.
    public let tenant: Int

    /// Where the line stands.
    public let position: SourcePosition

    /// Creates an entry.
    public init(name: String, tenant: Int, position: SourcePosition) {
        self.name = name
        self.tenant = tenant
        self.position = position
    }
}
