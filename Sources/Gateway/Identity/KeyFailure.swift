import Policy

/// Why keys could not be loaded.
enum KeyFailure: Error, Hashable, Sendable {
    /// The file is missing or may not be read.
    case unreadable(path: String, because: String)

    /// More than `KeySet.bytesMax`.
    case tooLarge

    /// More than `KeySet.keysMax`.
    case tooManyKeys

    /// The text is not JSON.
    case notJSON(String)

    /// The JSON is not an object with an array `keys`.
    case notAKeySet

    /// Every key of the set is one that cannot be used.
    case noUsableKey(problems: [String])

    /// Not an https URL, nor http on a loopback host.
    case badURL(String)

    /// The discovery document is of another issuer or names no key set.
    case discovery(String)

    /// The host is unknown to the resolver.
    case unresolved(host: String)

    /// No connection could be made, or it broke.
    case connection(String)

    /// The certificate or the handshake.
    case tls(String)

    /// It took longer than allowed.
    case timeout

    /// An answer with another status than 200.
    case status(Int)

    /// A redirect that is not followed.
    case redirected

    /// Too many requests of the gateway's own are under way.
    case busy

    /// The gateway ends.
    case stopped

    /// What came back is not HTTP/1.1.
    case notHTTP

    /// What came back is compressed.
    case encoded

    /// A header or claims to be signed that are not a JSON object.
    case notAnObject(String)

    /// A private key that cannot be used.
    case privateKey(String)
}

extension KeyFailure: CustomStringConvertible {
    /// What was found and what was wanted; never key material.
    var description: String {
        switch self {
        case .unreadable(let path, let because): "cannot read `\(path)`: \(because)"
        case .tooLarge: "the key set is larger than \(KeySet.bytesMax / 1_024) KB"
        case .tooManyKeys: "the key set has more than \(KeySet.keysMax) keys"
        case .notJSON(let because): "the key set is not JSON: \(because)"
        case .notAKeySet: "the JSON has no array `keys`"
        case .noUsableKey(let problems):
            (["the key set has no key that can be used"] + Self.shown(problems))
                .joined(separator: "; ")
        case .badURL(let url):
            "`\(Word.presentable(String(url.prefix { $0 != "?" })))` is not an https URL"
        case .discovery(let because): "the issuer's metadata cannot be used: \(because)"
        case .unresolved(let host): "the host `\(host)` cannot be resolved"
        case .connection(let because): "no connection: \(because)"
        case .tls(let because): "tls failed: \(because)"
        case .timeout: "no answer in time"
        case .status(let status): "the server answered with status \(status), wanted 200"
        case .redirected: "the server redirects to where keys are not fetched from"
        case .busy: "too many requests of the gateway's own are under way"
        case .stopped: "the gateway is stopping"
        case .notHTTP: "the answer is not HTTP/1.1"
        case .encoded: "the answer has a content coding that was not asked for"
        case .notAnObject(let what): "the token's \(what) must be a JSON object"
        case .privateKey(let because): "the private key cannot be used: \(because)"
        }
    }
}

extension KeyFailure {
    /// The problems of a set that a line has room for.
    private static func shown(_ problems: [String]) -> [String] {
        let more = problems.count - 5
        return problems.prefix(5) + (more > 0 ? ["and \(more) more"] : [])
    }

    /// Why a request for keys or metadata had no answer.
    init(_ failure: OutboundFailure) {
        self =
            switch failure {
            case .unresolved(let host): .unresolved(host: host)
            case .connection(let because): .connection(because)
            case .tls(let because): .tls(because)
            case .timeout: .timeout
            case .notHTTP: .notHTTP
            case .encoded: .encoded
            case .tooLarge: .tooLarge
            case .redirected: .redirected
            case .stopped: .stopped
            case .busy: .busy
            }
    }
}
