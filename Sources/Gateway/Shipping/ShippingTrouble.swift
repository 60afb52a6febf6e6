/// Why a shipper does not get on, in one word: nothing that a receiver said is in it.
enum ShippingTrouble: Error, Hashable, Sendable {
    /// There was no answer.
    case outbound(OutboundFailure)

    /// The receiver answered with this status.
    case status(Int)

    /// The dead-letter file has no room, or cannot be written.
    case deadLetter(DeadLetterFile.Failure)

    /// The journal cannot be read.
    case journal(Errno)

    /// The place reached cannot be written down; what was sent since would be sent again.
    case place(Errno)

    /// The URL became too long.
    case url

    /// For metrics and readiness.
    var word: String {
        switch self {
        case .outbound(let failure): failure.word
        case .status(let status): "status-\(status)"
        case .deadLetter(.full): "dead-letter-full"
        case .deadLetter(.file): "dead-letter-file"
        case .journal: "journal"
        case .place: "place-file"
        case .url: "bad-url"
        }
    }

    /// For an operator.
    var description: String {
        switch self {
        case .outbound(let failure): failure.description
        case .status(let status): "the receiver answers \(status)"
        case .deadLetter(.full): "the dead-letter file is full: move it away"
        case .deadLetter(.file(let reason)): "cannot write the dead-letter file: \(reason)"
        case .journal(let reason): "cannot read the journal: \(reason)"
        case .place(let reason): "cannot write down how far it has come: \(reason)"
        case .url: "the URL is too long"
        }
    }
}

extension OutboundFailure {
    /// The kind of failure in one word.
    fileprivate var word: String {
        switch self {
        case .unresolved: "unresolved"
        case .connection: "connection"
        case .tls: "tls"
        case .timeout: "timeout"
        case .notHTTP: "not-http"
        case .encoded: "encoded"
        case .tooLarge: "too-large"
        case .redirected: "redirected"
        case .stopped: "stopped"
        case .busy: "busy"
        }
    }
}
