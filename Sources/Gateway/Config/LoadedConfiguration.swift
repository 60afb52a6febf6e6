import Policy

/// A configuration without a fault, the policies it names, and the text of both.
struct LoadedConfiguration: Sendable {
    var configuration: Configuration

    /// The policy files in the order in which they are read, as statements without meaning yet.
    var policyFiles: [PolicyFile]

    /// The files of the policy that only looks on; empty without one.
    var shadowFiles: [PolicyFile]

    /// What positions refer to, here and in `configuration`.
    var sources: SourceMap

    /// The included files that hold tenants.
    var tenantFiles = TenantFiles()

    /// The statements of one policy file, `include` replaced.
    struct PolicyFile: Sendable {
        var path: String
        var statements: [Statement]
    }

    /// What the user reads of faults found after the load, such as a certificate without its key.
    func render(_ diagnostics: [Diagnostic]) -> String { sources.render(diagnostics) }
}
