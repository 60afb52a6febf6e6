import COpenSSL
import Policy
import Testing

@testable import Gateway

/// The examples of RFC 7515 appendix A, RFC 7520 section 4, RFC 8037 appendix A and RFC 8032
/// section 7.4.
@Suite("Signature vectors")
struct SignatureVectorTests {
    struct Vector: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let jwk: String
        let algorithm: SignatureAlgorithm
        let input: String
        let signature: String
    }

    static let claims =
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"

    static let rsaPublic = """
        "kty":"RSA","e":"AQAB","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp\
        -Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7\
        OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qC\
        o5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXp\
        oQ"
        """

    static let rsaPrivate = """
        "d":"Eq5xpGnNCivDflJsRQBXHx1hdR1k6Ulwe2JZD50LpXyWPEAeP88vLNO97IjlA7_GQ5sLKMgvfTeXZx9SE-7YwVo\
        l2NXOoAJe46sui395IW_GO-pWJ1O0BkTGoVEn2bKVRUCgu-GjBVaYLU6f3l9kJfFNS3E0QbVdxzubSu3Mkqzjkn439X0\
        M_V51gfpRLI9JYanrC4D4qAdGcopV_0ZHHzQlBjudU2QvXt4ehNYTCBr6XCLQUShb1juUO1ZdiYoFaFQT5Tw8bGUl_x_\
        jTj3ccPDVZFD9pIuhLhBOneufuBiB4cS98l2SR_RQyGWSeWjnczT0QU91p1DhOVRuOopznQ",\
        "p":"4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH_5IB3jw3bcxGn6QLvnEtfdUdiYrqBdss1l58BQ3KhooKeQTa9AB0Hw\
        _Py5PJdTJNPY8cQn7ouZ2KKDcmnPGBY5t7yLc1QlQ5xHdwW1VhvKn-nXqhJTBgIPgtldC-KDV5z-y2XDwGUc",\
        "q":"uQPEfgmVtjL0Uyyx88GZFF1fOunH3-7cepKmtH4pxhtCoHqpWmT8YAmZxaewHgHAjLYsp1ZSe7zFYHj7C6ul7Tj\
        eLQeZD_YwD66t62wDmpe_HlB-TnBA-njbglfIsRLtXlnDzQkv5dTltRJ11BKBBypeeF6689rjcJIDEz9RWdc",\
        "dp":"BwKfV3Akq5_MFZDFZCnW-wzl-CCo83WoZvnLQwCTeDv8uzluRSnm71I3QCLdhrqE2e9YkxvuxdBfpT_PI7Yz-F\
        OKnu1R6HsJeDCjn12Sk3vmAktV2zb34MCdy7cpdTh_YVr7tss2u6vneTwrA86rZtu5Mbr1C1XsmvkxHQAdYo0",\
        "dq":"h_96-mK1R_7glhsum81dZxjTnYynPbZpHziZjeeHcXYsXaaMwkOlODsWa7I9xXDoRwbKgB719rrmI2oKr6N3Do\
        9U0ajaHF-NKJnwgjMd2w9cjz3_-kyNlxAr2v4IKhGNpmM5iIgOS1VZnOZ68m6_pbLBSp3nssTdlqvd0tIiTHU",\
        "qi":"IYd7DHOhrWvxkwPQsRM2tOgrjbcrfvtQJipd-DlcxyVuuM9sQLdgjVk2oy26F0EmpScGLq2MowX7fhd_QJQ3yd\
        y5cY7YIBi87w93IKLEdfnbJtoOPLUW0ITrJReOgo1cq9SbsxYawBgfp_gh6A5603k2-ZQwVK0JKSHuLFkuQ3U"
        """

    static let vectors = [
        Vector(
            testDescription: "RFC 7515 A.2, RS256",
            jwk: "{\(rsaPublic)}",
            algorithm: .rs256,
            input: "eyJhbGciOiJSUzI1NiJ9.\(claims)",
            signature: """
                cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5Y\
                Kt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6x\
                BArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6\
                BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_I\
                oypGlUPQGe77Rw
                """
        ),
        Vector(
            testDescription: "RFC 7515 A.3, ES256",
            jwk: """
                {"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",\
                "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}
                """,
            algorithm: .es256,
            input: "eyJhbGciOiJFUzI1NiJ9.\(claims)",
            signature: """
                DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6\
                NU1Q
                """
        ),
        Vector(
            testDescription: "RFC 7515 A.4, ES512",
            jwk: """
                {"kty":"EC","crv":"P-521","x":"AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EO\
                nYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk","y":"ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg\
                _l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2"}
                """,
            algorithm: .es512,
            input: "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA",
            signature: """
                AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0a\
                w_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXu\
                kOXolLzeO_Jn
                """
        ),
        Vector(
            testDescription: "RFC 8037 A.4, Ed25519",
            jwk: """
                {"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
                """,
            algorithm: .edDSA,
            input: "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
            signature: """
                hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM\
                0KAg
                """
        ),
    ]

    @Test(
        "the examples verify, and nothing near them does",
        arguments: vectors + CookbookVectors.all
    )
    func verify(_ vector: Vector) throws {
        let key = try #require(KeySet(Array("{\"keys\":[\(vector.jwk)]}".utf8)).keys.first)
        let signature = try #require(IdentityScene.decode(vector.signature))
        let input = Array(vector.input.utf8)
        var verifier = SignatureVerifier()
        func isGood(_ signature: [UInt8], _ input: [UInt8]) -> Bool {
            let isGood = verifier.verify(
                signature.span,
                over: input.span,
                key: key,
                algorithm: vector.algorithm
            )
            #expect(ERR_peek_error() == 0)
            return isGood
        }
        #expect(isGood(signature, input))
        #expect(!isGood(signature, input + [0x41]))
        #expect(!isGood(signature.dropLast(), input))
        #expect(!isGood(signature + [0], input))
        #expect(!isGood([], input))
        #expect(!isGood([0] + signature.dropLast(), input))
        for index in stride(from: 0, to: signature.count, by: 7) {
            var changed = signature
            changed[index] ^= 1
            #expect(!isGood(changed, input))
        }
        #expect(isGood(signature, input))
    }

    @Test("Ed448 verifies as RFC 8032 says", arguments: EdwardsVectors.all)
    func ed448(_ vector: EdwardsVectors.Vector) throws {
        #expect(try Self.isGood(vector))
        #expect(try !Self.isGood(vector, message: Self.bytes(vector.message) + [0]))
    }

    @Test func `a signature made with a context is none in JWS`() throws {
        #expect(try !Self.isGood(EdwardsVectors.withContext))
    }

    private static func isGood(
        _ vector: EdwardsVectors.Vector,
        message: [UInt8]? = nil
    ) throws -> Bool {
        let x = Base64URL.encode(bytes(vector.key))
        let jwk = #"{"keys":[{"kty":"OKP","crv":"Ed448","x":"\#(x)"}]}"#
        let key = try #require(KeySet(Array(jwk.utf8)).keys.first)
        let signature = bytes(vector.signature)
        let message = message ?? bytes(vector.message)
        var verifier = SignatureVerifier()
        return verifier.verify(
            signature.span,
            over: message.span,
            key: key,
            algorithm: .edDSA
        )
    }

    /// What pairs of hexadecimal digits stand for.
    static func bytes(_ text: String) -> [UInt8] {
        let digits = text.utf8.map { UInt8($0 < 0x3A ? $0 - 0x30 : ($0 | 0x20) - 0x57) }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    static let symmetric: [(String, String)] = [
        (
            "RFC 7515 A.1, HS256",
            "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.\(claims)"
                + ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        ),
        ("RFC 7515 A.5, none", "eyJhbGciOiJub25lIn0.\(claims)."),
        ("RFC 7520 section 4.4, HS256", CookbookVectors.symmetric),
    ]

    @Test("what anybody could have made is refused by its algorithm", arguments: symmetric)
    func refused(_ name: String, _ token: String) throws {
        let secret =
            #"{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75"#
            + #"aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}"#
        let keys = try KeySet(Array("{\"keys\":[\(secret),\(Self.vectors[0].jwk)]}".utf8))
        #expect(keys.keys.count == 1)
        var validator = TokenValidator()
        let tenant = try IdentityScene().tenant(keys: keys)
        #expect(validator.refusal(Array(token.utf8), tenant) == .algorithm)
    }

    @Test func `a private JWK signs as RFC 7515 A.2 does`() throws {
        let jwk = "{\(Self.rsaPublic),\(Self.rsaPrivate)}"
        let key = try SigningKey.read(Array(jwk.utf8))
        let signature = try key.sign(Array(Self.vectors[0].input.utf8), .rs256)
        #expect(Base64URL.encode(signature) == Self.vectors[0].signature)
    }

    @Test func `a private JWK signs as RFC 8037 A.4 does`() throws {
        let jwk =
            Self.vectors[3].jwk.dropLast() + #","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}"#
        let key = try SigningKey.read(Array(jwk.utf8))
        let signature = try key.sign(Array(Self.vectors[3].input.utf8), .edDSA)
        #expect(Base64URL.encode(signature) == Self.vectors[3].signature)
    }
}
