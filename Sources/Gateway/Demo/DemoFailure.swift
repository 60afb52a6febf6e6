/// Why the demonstration cannot begin.
enum DemoFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// Something else listens on the port.
    case portTaken(UInt16)

    /// No port can be listened on; the system's words.
    case noPort(String)

    /// A file of the scene cannot be written; the system's words.
    case unwritable(path: String, because: String)

    /// A key or a certificate cannot be made.
    case cryptography(String)

    var description: String {
        switch self {
        case .portTaken(let port):
            "port \(port) is taken, choose another with `--port`"
        case .noPort(let because): "cannot listen on 127.0.0.1: \(because)"
        case .unwritable(let path, let because): "cannot write `\(path)`: \(because)"
        case .cryptography(let because): "cannot make keys or certificates: \(because)"
        }
    }
}
