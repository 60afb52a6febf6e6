/// Why the gateway did not start.
enum GatewayFailure: Error, CustomStringConvertible {
    case configuration(PreparedConfiguration.Failure)
    case tls(TLSFailure)
    case address(String, host: String, port: UInt16, reason: Errno)
    case unknownHost(String, host: String)
    case journal(JournalFailure)
    case revocations(String)
    case attempts(String)
    case system(what: String, reason: Errno)

    var description: String {
        switch self {
        case .configuration(.invalid(let text)), .configuration(.testsFailed(let text)): text
        case .tls(let failure): "postern: \(failure)\n"
        case .address(let what, let host, let port, let reason):
            "postern: cannot \(what) on \(host):\(port): \(reason)\n"
        case .unknownHost(let what, let host):
            "postern: cannot \(what) on `\(host)`: it is no address of this machine\n"
        case .journal(let failure): "postern: \(failure)\n"
        case .revocations(let words), .attempts(let words): "postern: \(words)\n"
        case .system(let what, let reason): "postern: cannot \(what): \(reason)\n"
        }
    }

    /// A policy `test` that fails is a failed check; everything else is a configuration that
    /// cannot be used.
    var exitStatus: ExitStatus {
        if case .configuration(.testsFailed) = self { return .failed }
        return .refused
    }
}
