extension KeyFailure {
    /// The kind of failure in one word, for events and metrics: nothing that a server said is in it.
    var reason: StaticString {
        switch self {
        case .unreadable: "unreadable"
        case .tooLarge: "too-large"
        case .tooManyKeys: "too-many-keys"
        case .notJSON: "not-json"
        case .notAKeySet: "not-a-key-set"
        case .noUsableKey: "no-usable-key"
        case .badURL: "bad-url"
        case .discovery: "discovery"
        case .unresolved: "unresolved"
        case .connection: "connection"
        case .tls: "tls"
        case .timeout: "timeout"
        case .status: "status"
        case .redirected: "redirected"
        case .busy: "busy"
        case .stopped: "stopped"
        case .notHTTP: "not-http"
        case .encoded: "encoded"
        case .notAnObject: "not-an-object"
        case .privateKey: "private-key"
        }
    }
}
