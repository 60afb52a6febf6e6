import COpenSSL
import Policy
import Testing

@testable import Gateway

@Suite("Signing key")
struct SigningKeyTests {
    static let choices: [SigningKey.Choice] =
        [.rsa2048] + KeyCurve.allCases.map { .curve($0) }

    @Test("a key comes back from PEM and its public half verifies", arguments: choices)
    func pem(_ choice: SigningKey.Choice) throws {
        let key = try SigningKey.generate(choice)
        let copy = try SigningKey.read(Array(key.privatePEM().utf8))
        #expect(copy.kind == key.kind)
        let set = try IdentityScene.keySet([key])
        let input = Array("x".utf8)
        let signature = try copy.sign(input, copy.algorithm)
        var verifier = SignatureVerifier()
        let isGood = verifier.verify(
            signature.span,
            over: input.span,
            key: set.keys[0],
            algorithm: copy.algorithm
        )
        #expect(isGood)
        #expect(ERR_peek_error() == 0)
    }

    static let refused = [
        "", "nothing", "{}", #"{"kty":"oct","k":"AA"}"#, #"{"kty":"RSA"}"#,
        "{\(SignatureVectorTests.rsaPublic)}",
        #"{\#(SignatureVectorTests.vectors[3].jwk.dropFirst().dropLast()),"d":"AAAA"}"#,
    ]

    @Test("what is no private key is refused", arguments: refused)
    func refuses(_ text: String) {
        #expect(throws: KeyFailure.self) { _ = try SigningKey.read(Array(text.utf8)) }
        #expect(ERR_peek_error() == 0)
    }

    @Test func `the header asked for replaces what the signer would write`() throws {
        let key = try SigningKey.generate(.rsa2048, keyID: "k")
        let signer = TokenSigner(key)
        func header(_ asked: String) throws -> String {
            let token = try signer.sign(claims: "{}", header: asked)
            let part = token.prefix { $0 != "." }
            return String(decoding: IdentityScene.decode(String(part)) ?? [], as: UTF8.self)
        }
        #expect(try header("{}") == #"{"alg":"RS256","typ":"at+jwt","kid":"k"}"#)
        #expect(
            try header(#"{"alg":"PS512","kid":"z","typ":"JWT","a":[1]}"#)
                == #"{"alg":"PS512","kid":"z","typ":"JWT","a":[1]}"#
        )
        for bad in ["[]", "x", #"{"alg":"ES256"}"#, #"{"alg":"none"}"#, #"{"alg":"HS256"}"#] {
            #expect(throws: KeyFailure.self) { _ = try header(bad) }
        }
        #expect(throws: KeyFailure.notAnObject("claims")) { _ = try signer.sign(claims: "[]") }
    }

    @Test func `a private elliptic-curve JWK is read`() throws {
        let vector = SignatureVectorTests.vectors[1]
        let jwk =
            vector.jwk.dropLast()
            + #","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI","kid":"q"}"#
        let key = try SigningKey.read(Array(jwk.utf8))
        #expect(key.keyID == "q")
        let input = Array("x".utf8)
        let signature = try key.sign(input, .es256)
        var verifier = SignatureVerifier()
        let isGood = verifier.verify(
            signature.span,
            over: input.span,
            key: try KeySet(Array("{\"keys\":[\(vector.jwk)]}".utf8)).keys[0],
            algorithm: .es256
        )
        #expect(isGood)
    }
}
