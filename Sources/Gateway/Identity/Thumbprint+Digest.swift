import COpenSSL
import Policy

extension Thumbprint {
    /// The SHA-256 digest of `text`; `nil` when OpenSSL has no memory for it.
    init?(of text: Span<UInt8>) {
        var digest: InlineArray<32, UInt8> = .init(repeating: 0)
        var target = digest.mutableSpan
        let isDone = unsafe target.withUnsafeMutableBufferPointer { target in
            unsafe text.withUnsafeBufferPointer { text in
                unsafe EVP_Digest(
                    text.baseAddress,
                    text.count,
                    target.baseAddress,
                    nil,
                    EVP_sha256(),
                    nil
                ) == 1
            }
        }
        guard isDone else {
            OpenSSLErrors.clear()
            return nil
        }
        self.init(digest: digest.span)
    }
}

extension JWK.Material {
    /// The thumbprint of RFC 7638: over the members that the key needs, in the order of their names,
    /// without a space.
    var thumbprint: Thumbprint? {
        let text = Array(thumbprintInput.utf8)
        return Thumbprint(of: text.span)
    }

    private var thumbprintInput: String {
        switch self {
        case .rsa(let modulus, let exponent):
            let (n, e) = (Base64URL.encode(modulus), Base64URL.encode(exponent))
            return #"{"e":"\#(e)","kty":"RSA","n":"\#(n)"}"#
        case .curve(let curve, let x, let y):
            let name = #""crv":"\#(curve.rawValue)","kty":"\#(curve.keyType)""#
            let point = #""x":"\#(Base64URL.encode(x))""#
            if curve.isEdwards { return "{\(name),\(point)}" }
            return #"{\#(name),\#(point),"y":"\#(Base64URL.encode(y))"}"#
        }
    }
}
