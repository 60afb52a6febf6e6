import COpenSSL
import Policy
import Testing

@testable import Gateway

@Suite("Key set")
struct KeySetTests {
    static let rsa = SignatureVectorTests.rsaPublic
    static let ec = SignatureVectorTests.vectors[1].jwk.dropFirst().dropLast()
    static let ed = SignatureVectorTests.vectors[3].jwk.dropFirst().dropLast()

    static func read(_ keys: String...) throws(KeyFailure) -> KeySet {
        try KeySet(Array("{\"keys\":[\(keys.joined(separator: ","))]}".utf8))
    }

    static let used: [String] = [
        "{\(rsa)}", "{\(ec)}", "{\(ed)}", #"{\#(rsa),"use":"sig"}"#, #"{\#(rsa),"alg":"PS384"}"#,
        #"{\#(rsa),"key_ops":["encrypt","verify"]}"#, #"{\#(ec),"alg":"ES256","x5c":["x"]}"#,
        #"{\#(ed),"alg":"EdDSA","kid":""}"#,
    ]

    @Test("a key that may verify signatures is used", arguments: used)
    func uses(_ key: String) throws {
        let set = try Self.read(key)
        #expect(set.keys.count == 1)
        #expect(set.problems.isEmpty)
    }

    static let skipped: [(String, JWK.Problem)] = [
        ("7", .notAnObject), ("{}", .missing("kty")), (#"{"kty":7}"#, .notAString("kty")),
        (#"{"kty":"oct","k":"AAAA"}"#, .symmetric), (#"{"kty":"X"}"#, .unknownType),
        (#"{"kty":"EC"}"#, .missing("crv")), (#"{"kty":"EC","crv":"secp256k1"}"#, .unknownType),
        (#"{"kty":"OKP","crv":"X25519","x":"AA"}"#, .unknownType),
        (#"{"kty":"EC","crv":"Ed25519","x":"AA"}"#, .unknownType),
        (#"{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}"#, .notAPoint),
        (#"{"kty":"OKP","crv":"Ed25519","x":"AA"}"#, .notAPoint),
        (#"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#, .rsaSize(17)), (#"{"kty":"RSA"}"#, .missing("n")),
        (#"{"kty":"RSA","n":"AQAB=","e":"AQAB"}"#, .notBase64URL("n")),
        (#"{\#(rsa),"use":"enc"}"#, .otherUse), (#"{\#(rsa),"key_ops":["sign"]}"#, .otherUse),
        (#"{\#(rsa),"key_ops":"verify"}"#, .badOperations),
        (#"{\#(rsa),"key_ops":["verify","verify"]}"#, .badOperations),
        (#"{\#(rsa),"key_ops":["verify",7]}"#, .badOperations),
        (#"{\#(rsa),"key_ops":[]}"#, .otherUse),
        (#"{\#(rsa),"use":"sig","key_ops":["verify","encrypt"]}"#, .badOperations),
        (#"{\#(rsa),"use":7}"#, .notAString("use")),
        (#"{\#(rsa),"alg":7}"#, .otherAlgorithm), (#"{\#(rsa),"alg":"none"}"#, .otherAlgorithm),
        (#"{\#(rsa),"alg":"HS256"}"#, .otherAlgorithm),
        (#"{\#(rsa),"alg":"ES256"}"#, .otherAlgorithm),
        (#"{\#(ec),"alg":"ES384"}"#, .otherAlgorithm),
        (#"{\#(ec),"alg":"RS256"}"#, .otherAlgorithm),
        (#"{\#(ed),"alg":"ES256"}"#, .otherAlgorithm),
        (#"{\#(rsa),"kid":7}"#, .notAString("kid")),
        (rsa.replacingExponent("AQ"), .badRSA), (rsa.replacingExponent("AQAA"), .badRSA),
        (rsa.replacingExponent("AQAAAAAAAAAB"), .badRSA), (rsa.replacingExponent("AA"), .badRSA),
        (rsa.replacingExponent("AAEAAQ"), .notMinimal("e")),
        (rsa.replacingExponent(""), .notBase64URL("e")),
    ]

    @Test("a key that is not for us is left out and said why", arguments: skipped)
    func skips(_ key: String, _ problem: JWK.Problem) throws {
        let set = try Self.read(key, "{\(Self.ec)}")
        #expect(set.keys.count == 1)
        #expect(set.problems.count == 1)
        #expect(set.problems.first?.hasSuffix(problem.words) == true, "\(set.problems)")
        #expect(set.problems.first?.hasPrefix("key 1") == true)
    }

    @Test func `a point that is not on the curve is left out`() throws {
        let x = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
        let bad = "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"\(x)\",\"y\":\"\(x)\"}"
        let set = try Self.read(bad, "{\(Self.ed)}")
        #expect(set.keys.count == 1)
        #expect(set.problems == ["key 1 is not a sound point on its curve"])
        #expect(ERR_peek_error() == 0)
    }

    @Test func `a key that is published with its private part is not used, and reported`() throws {
        let exposed = "{\(Self.rsa),\(SignatureVectorTests.rsaPrivate),\"kid\":\"a\"}"
        let set = try Self.read(exposed, "{\(Self.ec)}")
        #expect(set.keys.map(\.kind) == [.curve(.p256)])
        #expect(set.problems == ["key 1 `a` \(JWK.Problem.privatePart.words)"])
        #expect(set.exposed.count == 1)
    }

    @Test func `nor is another entry of the same key, before it or after`() throws {
        let exposed = "{\(Self.rsa),\(SignatureVectorTests.rsaPrivate),\"kid\":\"a\"}"
        let plain = "{\(Self.rsa),\"kid\":\"b\"}"
        for keys in [[exposed, plain], [plain, exposed]] {
            let set = try KeySet(reading: Array("{\"keys\":[\(keys.joined(separator: ","))]}".utf8))
            #expect(set.keys.isEmpty)
            #expect(set.problems.count == 2)
            #expect(set.problems.allSatisfy { $0.hasSuffix(JWK.Problem.privatePart.words) })
        }
    }

    @Test func `keys of the same name are all kept, and reported`() throws {
        let set = try Self.read("{\(Self.ec),\"kid\":\"a\"}", "{\(Self.ed),\"kid\":\"a\"}")
        #expect(set.keys.count == 2)
        #expect(set.problems == ["key 2 `a` has the `kid` of another key; each is tried"])
    }

    @Test func `a key that stands there twice is there once`() throws {
        let key = "{\(Self.ec),\"kid\":\"a\"}"
        let set = try Self.read(key, key)
        #expect(set.keys.count == 1)
        #expect(set.problems == ["key 2 `a` is there twice"])
    }

    @Test func `a key with two names and one algorithm has both names`() throws {
        let set = try Self.read("{\(Self.ec),\"kid\":\"a\"}", "{\(Self.ec),\"kid\":\"b\"}")
        #expect(set.keys.count == 2)
        #expect(set.problems.isEmpty)
    }

    @Test func `a key with two algorithms has the first only`() throws {
        let set = try Self.read(
            "{\(Self.rsa),\"kid\":\"a\",\"alg\":\"RS256\"}",
            "{\(Self.rsa),\"kid\":\"b\",\"alg\":\"PS256\"}"
        )
        #expect(set.keys.map(\.algorithm) == [.rs256])
        #expect(set.problems == ["key 2 `b` is the key of another with another `alg`"])
    }

    @Test("a key with an algorithm verifies that one only", arguments: SignatureAlgorithm.allCases)
    func pinned(_ algorithm: SignatureAlgorithm) throws {
        let key = try SigningKey.generate(SignatureVerifierTests.choice(for: algorithm))
        let jwk = try key.publicJWK().replacing(key.algorithm.rawValue, with: algorithm.rawValue)
        let set = try Self.read(jwk)
        let found = try #require(set.keys.first)
        for other in SignatureAlgorithm.allCases {
            #expect(found.fits(other) == (other == algorithm), "\(other)")
        }
    }

    @Test func `no message holds what a key is made of`() throws {
        let texts = [
            "{\(Self.rsa),\(SignatureVectorTests.rsaPrivate)}", #"{"kty":"oct","k":"c2VjcmV0"}"#,
            #"{"kty":"EC","crv":"P-256","x":"c2VjcmV0","y":"c2VjcmV0"}"#,
            #"{"kty":"RSA","n":"c2VjcmV0=","e":"AQAB"}"#,
        ]
        let set = try KeySet(reading: Array("{\"keys\":[\(texts.joined(separator: ","))]}".utf8))
        #expect(set.problems.count == 4)
        for problem in set.problems {
            #expect(!problem.contains("c2VjcmV0") && !problem.contains("Eq5xpGnNCiv"), "\(problem)")
        }
    }

    @Test func `a name that is no harmless text is not shown`() throws {
        let names = [#"a\u0000b"#, #"a b"#, "`", String(repeating: "a", count: 65), #"\u00e9"#]
        let keys = names.map { #"{"kty":"oct","kid":"\#($0)"}"# }
        let set = try KeySet(reading: Array("{\"keys\":[\(keys.joined(separator: ","))]}".utf8))
        let wanted = (1...5).map { "key \($0) \(JWK.Problem.symmetric.words)" }
        #expect(set.problems == wanted)
    }

    static let failures: [(String, KeyFailure)] = [
        ("{}", .notAKeySet), ("[]", .notAKeySet), (#"{"keys":{}}"#, .notAKeySet),
        (#"{"keys":[]}"#, .noUsableKey(problems: [])),
        (
            #"{"keys":[{"kty":"oct"}]}"#,
            .noUsableKey(problems: [
                "key 1 is a symmetric key, which is never used"
            ])
        ),
        (
            "{\"keys\":[\(Array(repeating: "{\(ec)}", count: 101).joined(separator: ","))]}",
            .tooManyKeys
        ),
        (String(repeating: " ", count: KeySet.bytesMax + 1), .tooLarge),
    ]

    @Test("a text that is no key set is refused", arguments: failures)
    func fails(_ text: String, _ failure: KeyFailure) {
        #expect(throws: failure) { _ = try KeySet(Array(text.utf8)) }
    }

    @Test func `a text that is not JSON is refused`() {
        #expect(throws: KeyFailure.self) { _ = try KeySet(Array(#"{"keys":[],"keys":[]}"#.utf8)) }
    }

    @Test func `the generation is that of what the set holds`() throws {
        let one = try Self.read("{\(Self.ec),\"kid\":\"a\"}")
        let same = try Self.read("{\"kid\":\"a\", \(Self.ec),\"more\":1}", "{\"kty\":\"oct\"}")
        let renamed = try Self.read("{\(Self.ec),\"kid\":\"b\"}")
        let pinned = try Self.read("{\(Self.ec),\"kid\":\"a\",\"alg\":\"ES256\"}")
        let two = try Self.read("{\(Self.ec),\"kid\":\"a\"}", "{\(Self.ed)}")
        #expect(one.generation == same.generation)
        #expect(Set([one, renamed, pinned, two].map(\.generation)).count == 4)
    }
}

extension String {
    fileprivate func replacingExponent(_ exponent: String) -> String {
        "{" + replacing("\"e\":\"AQAB\"", with: "\"e\":\"\(exponent)\"") + "}"
    }
}
