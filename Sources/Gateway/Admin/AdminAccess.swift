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
        guard let token else {
            return isKnownHost(request.host) ? nil : Self.answer(421, "unknown host")
        }
        let sent = request.onlyValue(of: "authorization").map { Array($0.utf8) } ?? []
        guard Self.areSame(sent, Array("Bearer \(token)".utf8)) else {
            return Self.answer(401, "a bearer token is wanted", [("WWW-Authenticate", "Bearer")])
        }
        return nil
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
