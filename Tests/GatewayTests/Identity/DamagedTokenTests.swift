import COpenSSL
import Policy
import Testing

@testable import Gateway

/// A valid token and everything that is one step away from it.
@Suite("Damaged tokens")
struct DamagedTokenTests {
    struct Signed: Sendable, CustomTestStringConvertible {
        let algorithm: SignatureAlgorithm
        let choice: SigningKey.Choice
        var testDescription: String { "\(algorithm.rawValue), \(choice)" }
    }

    static let all: [Signed] =
        SignatureAlgorithm.allCases.map {
            Signed(algorithm: $0, choice: SignatureVerifierTests.choice(for: $0))
        } + [Signed(algorithm: .edDSA, choice: .curve(.ed448))]

    /// A token and the tenant that takes it.
    static func make(_ signed: Signed) throws -> (token: [UInt8], tenant: TenantIdentity) {
        let key = try signed.choice == .rsa2048 ? RSASignatureTests.key() : .generate(signed.choice)
        let jwk = try key.publicJWK().replacing(
            "\"alg\":\"\(key.algorithm.rawValue)\"",
            with: "\"alg\":\"\(signed.algorithm.rawValue)\""
        )
        let keys = try KeySet(Array("{\"keys\":[\(jwk)]}".utf8))
        let text = try TokenSigner(key).sign(
            claims: #"{"iss":"https://idp/","aud":"https://acme","exp":1700000600}"#,
            header: #"{"alg":"\#(signed.algorithm.rawValue)"}"#
        )
        return (Array(text.utf8), try IdentityScene().tenant(keys: keys))
    }

    @Test("no token with one bit changed is valid, remembered or not", arguments: all)
    func bits(_ signed: Signed) throws {
        let (token, tenant) = try Self.make(signed)
        var validator = TokenValidator()
        #expect(validator.refusal(token, tenant) == nil)
        var random = SeededNumbers(1)
        // Every bit where that is cheap, else one bit of each byte.
        let isWhole = [.rs256, .es256, .edDSA].contains(signed.algorithm)
        var survivors: [String] = []
        for index in token.indices {
            for bit in isWhole ? Array(0..<8) : [Int.random(in: 0..<8, using: &random)] {
                var changed = token
                changed[index] ^= 1 << UInt8(bit)
                if validator.refusal(changed, tenant) == nil { survivors.append("\(index).\(bit)") }
            }
        }
        #expect(survivors == [])
        #expect(validator.refusal(token, tenant) == nil)
        #expect(ERR_peek_error() == 0)
    }

    @Test("no token with a character more, fewer or exchanged is valid", arguments: all)
    func characters(_ signed: Signed) throws {
        let (token, tenant) = try Self.make(signed)
        var validator = TokenValidator()
        #expect(validator.refusal(token, tenant) == nil)
        var random = SeededNumbers(2)
        var survivors: [String] = []
        func look(_ changed: [UInt8], _ what: String) {
            if changed != token, validator.refusal(changed, tenant) == nil {
                survivors.append(what)
            }
        }
        for index in token.indices {
            var changed = token
            changed.remove(at: index)
            look(changed, "without \(index)")
            changed.insert(token[Int.random(in: token.indices, using: &random)], at: index)
            look(changed, "other at \(index)")
            changed = token
            changed.insert(UInt8.random(in: 0...255, using: &random), at: index)
            look(changed, "more at \(index)")
            changed = token
            changed.swapAt(index, Int.random(in: token.indices, using: &random))
            look(changed, "swapped at \(index)")
            if index % 7 == 0 { look(Array(token[..<index]), "up to \(index)") }
        }
        #expect(survivors == [])
    }

    @Test("no part can be exchanged with that of another token", arguments: all)
    func parts(_ signed: Signed) throws {
        let (token, tenant) = try Self.make(signed)
        let (other, otherTenant) = try Self.make(signed)
        let one = token.split(separator: UInt8(ascii: "."))
        let two = other.split(separator: UInt8(ascii: "."))
        var validator = TokenValidator()
        #expect(validator.refusal(token, tenant) == nil)
        #expect(validator.refusal(other, otherTenant) == nil)
        // Both RSA tokens are of one key.
        guard one[2] != two[2] else { return }
        let mixed = Array([one[0], one[1], two[2]].joined(separator: [UInt8(ascii: ".")]))
        if signed.choice != .rsa2048 {
            #expect(validator.refusal(mixed, tenant) == .signature)
            #expect(validator.refusal(other, tenant) == .signature)
        }
        let reversed = Array([one[1], one[0], one[2]].joined(separator: [UInt8(ascii: ".")]))
        #expect(validator.refusal(reversed, tenant) == .malformed)
    }
}
