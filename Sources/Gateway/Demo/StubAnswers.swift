import FoundationEssentials

/// What the stub issuer answers to each call.
enum StubAnswers {
    private static let offers = "/v1/openid/offers/pre-authorized"
    private static let noStore = [(name: "Cache-Control", value: "no-store")]

    /// The answer to one request.
    static func answer(_ request: CompleteRequest) -> CompleteAnswer {
        let id = request.path.dropFirst(offers.count)
        if request.method == "DELETE", request.path.hasPrefix(offers + "/"), id.count > 1 {
            return CompleteAnswer(204)
        }
        if request.method == "GET", request.path.hasPrefix("/v1/openid/offers/") {
            return CompleteAnswer(200, json: offerObject(request), fields: noStore)
        }
        switch (request.method == "HEAD" ? "GET" : request.method, request.path) {
        case ("POST", offers): return preAuthorizedOffer(request)
        case ("POST", "/v1/openid/offers"): return offer(request)
        case ("GET", "/v1/oauth/authorize"): return authorize(request)
        case ("POST", "/v1/oauth/par"): return pushed()
        case ("POST", "/v1/oauth/token"): return token()
        case ("POST", "/v1/openid/nonce"):
            return CompleteAnswer(200, json: .object([("c_nonce", fresh())]), fields: noStore)
        case ("POST", "/v1/openid/credential"), ("POST", "/v1/openid/deferred-credential"):
            return credential()
        case ("POST", "/v1/openid/notification"): return CompleteAnswer(204)
        case ("GET", "/.well-known/openid-credential-issuer"): return issuerMetadata(request)
        case ("GET", "/.well-known/oauth-authorization-server"): return serverMetadata(request)
        default: return failure(404, "not_found", "the stub issuer has no such call")
        }
    }

    private static func preAuthorizedOffer(_ request: CompleteRequest) -> CompleteAnswer {
        guard request.body.first == UInt8(ascii: "{") else {
            return failure(400, "BadRequest", "the body is no JSON object")
        }
        let expiry = Date(timeIntervalSinceNow: 600).formatted(.iso8601)
        return CompleteAnswer(
            200,
            json: .object([
                ("id", fresh()), ("userId", fresh()), ("uri", offerURI(request)),
                ("expiresAt", .string(expiry)),
                ("transactionCode", .string(String(Int.random(in: 100_000...999_999)))),
            ]),
            fields: noStore
        )
    }

    private static func offer(_ request: CompleteRequest) -> CompleteAnswer {
        CompleteAnswer(200, json: .object([("uri", offerURI(request))]), fields: noStore)
    }

    /// The user's browser goes back to the wallet with a code, as if the user had logged in.
    private static func authorize(_ request: CompleteRequest) -> CompleteAnswer {
        guard let target = parameter("redirect_uri", of: request.query) else {
            return oauthFailure("invalid_request", "redirect_uri is missing")
        }
        var location = target + (target.contains("?") ? "&" : "?") + "code=" + random()
        if let state = parameter("state", of: request.query, decoded: false) {
            location += "&state=" + state
        }
        return CompleteAnswer(302, fields: [("Location", location)] + noStore)
    }

    private static func pushed() -> CompleteAnswer {
        let name = "urn:ietf:params:oauth:request_uri:" + random()
        return CompleteAnswer(
            201,
            json: .object([("request_uri", .string(name)), ("expires_in", .number(60))]),
            fields: noStore
        )
    }

    private static func token() -> CompleteAnswer {
        CompleteAnswer(
            200,
            json: .object([
                ("access_token", fresh()), ("token_type", .string("Bearer")),
                ("expires_in", .number(3_600)), ("c_nonce", fresh()),
            ]),
            fields: noStore
        )
    }

    private static func credential() -> CompleteAnswer {
        let made = JSONText.object([("credential", fresh())])
        return CompleteAnswer(
            200,
            json: .object([("credentials", .array([made]))]),
            fields: noStore
        )
    }

    private static func issuerMetadata(_ request: CompleteRequest) -> CompleteAnswer {
        let issuer = origin(request)
        let kinds = JSONText.object([
            (
                "EmployeeBadge",
                .object([
                    ("format", .string("dc+sd-jwt")), ("vct", .string(issuer + "/badge")),
                    ("scope", .string("employee_badge")),
                ])
            )
        ])
        return CompleteAnswer(
            200,
            json: .object([
                ("credential_issuer", .string(issuer)),
                ("credential_endpoint", .string(issuer + "/v1/openid/credential")),
                ("nonce_endpoint", .string(issuer + "/v1/openid/nonce")),
                ("credential_configurations_supported", kinds),
            ])
        )
    }

    private static func serverMetadata(_ request: CompleteRequest) -> CompleteAnswer {
        let issuer = origin(request)
        return CompleteAnswer(
            200,
            json: .object([
                ("issuer", .string(issuer)),
                ("authorization_endpoint", .string(issuer + "/v1/oauth/authorize")),
                ("token_endpoint", .string(issuer + "/v1/oauth/token")),
                ("response_types_supported", .array([.string("code")])),
                ("code_challenge_methods_supported", .array([.string("S256")])),
            ])
        )
    }
}

extension StubAnswers {
    private static func failure(_ status: Int, _ code: String, _ message: String) -> CompleteAnswer
    {
        CompleteAnswer(
            status,
            json: .object([
                ("code", .string(code)), ("message", .string(message)), ("details", .array([])),
            ])
        )
    }

    private static func oauthFailure(_ error: String, _ description: String) -> CompleteAnswer {
        CompleteAnswer(
            400,
            json: .object([
                ("error", .string(error)), ("error_description", .string(description)),
            ]),
            fields: noStore
        )
    }

    private static func offerURI(_ request: CompleteRequest) -> JSONText {
        let offer = encode(offerObject(request).text)
        return .string("openid-credential-offer://?credential_offer=" + offer)
    }

    /// A credential offer, OpenID4VCI section 4.1.1.
    private static func offerObject(_ request: CompleteRequest) -> JSONText {
        let grant = JSONText.object([
            (
                "urn:ietf:params:oauth:grant-type:pre-authorized_code",
                .object([("pre-authorized_code", fresh()), ("tx_code", .object([]))])
            )
        ])
        return .object([
            ("credential_issuer", .string(origin(request))),
            ("credential_configuration_ids", .array([.string("EmployeeBadge")])),
            ("grants", grant),
        ])
    }

    /// Where the caller believes the issuer to be.
    private static func origin(_ request: CompleteRequest) -> String {
        let host = request.onlyValue(of: "host") ?? "localhost"
        return (request.onlyValue(of: "x-forwarded-proto") ?? "http") + "://" + host
    }

    private static func random() -> String {
        UUID().uuidString.lowercased()
    }

    private static func fresh() -> JSONText { .string(random()) }

    private static func parameter(
        _ name: String,
        of query: String,
        decoded: Bool = true
    ) -> String? {
        for pair in query.split(separator: "&") where pair.hasPrefix(name + "=") {
            let value = String(pair.dropFirst(name.count + 1))
            return decoded ? decode(value) : value
        }
        return nil
    }

    private static func decode(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        // What would end the field line and begin another is no part of an address.
        return String(decoding: bytes.filter { $0 > 0x20 && $0 != 0x7F }, as: UTF8.self)
    }

    private static func encode(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain =
                byte >= 0x30 && byte <= 0x39 || byte >= 0x41 && byte <= 0x5A
                || byte >= 0x61 && byte <= 0x7A || byte == 0x2D || byte == 0x2E || byte == 0x5F
            if isPlain { return String(UnicodeScalar(byte)) }
            return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
        .joined()
    }
}
