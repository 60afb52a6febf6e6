import COpenSSL
import Foundation
import Policy

@testable import Gateway

/// What must hold of any bytes that are read as a JWK set.
enum KeySetOracle {
    /// Checks one text.
    ///
    /// - Returns: What does not hold, or `nil`.
    static func broken(_ bytes: [UInt8]) -> String? {
        defer { ERR_clear_error() }
        guard let set = try? KeySet(reading: bytes) else {
            return (try? KeySet(bytes)) == nil ? nil : "one reader takes what the other refuses"
        }
        guard ERR_peek_error() == 0 else { return "an error stays in OpenSSL's queue" }
        guard let again = try? KeySet(reading: bytes), again.generation == set.generation,
            again.problems == set.problems, again.exposed == set.exposed
        else { return "the same text gives two sets" }
        guard bytes.count <= KeySet.bytesMax, set.keys.count <= KeySet.keysMax else {
            return "a limit is passed"
        }
        for problem in set.problems where problem.utf8.contains(where: { !(0x20...0x7E ~= $0) }) {
            return "a problem says what stood in the text"
        }
        if let broken = set.keys.lazy.compactMap(brokenKey).first { return broken }
        return brokenCount(set, bytes)
    }

    /// A key is of an allowed kind and size, and verifies nothing that is no signature.
    private static func brokenKey(_ key: VerificationKey) -> String? {
        let bits = Int(unsafe EVP_PKEY_get_bits(OpaquePointer(bitPattern: key.address)))
        switch key.kind {
        case .rsa(let said):
            guard said == bits, JWK.rsaBits ~= bits else { return "an RSA key of \(bits) bits" }
            if let algorithm = key.algorithm, !algorithm.isRSA { return "RSA with another `alg`" }
        case .curve(let curve):
            if let algorithm = key.algorithm, algorithm != curve.algorithm {
                return "a curve with another `alg`"
            }
            if !curve.isEdwards, !isPoint(key) { return "a point that is not on its curve" }
        }
        var verifier = SignatureVerifier()
        for algorithm in SignatureAlgorithm.allCases {
            for count in [0, 64, 96, 114, 132, 256] {
                let signature = [UInt8](repeating: 0, count: count)
                let isGood = verifier.verify(
                    signature.span,
                    over: signature.span,
                    key: key,
                    algorithm: algorithm
                )
                if isGood { return "zeros are a signature" }
            }
        }
        return ERR_peek_error() == 0 ? nil : "an error stays in OpenSSL's queue"
    }

    private static func isPoint(_ key: VerificationKey) -> Bool {
        let context = unsafe EVP_PKEY_CTX_new(OpaquePointer(bitPattern: key.address), nil)
        defer { unsafe EVP_PKEY_CTX_free(context) }
        return unsafe EVP_PKEY_public_check(context) == 1
    }

    /// Foundation must find as many objects that may be keys: public, and not symmetric.
    private static func brokenCount(_ set: KeySet, _ bytes: [UInt8]) -> String? {
        let object = try? JSONSerialization.jsonObject(with: Data(bytes), options: .allowFragments)
        guard let list = (object as? [String: Any])?["keys"] as? [Any] else {
            return set.keys.isEmpty ? nil : "keys where Foundation finds none"
        }
        let fit = list.filter { element in
            guard let key = element as? [String: Any], let type = key["kty"] as? String else {
                return false
            }
            let secret = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"]
            return ["RSA", "EC", "OKP"].contains(type) && secret.allSatisfy { key[$0] == nil }
        }
        return set.keys.count <= fit.count ? nil : "more keys than there are public ones"
    }
}
