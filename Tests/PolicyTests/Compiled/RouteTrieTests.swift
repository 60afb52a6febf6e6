import Testing

@testable import Policy

@Suite("Which route a request is for")
struct RouteTrieTests {
    /// The route's name, `405 Allow` or `404`, with the values of the parameters.
    private static func answer(
        _ policy: CompiledPolicy,
        _ method: String,
        _ path: String
    ) -> String {
        let bytes = Array(path.utf8)
        var parameters = PathParameters()
        let code = MethodCode(name: method)
        switch policy.match(method: code, path: bytes.span, parameters: &parameters) {
        case .notFound: return "404"
        case .methodNotAllowed(let allow):
            return "405 " + allow.names.joined(separator: ",")
        case .route(let route):
            let values = (0..<parameters.count).map { index in
                String(decoding: bytes[parameters[index]], as: UTF8.self)
            }
            return ([policy.routes[route].name] + values).joined(separator: " ")
        }
    }

    /// A policy of public routes from `NAME METHOD TEMPLATE` lines.
    private static func policy(_ lines: [String]) throws -> CompiledPolicy {
        var matches: [(name: Substring, lines: [String])] = []
        for line in lines {
            let name = line.prefix { $0 != " " }
            let match = "match" + line.dropFirst(name.count)
            if let index = matches.firstIndex(where: { $0.name == name }) {
                matches[index].lines.append(match)
            } else {
                matches.append((name, [match]))
            }
        }
        let routes = matches.map { match in
            "route \(match.name) {\n\(match.lines.joined(separator: "\n"))\npublic\n}"
        }
        return try PolicyText(policy: routes.joined(separator: "\n")).compile()
    }

    static let specificity: [(String, String, String)] = [
        ("GET", "/a", "fixed"),
        ("GET", "/b", "one b"),
        ("GET", "/a/", "rest a/"),
        ("GET", "/a/b", "fixedTwo"),
        ("GET", "/a/c", "fixedOne c"),
        ("GET", "/x/b", "oneFixed x"),
        ("GET", "/x/y", "two x y"),
        ("GET", "/a/b/c", "rest a/b/c"),
        ("GET", "/x/y/", "rest x/y/"),
        ("GET", "/a/b/deep", "deep a b"),
        ("GET", "/a/z/deep", "deep a z"),
        ("GET", "/", "rest "),
        ("GET", "/tail", "tail "),
        ("GET", "/tail/", "tail "),
        ("GET", "/tail/x/y", "tail x/y"),
        ("GET", "/tail/fixed", "tailFixed"),
        ("GET", "/tail/fixed/", "tail fixed/"),
        ("HEAD", "/a", "fixed"),
        ("POST", "/a", "405 GET,HEAD"),
        ("POST", "/a/b", "405 GET,HEAD"),
        ("POST", "/q", "405 GET,HEAD"),
        ("POST", "/x/y/z", "rest x/y/z"),
        ("TRACE", "/x/y/z", "405 GET,HEAD,POST,PUT,DELETE,PATCH,OPTIONS"),
        ("CONNECT", "/x/y/z", "405 GET,HEAD,POST,PUT,DELETE,PATCH,OPTIONS"),
        ("PROPFIND", "/x/y/z", "rest x/y/z"),
        ("PROPFIND", "/a", "405 GET,HEAD"),
        ("get", "/a", "405 GET,HEAD"),
        ("GET", "/A", "one A"),
        ("GET", "", "404"),
        ("GET", "*", "404"),
        ("GET", "a", "404"),
        ("GET", "http://host/a", "404"),
    ]

    @Test("Fixed comes before parameter before rest, segment by segment", arguments: specificity)
    func specific(_ method: String, _ path: String, _ expected: String) throws {
        let policy = try Self.policy([
            "rest * /{rest...}",
            "two GET /{a}/{b}",
            "one GET /{a}",
            "deep GET /{a}/{b}/deep",
            "oneFixed GET /{a}/b",
            "fixedOne GET /a/{b}",
            "fixedTwo GET /a/b",
            "fixed GET /a",
            "tail GET /tail/{x...}",
            "tailFixed GET /tail/fixed",
        ])
        #expect(Self.answer(policy, method, path) == expected)
    }

    static let plain: [(String, String, String)] = [
        ("GET", "/offers", "read"),
        ("POST", "/offers", "write"),
        ("PUT", "/offers", "405 GET,HEAD,POST"),
        ("GET", "/offers/", "404"),
        ("GET", "/offers/1", "item 1"),
        ("DELETE", "/offers/1", "remove 1"),
        ("PATCH", "/offers/1", "405 GET,HEAD,DELETE"),
        ("GET", "/offers//", "404"),
        ("GET", "/offers/1/", "404"),
        ("GET", "/offer", "404"),
        ("GET", "/offerss", "404"),
        ("GET", "/caf%C3%A9", "encoded"),
        ("GET", "/caf%C3%A8", "404"),
        ("GET", "/", "404"),
        ("GET", "/slash/", "slash"),
        ("GET", "/slash", "404"),
    ]

    @Test("A path matches as its bytes are", arguments: plain)
    func exact(_ method: String, _ path: String, _ expected: String) throws {
        let policy = try Self.policy([
            "read GET /offers", "write POST /offers", "item GET /offers/{id:uuid}",
            "remove DELETE /offers/{number:int}", "encoded GET /caf%C3%A9", "slash GET /slash/",
        ])
        #expect(Self.answer(policy, method, path) == expected)
    }

    @Test func `eight parameters are found where they stand`() throws {
        let policy = try Self.policy(["r GET /{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h...}"])
        #expect(Self.answer(policy, "GET", "/1/2/3/4/5/6/7/8/9") == "r 1 2 3 4 5 6 7 8/9")
    }

    @Test func `a parameter tried in vain is forgotten`() throws {
        let policy = try Self.policy(["deep GET /{a}/{b}/{c}/x", "rest GET /{all...}"])
        #expect(Self.answer(policy, "GET", "/1/2/3/y") == "rest 1/2/3/y")
    }

    @Test func `a thousand routes are told apart`() throws {
        let lines = (0..<1_000).map { "r\($0) GET /v1/things\($0)/{id}/part\($0 % 7)" }
        let policy = try Self.policy(lines)
        for number in 0..<1_000 {
            let path = "/v1/things\(number)/x/part\(number % 7)"
            #expect(Self.answer(policy, "GET", path) == "r\(number) x")
        }
        #expect(Self.answer(policy, "GET", "/v1/things1000/x/part6") == "404")
    }

    @Test func `a long path costs no more than the policy is deep`() throws {
        let policy = try Self.policy(["a GET /{a}/{b}/x", "b GET /{a}/y/{c}"])
        let path = String(repeating: "/y", count: 20_000)
        #expect(Self.answer(policy, "GET", path) == "404")
    }

    /// The answer of the definition itself: of all templates that match, the best by segment kinds.
    private static func slowAnswer(_ lines: [String], _ path: String) -> String {
        let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        var best: (kinds: [Int], name: String)?
        for line in lines {
            let words = line.split(separator: " ")
            let parts = words[2].dropFirst().split(separator: "/", omittingEmptySubsequences: false)
            guard let kinds = kinds(of: parts, matching: segments) else { continue }
            if best.map({ kinds.lexicographicallyPrecedes($0.kinds) }) ?? true {
                best = (kinds, String(words[0]))
            }
        }
        return best?.name ?? "404"
    }

    /// 0 for fixed, 1 for a parameter, 2 for a rest; `nil` when the template does not match.
    private static func kinds(of parts: [Substring], matching path: [Substring]) -> [Int]? {
        var kinds: [Int] = []
        for (index, part) in parts.enumerated() {
            if part.hasSuffix("...}") { return path.count >= index ? kinds + [2] : nil }
            guard index < path.count else { return nil }
            if part.hasPrefix("{") {
                guard !path[index].isEmpty else { return nil }
                kinds.append(1)
            } else {
                guard part == path[index] else { return nil }
                kinds.append(0)
            }
        }
        return parts.count == path.count ? kinds : nil
    }

    @Test func `the trie answers as the definition does`() throws {
        let alphabet = ["a", "b", "{p}", "{q...}", ""]
        var lines: [String] = []
        for first in alphabet {
            for second in alphabet {
                for third in alphabet {
                    let parts = [first, second, third]
                    // A rest or an empty segment stands last.
                    let end = parts.firstIndex { $0.isEmpty || $0 == "{q...}" } ?? 2
                    let names = parts[...end].enumerated().map { index, part in
                        part == "{p}" ? "{p\(index)}" : part
                    }
                    let line = " GET /" + names.joined(separator: "/")
                    if !lines.contains(line) { lines.append(line) }
                }
            }
        }
        for stride in 1...7 {
            let kept = lines.enumerated().filter { $0.offset % stride == 0 }.map { offset, line in
                "r\(offset)\(line)"
            }
            let policy = try Self.policy(kept)
            let segments = ["a", "b", "c", ""]
            for first in segments {
                for second in segments + ["/"] {
                    for third in segments + ["/"] {
                        var path = "/\(first)"
                        if second != "/" { path += "/\(second)" }
                        if second != "/", third != "/" { path += "/\(third)" }
                        let found = Self.answer(policy, "GET", path).prefix { $0 != " " }
                        #expect(found == Self.slowAnswer(kept, path), "\(path) of every \(stride)")
                    }
                }
            }
        }
    }
}
