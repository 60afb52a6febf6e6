import Testing

@Suite("What a test line expects besides the outcome")
struct TestEvidenceTests {
    static let policy = """
        route told {
            match GET /told/{id:int}
            allow role a b
            event TOLD
        }
        route quiet {
            match GET /quiet
            allow role a
        }
        route open {
            match GET /open
            public
            event OPEN
        }
        route query {
            match GET /query
            allow any
            serve events
        }
        """

    /// A test line without its title, and what it fails with.
    static let cases: [(line: String, fault: String?)] = [
        ("/told/1 role a expect allow event TOLD", nil),
        ("/told/1 role c expect role-missing event TOLD", nil),
        ("/told/x role a expect 400 event TOLD", nil),
        ("/told/1 expect 401 event GATEWAY_REQUEST_REFUSED", nil),
        ("/nowhere expect 404 event GATEWAY_REQUEST_REFUSED", nil),
        (
            "/told/1 role a expect allow event TALE",
            "event `TALE`, came out `TOLD`, by route `told`"
        ),
        (
            "/told/1 expect 401 event TOLD",
            "event `TOLD`, came out `GATEWAY_REQUEST_REFUSED`, by route `told`"
        ),
        ("/told/1 role a expect allow event TOLD_START", nil),
        ("/told/1 role a expect allow event TOLD_SUCCESS", nil),
        ("/told/1 role c expect 403 event TOLD_FAIL", nil),
        (
            "/told/1 role c expect 403 event TOLD_SUCCESS",
            "event `TOLD_SUCCESS`, came out `TOLD`, by route `told`"
        ),
        ("/quiet role a expect allow event none", nil),
        ("/quiet role c expect 403 event GATEWAY_REQUEST_REFUSED", nil),
        (
            "/quiet role a expect allow event TOLD",
            "event `TOLD`, came out `none`, by route `quiet`"
        ),
        ("/open expect allow event OPEN", nil),
        (
            "/told/1 tenant acme role a b client c claim sub equals s expect allow "
                + "header X-Postern-Tenant acme header x-postern-client c "
                + "header X-Postern-Subject s header X-Postern-Roles a,b",
            nil
        ),
        ("/told/1 role a claim azp equals c expect allow header X-Postern-Client c", nil),
        (
            "/told/1 role a expect allow header X-Postern-Tenant acme",
            "header `X-Postern-Tenant: acme`, came out none, by route `told`"
        ),
        (
            "/told/1 role b a expect allow header X-Postern-Roles a,b",
            "header `X-Postern-Roles: a,b`, came out `b,a`, by route `told`"
        ),
        (
            "/told/1 tenant acme role c expect 403 header X-Postern-Tenant acme",
            "header `X-Postern-Tenant: acme`, came out none, by route `told`"
        ),
        (
            "/open tenant acme expect allow header X-Postern-Tenant acme",
            "header `X-Postern-Tenant: acme`, came out none, by route `open`"
        ),
        (
            "/query tenant acme role a expect allow header X-Postern-Tenant acme",
            "header `X-Postern-Tenant: acme`, came out none, by route `query`"
        ),
    ]

    @Test("events and headers are compared", arguments: cases)
    func evidence(_ line: String, _ fault: String?) {
        let text = PolicyText(
            policy: Self.policy + "\ntest \"t\" GET \(line)\n",
            tenants: [("acme", "")]
        )
        #expect(text.faults == (fault.map { ["20:1 test `t` failed: expected \($0)"] } ?? []))
    }

    @Test(
        "a query is held to its form where the route says nothing of it",
        arguments: [
            ("a=1&b=%C3%a4&c=/?:@!$'()*,;", nil), ("", nil), ("a=%", 400), ("a=%4", 400),
            ("a=%zz", 400), ("a=[1]", 400), ("a={", 400), ("a=<b>", 400), ("a=^", 400),
            ("a=b c", 400), ("a=\u{E4}", 400),
        ] as [(String, Int?)]
    )
    func queries(_ query: String, _ status: Int?) {
        let expected = status.map { "\($0)" } ?? "allow"
        let line = "\ntest \"t\" GET \"/quiet?\(query)\" role a expect \(expected)\n"
        #expect(PolicyText(policy: Self.policy + line).faults == [])
    }
}
