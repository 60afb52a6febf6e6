/// What went wrong in the test's own half of a conversation.
enum Trouble: Error, CustomStringConvertible {
    case timedOut(String)
    case closed(String)
    case reset(String)
    case system(call: String, errno: Int32)
    case tls(String)
    case malformed(String)
    case unavailable(String)

    var description: String {
        switch self {
        case .timedOut(let what): "timed out: \(what)"
        case .closed(let what): "closed: \(what)"
        case .reset(let what): "reset: \(what)"
        case .system(let call, let errno): "\(call) failed with errno \(errno)"
        case .tls(let what): "TLS: \(what)"
        case .malformed(let what): "malformed: \(what)"
        case .unavailable(let what): "unavailable: \(what)"
        }
    }
}
