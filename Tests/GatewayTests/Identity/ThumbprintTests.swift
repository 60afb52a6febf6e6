import Policy
import Testing

@testable import Gateway

@Suite("Thumbprint")
struct ThumbprintTests {
    /// RFC 7638 section 3.1, RFC 8037 appendix A.3, RFC 9449 section 7.1.
    static let vectors: [(jwk: String, thumbprint: String)] = [
        (
            """
            {"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK\
            7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf\
            0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD\
            08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awap\
            JzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}
            """, "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
        ),
        (
            #"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
            "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
        ),
        (
            """
            {"kty":"EC","x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",\
            "y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA","crv":"P-256"}
            """, "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"
        ),
    ]

    @Test("the thumbprints of the RFCs are found", arguments: vectors)
    func published(_ vector: (jwk: String, thumbprint: String)) throws {
        let document = try JSONDocument(Array(vector.jwk.utf8))
        let jwk = try JWK(document.root, in: document)
        let thumbprint = try #require(jwk.material.thumbprint)
        #expect(thumbprint.text == vector.thumbprint)
        #expect(Self.read(vector.thumbprint) == thumbprint)
    }

    @Test func `digests that differ in one bit are not the same`() throws {
        let digest = [UInt8](repeating: 7, count: 32)
        let made = Thumbprint(digest: digest.span)
        let thumbprint = try #require(made)
        #expect(thumbprint.bytes == digest)
        for index in digest.indices {
            var other = digest
            other[index] ^= 0x10
            let changed = Thumbprint(digest: other.span)
            #expect(changed != thumbprint)
        }
    }

    @Test(
        "other text is no thumbprint",
        arguments: [
            "", "x", "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4",
            "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I=",
            "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4J",
            "0ZcOCORZNYy+DWpqq30jZyJGHTN0d2HglBV3uiguA4I",
        ]
    )
    func refused(_ text: String) {
        #expect(Self.read(text) == nil)
    }

    private static func read(_ text: String) -> Thumbprint? {
        let text = Array(text.utf8)
        return Thumbprint(base64URL: text.span)
    }
}
