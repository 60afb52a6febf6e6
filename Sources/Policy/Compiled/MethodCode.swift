/// The request methods that a policy tells apart.
public enum MethodCode: UInt8, CaseIterable, Hashable, Sendable {
    case get
    case head
    case post
    case put
    case delete
    case patch
    case options

    /// Any other method, which only `match *` takes.
    case other

    /// TRACE and CONNECT: no route takes them, not even `match *`.
    case neverForwarded

    /// The code of a method as it stands in a request line; names are case-sensitive.
    public init(name: String) {
        switch name {
        case "TRACE", "CONNECT": self = .neverForwarded
        default: self = Self.named.first { $0.name == name } ?? .other
        }
    }

    /// The methods that a policy can name, in the order of an `Allow` field.
    public static let named: [MethodCode] = [.get, .head, .post, .put, .delete, .patch, .options]

    /// Whether it changes nothing, RFC 9110 section 9.2.1.
    public var isSafe: Bool { self == .get || self == .head || self == .options }

    /// The method as it stands in a request line; `*` for those that have no name of their own.
    public var name: String {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .delete: "DELETE"
        case .patch: "PATCH"
        case .options: "OPTIONS"
        case .other, .neverForwarded: "*"
        }
    }
}
