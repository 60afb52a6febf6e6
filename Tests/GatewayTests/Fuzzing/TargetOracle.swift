import HTTP

@testable import Policy

/// What must hold of any bytes that stand where the target of a request does.
struct TargetOracle: Sendable {
    private let policy: CompiledPolicy

    private static let made = Result { try TargetOracle() }

    /// The one oracle.
    static func shared() throws -> TargetOracle { try made.get() }

    /// Templates of every kind, some of which stand in each other's way.
    private static let text = """
        route fixed {
            match GET /a/b
            match * /
            public
        }
        route parameter {
            match GET /a/{x}
            match POST /a/{x:uuid}/c/{y:slug}
            public
        }
        route rest {
            match * /a/{x}/{rest...}
            match GET /{rest...}
            public
        }
        """

    private init() throws {
        let bytes = Array(Self.text.utf8)
        var sources = SourceMap()
        let file = sources.add(path: "target.policy", bytes: bytes)
        let parsed = StatementParser.parse(bytes, file: file) { _ in .failure(SourceFailure("")) }
        let document = PolicyReader.read(parsed.statements, sources: sources)
        policy = try PolicyCompiler.compile([document], tenants: [], sources: sources)
    }

    /// Checks one target.
    ///
    /// - Returns: What does not hold, or `nil`.
    func broken(_ target: [UInt8]) -> String? {
        for method in ["GET", "POST", "OPTIONS", "CONNECT"] {
            let bytes = Array("\(method) ".utf8) + target + Array(Self.behind.utf8)
            if let broken = broken(method, target, bytes) { return broken }
        }
        return broken(path: target)
    }

    private static let behind = " HTTP/1.1\r\nHost: acme.test\r\n\r\n"

    /// What is accepted is the bytes that came, each of them once.
    private func broken(_ method: String, _ target: [UInt8], _ bytes: [UInt8]) -> String? {
        let limits = HeadLimits()
        var scanner = HeadScanner()
        var head = RequestHead(limits: limits)
        let length: Int
        do throws(HeadFailure) {
            guard let end = try scanner.scan(bytes.span, limits: limits) else { return nil }
            length = end
            try head.parse(bytes.span.extracting(0..<end))
        } catch { return nil }
        guard length <= bytes.count else { return "a head longer than its bytes" }
        // With a CRLF in it, only its beginning was taken for the target.
        let taken = Array(bytes[head.target])
        if target.contains(UInt8(ascii: "\n")) { return broken(path: taken) }
        guard taken == target else { return "a target that is not what was sent" }
        let path = Array(bytes[head.pathRange])
        let query = head.queryRange.map { [UInt8(ascii: "?")] + bytes[$0] } ?? []
        switch head.targetForm {
        case .origin: guard path + query == target else { return "a target that changes" }
        case .absolute:
            let host = String(decoding: bytes[head.host], as: UTF8.self)
            guard Self.isAbsolute(target, host, path + query) else {
                return "an absolute target that changes"
            }
        case .authority: guard method == "CONNECT" else { return "an authority for \(method)" }
        case .asterisk: guard target == [UInt8(ascii: "*")] else { return "an asterisk and more" }
        }
        if let query = head.queryRange, let broken = brokenQuery(Array(bytes[query])) {
            return broken
        }
        return broken(path: path)
    }

    /// Whether `target` is a scheme, the host in any case, perhaps a port, and `rest`.
    private static func isAbsolute(_ target: [UInt8], _ host: String, _ rest: [UInt8]) -> Bool {
        guard target.suffix(rest.count).elementsEqual(rest) else { return false }
        let start = String(decoding: target.dropLast(rest.count), as: UTF8.self).lowercased()
        let behind = ["http://", "https://"].lazy.compactMap { scheme -> Substring? in
            let wanted = scheme + host.lowercased()
            return start.hasPrefix(wanted) ? start.dropFirst(wanted.count) : nil
        }.first
        guard let behind else { return false }
        return behind.isEmpty || behind.first == ":" && behind.dropFirst().allSatisfy(\.isNumber)
    }

    /// Two readers agree on what is canonical, and what is leads nowhere else, however often it is
    /// decoded.
    private func broken(path: [UInt8]) -> String? {
        let isCanonical = PathCanonicality.check(path.span)
        guard isCanonical == (CanonicalPath.fault(of: path) == nil) else {
            return "two opinions of what is canonical"
        }
        if let broken = brokenMatch(path) { return broken }
        guard isCanonical else { return nil }
        guard path.first == UInt8(ascii: "/"), path.allSatisfy({ 0x21...0x7E ~= $0 }) else {
            return "a canonical path of other bytes"
        }
        let decoded = Self.decoded(path)
        guard
            decoded.count(where: { $0 == UInt8(ascii: "/") })
                == path.count(where: { $0 == UInt8(ascii: "/") })
        else { return "a slash that was hidden" }
        guard Self.decoded(decoded) == decoded else { return "a path that decodes twice" }
        for segment in decoded.split(separator: UInt8(ascii: "/")) {
            if segment.elementsEqual(".".utf8) || segment.elementsEqual("..".utf8) {
                return "a segment of dots"
            }
        }
        let forbidden: [UInt8] = [0, 0x0A, 0x0D, 0x7F] + Array("\\;?#*%".utf8)
        return decoded.contains(where: forbidden.contains) ? "a byte that has to be refused" : nil
    }

    /// Each `%XX` once replaced by its byte.
    private static func decoded(_ path: [UInt8]) -> [UInt8] {
        var decoded: [UInt8] = []
        var index = 0
        while index < path.count {
            let digits = path[index...].dropFirst().prefix(2)
            if path[index] == UInt8(ascii: "%"), digits.count == 2,
                let byte = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            {
                decoded.append(byte)
                index += 3
            } else {
                decoded.append(path[index])
                index += 1
            }
        }
        return decoded
    }

    /// Whatever the path is, a match is a route, and its parameters are segments of the path.
    private func brokenMatch(_ path: [UInt8]) -> String? {
        for method in ["GET", "POST", "TRACE", "OTHER"] {
            var parameters = PathParameters()
            let code = MethodCode(name: method)
            let match = policy.match(method: code, path: path.span, parameters: &parameters)
            guard case .route(let route) = match else { continue }
            guard policy.routes.indices.contains(route) else { return "a route that is none" }
            for index in 0..<parameters.count {
                let value = parameters[index]
                guard value.lowerBound <= value.upperBound, value.upperBound <= path.count else {
                    return "a parameter outside"
                }
                let isRest = policy.routes[route].name == "rest" && index == parameters.count - 1
                if !isRest, value.isEmpty || path[value].contains(UInt8(ascii: "/")) {
                    return "a parameter that is no segment"
                }
            }
            _ = policy.parameterFaults(parameters, in: path.span)
        }
        return nil
    }

    /// A query that is well formed has no byte to dispute, and its pairs are all of it.
    private func brokenQuery(_ query: [UInt8]) -> String? {
        let isGood = QuerySyntax.check(query.span)
        let parts = query.split(separator: UInt8(ascii: "%"), omittingEmptySubsequences: false)
        let isEncoded = parts.dropFirst().allSatisfy { part in
            part.count >= 2 && part.prefix(2).allSatisfy { Character(UnicodeScalar($0)).isHexDigit }
        }
        let disputed = Array("\"#<>[]\\^`{|}".utf8)
        let isPlain = query.allSatisfy { 0x21...0x7E ~= $0 && !disputed.contains($0) }
        guard isGood == (isEncoded && isPlain) else { return "two opinions of a query" }
        var pairs = QueryParameters(0..<query.count)
        var found: [[UInt8]] = []
        while let pair = pairs.next(in: query.span) {
            found.append(Array(query[pair.name.lowerBound..<pair.value.upperBound]))
        }
        let wanted = query.split(separator: UInt8(ascii: "&")).map(Array.init)
        return found == wanted ? nil : "pairs that are not the query"
    }
}
