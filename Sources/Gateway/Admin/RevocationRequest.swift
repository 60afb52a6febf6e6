/// A body of `POST` or `DELETE /revocations`.
struct RevocationRequest: Sendable {
    enum Action: Sendable {
        case revoke
        case takeBack
    }

    let action: Action
    let body: [UInt8]

    /// Whether the body is lines and not JSON.
    let isText: Bool

    /// The most bytes of a body.
    static let bodyBytesMax = 1_048_576
}

/// What came of it.
enum RevocationResult: Sendable {
    /// Every event loop goes by it.
    ///
    /// `count` entries came or went; `total` are in force now.
    case done(count: Int, total: Int)

    /// The words say why, without the values.
    case refused(Reason, String)

    enum Reason: Int, Sendable {
        case malformed = 400

        /// There is nowhere to keep it.
        case noPlace = 409
        case unprocessable = 422

        /// Our own fault.
        case unavailable = 503
    }
}
