import COpenSSL
import Foundation
import Policy

@testable import Gateway

/// What must hold of any bytes that come as a token.
///
/// Nobody finds a signature by chance, so bytes of the form `!HEADER`, a line feed and `CLAIMS` stand
/// for the token that the issuer would have made of them, whatever they are.
struct TokenOracle: Sendable {
    private let signer: SigningKey
    private let tenant: TenantIdentity

    private static let made = Result { try TokenOracle() }

    static let now: Int64 = 1_700_000_000

    /// The one oracle.
    static func shared() throws -> TokenOracle { try made.get() }

    /// The key of RFC 8037 appendix A, so that seeds hold good tokens.
    private init() throws {
        let jwk = #"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo""#
        signer = try SigningKey.read(
            Array((jwk + #","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}"#).utf8)
        )
        var rules = TokenRules(issuer: "https://idp/", audiences: ["https://acme"])
        rules.rolesPath = ["roles"]
        tenant = TenantIdentity(
            index: 0,
            name: "acme",
            rules: CompiledTokenRules(rules),
            conditions: CompiledConditions([.role("admin"), .scope("read")]),
            rulesGeneration: 1,
            standing: KeyStanding(
                keys: try KeySet(Array("{\"keys\":[\(jwk)}]}".utf8)),
                source: .current
            )
        )
    }

    /// Checks one input.
    ///
    /// - Returns: What does not hold, or `nil`.
    func broken(_ bytes: [UInt8]) -> String? {
        let token = token(from: bytes)
        var validator = TokenValidator()
        let verdict = Self.verdict(&validator, token, tenant)
        var other = TokenValidator()
        guard Self.verdict(&other, token, tenant) == verdict else { return "two verdicts" }
        guard Self.verdict(&validator, token, tenant) == verdict else {
            return "it is remembered wrong"
        }
        guard ERR_peek_error() == 0 else { return "an error stays in OpenSSL's queue" }
        if let broken = brokenParts(token) { return broken }
        guard verdict.hasPrefix("valid") else { return nil }
        return brokenClaims(token)
    }

    /// The token that the input stands for.
    func token(from bytes: [UInt8]) -> [UInt8] {
        guard bytes.first == UInt8(ascii: "!"), let end = bytes.firstIndex(of: 0x0A) else {
            return bytes
        }
        var input: [UInt8] = []
        let (header, claims) = (Array(bytes[1..<end]), Array(bytes[(end + 1)...]))
        Base64URL.encode(header.span, appendingTo: &input)
        input.append(UInt8(ascii: "."))
        Base64URL.encode(claims.span, appendingTo: &input)
        let signature = (try? signer.sign(input, .edDSA)) ?? []
        input.append(UInt8(ascii: "."))
        Base64URL.encode(signature.span, appendingTo: &input)
        return input
    }

    private static func verdict(
        _ validator: inout TokenValidator,
        _ token: [UInt8],
        _ tenant: TenantIdentity
    ) -> String {
        switch validator.validate(token.span, tenant: tenant, hasWaited: true, now: now) {
        case .valid(let principal):
            "valid \(principal.subject) \(principal.client) \(principal.roles) \(principal.tokenID)"
        case .refused(let refusal), .wantsKeys(let refusal): "\(refusal)"
        case .opaque: "opaque"
        }
    }

    /// A part that is decoded is written in one way only.
    private func brokenParts(_ token: [UInt8]) -> String? {
        guard let parts = try? CompactToken(token.span, bytesMax: 8_192) else { return nil }
        guard parts.header.upperBound + 1 == parts.claims.lowerBound,
            parts.claims.upperBound + 1 == parts.signature.lowerBound,
            parts.signature.upperBound == token.count,
            parts.signingInput == 0..<parts.claims.upperBound
        else { return "the parts do not make up the token" }
        for range in [parts.header, parts.claims, parts.signature] {
            let text = Array(token[range])
            guard let bytes = Base64URL.decode(text.span) else { continue }
            guard Base64URL.encode(bytes).utf8.elementsEqual(text) else {
                return "base64url that is not canonical"
            }
        }
        return nil
    }

    /// Whoever reads a valid token with Foundation finds the same in it.
    private func brokenClaims(_ token: [UInt8]) -> String? {
        let parts = token.split(separator: UInt8(ascii: "."))
        let texts = parts.compactMap { Base64URL.decode($0.span) }
        guard texts.count == 3, let header = Self.object(texts[0]) else { return "no header" }
        guard header["alg"] as? String == "EdDSA", header["crit"] == nil, header["b64"] == nil
        else {
            return "the header is not one that is accepted"
        }
        let type = (header["typ"] as? String)?.lowercased() ?? "absent"
        let types = ["at+jwt", "jwt", "application/at+jwt", "application/jwt", "absent"]
        guard types.contains(type) else { return "the type is another" }
        // Foundation has no number for 1e400, which an access token may hold.
        guard let claims = Self.object(texts[1]) else { return nil }
        guard claims["iss"] as? String == "https://idp/" else { return "another issuer" }
        let audiences = claims["aud"] as? [String] ?? [claims["aud"] as? String ?? ""]
        guard audiences.contains("https://acme") else { return "another audience" }
        guard let expiry = (claims["exp"] as? NSNumber)?.doubleValue,
            expiry > Double(Self.now - 30), expiry <= Double(Self.now + 86_400 + 90)
        else { return "the time is over, or too long" }
        for name in ["nbf", "iat"] where claims[name] != nil {
            guard let date = (claims[name] as? NSNumber)?.doubleValue, date <= Double(Self.now + 30)
            else { return "the time has not come" }
        }
        return nil
    }

    private static func object(_ text: [UInt8]) -> [String: Any]? {
        (try? JSONSerialization.jsonObject(with: Data(text))) as? [String: Any]
    }
}
