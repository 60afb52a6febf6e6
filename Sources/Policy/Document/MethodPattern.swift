/// What the method word of a `match` line says.
enum MethodPattern: Hashable, Sendable {
    /// `*`: every method but TRACE and CONNECT.
    case any

    /// One method; GET takes HEAD in.
    case one(MethodCode)

    /// The word as written.
    var name: String {
        switch self {
        case .any: "*"
        case .one(let code): code.name
        }
    }
}
