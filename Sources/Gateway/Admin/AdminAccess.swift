/// Who may speak to the admin listener.
struct AdminAccess: Sendable {
    /// The host that the configuration names.
    let host: String

    /// The bearer token wanted; `nil` on loopback.
    let token: String?

    /// The refusal of a request, `nil` when it may pass.
    ///
    /// The host check keeps a web page that has pointed its own name at 127.0.0.1 from reading
    /// metrics with a visitor's browser.
    func refusal(of request: CompleteRequest) -> CompleteAnswer? {
        if let token {
            guard Self.areSame(Self.bearerToken(of: request), Array(token.utf8)) else {
                return Self.answer(
                    401,
                    "a bearer token is wanted",
                    [("WWW-Authenticate", "Bearer")]
                )
            }
        } else if !isKnownHost(request.host) {
            return Self.answer(421, "unknown host")
        }
        let isReading = request.method == "GET" || request.method == "HEAD"
        let isForeign = !isReading && !Self.isFromOwnPage(request)
        return isForeign ? Self.answer(403, "another web page may not ask for this") : nil
    }

    /// Whether no web page asks, or one of this very listener.
    private static func isFromOwnPage(_ request: CompleteRequest) -> Bool {
        guard request.fields.contains(where: { $0.name == "origin" }) else { return true }
        guard let origin = request.onlyValue(of: "origin")?.lowercased(),
            let host = request.onlyValue(of: "host")?.lowercased()
        else { return false }
        return origin == "http://" + host || origin == "https://" + host
    }

    /// The token sent, empty when there is none; the scheme is written in any case, RFC 9110
    /// section 11.1.
    private static func bearerToken(of request: CompleteRequest) -> [UInt8] {
        let value = request.onlyValue(of: "authorization") ?? ""
        guard value.prefix(7).lowercased() == "bearer " else { return [] }
        return Array(value.dropFirst(7).utf8)
    }

    private func isKnownHost(_ name: String) -> Bool {
        let bare = name.hasPrefix("[") ? String(name.dropFirst().dropLast()) : name
        return ["localhost", "127.0.0.1", "::1", host.lowercased()].contains(bare)
    }

    /// Compares in a time that depends on the length of what was sent and on nothing else.
    private static func areSame(_ sent: [UInt8], _ wanted: [UInt8]) -> Bool {
        var difference = UInt(bitPattern: sent.count ^ wanted.count)
        for (index, byte) in sent.enumerated() {
            difference |= UInt(byte ^ wanted[index % wanted.count])
        }
        return difference == 0
    }

    private static func answer(
        _ status: Int,
        _ message: String,
        _ fields: [(name: String, value: String)] = []
    ) -> CompleteAnswer {
        CompleteAnswer(status, json: .object([("message", .string(message))]), fields: fields)
    }
}
