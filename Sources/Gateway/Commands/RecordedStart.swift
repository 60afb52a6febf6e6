import Policy

/// What a START event tells of a call.
struct RecordedStart: Sendable {
    let tenant: String
    let requestID: String

    /// The client of the token; empty without one.
    let client: String

    /// The route's name; empty when it was not recorded.
    let route: String

    /// What the call is decided by.
    let contents: Contents

    /// Whether an event tells enough.
    enum Contents: Sendable {
        case call(RecordedCall)

        /// It does not; why, in words.
        case incomplete(String)
    }

    /// Reads the event in `line`.
    init(_ line: [UInt8], _ event: EventLine) {
        tenant = Self.text(line, event.tenant) ?? ""
        requestID = Self.text(line, event.request) ?? ""
        client = Self.text(line, event.client) ?? ""
        guard let data = Self.data(line, event) else {
            route = ""
            contents = .incomplete("recorded without data (level 1)")
            return
        }
        route = data.text("route") ?? ""
        guard let method = data.text("method"), let path = data.text("path") else {
            contents = .incomplete("recorded without a path (by an older version)")
            return
        }
        let address = Self.text(line, event.requestIP).flatMap { NetworkAddress($0) }
        let isWhole = event.client.count < EventLimits.clientBytesMax
        contents = .call(
            RecordedCall(
                method: method,
                template: path,
                address: address,
                caller: RecordedCaller(data, client: isWhole ? client : nil)
            )
        )
    }

    /// The `data` of an event; `nil` when it has none.
    static func data(_ line: [UInt8], _ event: EventLine) -> JSONDocument? {
        guard !event.details.isEmpty else { return nil }
        return try? JSONDocument(Array(line[event.details]))
    }

    /// How many refusals a summary stands for; `nil` when it does not say.
    static func count(of line: [UInt8], _ event: EventLine) -> Int? {
        guard let data = data(line, event), let node = data.member("count", of: data.root) else {
            return nil
        }
        return Int(String(decoding: data.text(of: node), as: UTF8.self))
    }

    /// What a string of the event says, escapes undone.
    private static func text(_ line: [UInt8], _ range: Range<Int>) -> String? {
        guard !range.isEmpty else { return nil }
        let quoted = [UInt8(ascii: "\"")] + line[range] + [UInt8(ascii: "\"")]
        guard let document = try? JSONDocument(quoted),
            let bytes = document.string(of: document.root)
        else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// What the gateway decided of a call, as its outcome tells.
struct RecordedVerdict: Hashable, Sendable {
    /// The code of a refusal by the policy, else `allow`.
    let word: String

    /// - Returns: `nil` when the event does not say.
    init?(_ line: [UInt8], _ event: EventLine, succeeded: Bool) {
        guard let data = RecordedStart.data(line, event) else {
            guard succeeded else { return nil }
            word = ReplayedAnswer.allowWord
            return
        }
        let refusals = [Denial.roleMissing.code, Denial.denied.code]
        word =
            data.text("code").flatMap { refusals.contains($0) ? $0 : nil }
            ?? ReplayedAnswer.allowWord
    }
}

extension RecordedCaller {
    /// Reads the member `caller`; `nil` when there is none.
    fileprivate init?(_ data: JSONDocument, client: String?) {
        guard let caller = data.member("caller", of: data.root) else { return nil }
        let roles = data.member("roles", of: caller).map { list in
            data.elements(of: list).compactMap { data.string(of: $0) }
                .map { String(decoding: $0, as: UTF8.self) }
        }
        self.init(
            roles: Set(roles ?? []),
            scopes: data.words("scope", of: caller),
            absentScopes: data.words("withoutScope", of: caller),
            client: client,
            isCut: roles == nil || data.member("cut", of: caller) != nil
        )
    }
}

extension JSONDocument {
    /// What a string member of the root says.
    fileprivate func text(_ name: StaticString) -> String? {
        guard let node = member(name, of: root), let bytes = string(of: node) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The words of a string member, parted by spaces.
    fileprivate func words(_ name: StaticString, of object: JSONNode) -> Set<String> {
        guard let node = member(name, of: object), let bytes = string(of: node) else { return [] }
        return Set(bytes.split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) })
    }
}
