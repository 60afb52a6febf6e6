import Testing

@Suite("Queries", .scene(SchemaPolicy.settings))
struct QueryTests {
    static let cases: [(target: String, faults: [String])] = [
        ("/search?limit=10", []), ("/search?limit=1%30&x=1&x=2", []), ("/search?&limit=1&", []),
        ("/search", ["limit  query"]), ("/search?", ["limit  query"]),
        ("/search?limit=0", ["limit 0 query"]), ("/search?limit=1&limit=1", ["limit  query"]),
        ("/search?limit=+1", ["limit  1 query"]), ("/search?l%69mit=2", []),
        ("/search?limit=%FF", ["limit \u{FFFD} query"]),
        ("/search?limit=1&page=x&code=s3cret", ["page x query", "code  query"]),
        ("/search?limit=1%", ["query  query"]), ("/search?limit=1%zz", ["query  query"]),
        ("/open/x?limit=1&limit=2", []),
    ]

    @Test("A query is as its route says, and every fault is named", arguments: cases)
    func query(_ target: String, _ faults: [String]) throws {
        let scene = try GatewayScene.here()
        let response = try scene.exchange(Request("GET", target).with("X-Mark", target))
        #expect(response.status == (faults.isEmpty ? 200 : 400), "\(response.text)")
        if !faults.isEmpty {
            #expect(response.code == "invalid-request")
            #expect(Details.short(response) == faults)
        }
        let isThere = scene.upstream.arrivals.contains { $0.head["X-Mark"] == target }
        #expect(isThere == faults.isEmpty)
    }

    @Test(
        "OAuth wants no parameter twice, and its answer names what the policy names",
        arguments: [
            ("/authorize?client_id=a&x=1", 200, ""),
            ("/authorize?x=1", 400, "query parameter client_id"),
            ("/authorize?client_id=a&client_id=a", 400, "query parameter client_id"),
            ("/authorize?client_id=a&s3cret=1&s3cret=2", 400, "that nobody declared"),
        ]
    )
    func oauth(_ target: String, _ status: Int, _ words: String) throws {
        let response = try GatewayScene.here().exchange(Request("GET", target))
        #expect(response.status == status)
        guard status == 400 else { return }
        #expect(response.json?["error"]?.string == "invalid_request")
        let description = response.json?["error_description"]?.string ?? ""
        #expect(description.hasSuffix(words), "\(description)")
        #expect(!response.text.contains("s3cret"))
    }
}

/// The `details` of a refusal.
enum Details {
    /// `PARAM VALUE LOCATION` of each.
    static func short(_ response: Response) -> [String] {
        let details = response.json?["details"]?.array ?? []
        return details.map { detail in
            ["param", "value", "location"].map { detail[$0]?.string ?? "?" }.joined(separator: " ")
        }
    }
}
