import COpenSSL
import Policy

/// Makes signed tokens: for `postern token`, the demonstration and tests.
struct TokenSigner {
    let key: SigningKey

    init(_ key: SigningKey) { self.key = key }

    /// Signs claims as a compact JWS.
    ///
    /// - Parameters:
    ///   - claims: A JSON object, taken as it is.
    ///   - header: A JSON object whose members replace or follow `alg`, `typ` and `kid`. An `alg` in
    ///     it chooses among those that the key can sign with.
    /// - Returns: The token.
    /// - Throws: When one of them is not a JSON object, or the key cannot do what is asked.
    func sign(claims: String, header: String = "{}") throws(KeyFailure) -> String {
        let asked = try Self.object(header, "header")
        _ = try Self.object(claims, "claims")
        var algorithm = key.algorithm
        if let node = asked.member("alg", of: asked.root) {
            guard let named = SignatureAlgorithm(node, in: asked), key.canSign(named) else {
                throw .privateKey("the key cannot sign with this `alg`")
            }
            algorithm = named
        }
        var input: [UInt8] = []
        Base64URL.encode(makeHeader(asked, algorithm).span, appendingTo: &input)
        input.append(UInt8(ascii: "."))
        Base64URL.encode(Array(claims.utf8).span, appendingTo: &input)
        let signature = try key.sign(input, algorithm)
        input.append(UInt8(ascii: "."))
        Base64URL.encode(signature.span, appendingTo: &input)
        return String(decoding: input, as: UTF8.self)
    }

    private static func object(_ text: String, _ what: String) throws(KeyFailure) -> JSONDocument {
        guard let document = try? JSONDocument(Array(text.utf8)),
            document.kind(of: document.root) == .object
        else { throw .notAnObject(what) }
        return document
    }

    private func makeHeader(_ asked: JSONDocument, _ algorithm: SignatureAlgorithm) -> [UInt8] {
        var members: [(name: [UInt8], value: [UInt8])] = []
        func add(_ name: String, _ value: String) {
            var text: [UInt8] = []
            JSONString.append(value, to: &text)
            members.append((Array(name.utf8), text))
        }
        add("alg", algorithm.rawValue)
        if asked.member("typ", of: asked.root) == nil { add("typ", "at+jwt") }
        if let keyID = key.keyID, asked.member("kid", of: asked.root) == nil { add("kid", keyID) }
        for (name, value) in asked.members(of: asked.root) {
            let text = asked.string(of: name) ?? []
            guard !text.elementsEqual("alg".utf8) else { continue }
            members.append((text, Array(asked.description(of: value).utf8)))
        }
        var header: [UInt8] = []
        for member in members {
            header.append(UInt8(ascii: header.isEmpty ? "{" : ","))
            JSONString.append(member.name.span, to: &header)
            header.append(UInt8(ascii: ":"))
            header += member.value
        }
        header.append(UInt8(ascii: "}"))
        return header
    }
}

extension SigningKey {
    /// Whether the key is of the right kind for `algorithm`.
    func canSign(_ algorithm: SignatureAlgorithm) -> Bool {
        switch kind {
        case .rsa: algorithm.isRSA
        case .curve(let curve): curve.algorithm == algorithm
        }
    }

    /// The signature over `input` in the form of RFC 7518.
    func sign(_ input: [UInt8], _ algorithm: SignatureAlgorithm) throws(KeyFailure) -> [UInt8] {
        let context = unsafe EVP_MD_CTX_new()
        defer {
            unsafe EVP_MD_CTX_free(context)
            OpenSSLErrors.clear()
        }
        let key = unsafe OpaquePointer(bitPattern: address)
        var keyContext: OpaquePointer?
        guard unsafe EVP_DigestSignInit(context, &keyContext, algorithm.digest, nil, key) == 1
        else {
            throw .privateKey(OpenSSLErrors.drain())
        }
        if algorithm.isPSS {
            unsafe _ = postern_EVP_PKEY_CTX_set_rsa_padding(keyContext, RSA_PKCS1_PSS_PADDING)
            unsafe _ = postern_EVP_PKEY_CTX_set_rsa_pss_saltlen(keyContext, RSA_PSS_SALTLEN_DIGEST)
        }
        var count = 2_048
        var signature = [UInt8](repeating: 0, count: count)
        guard unsafe EVP_DigestSign(context, &signature, &count, input, input.count) == 1 else {
            throw .privateKey(OpenSSLErrors.drain())
        }
        signature.removeLast(signature.count - count)
        if case .curve(let curve) = kind, !curve.isEdwards {
            return try Self.fixed(signature, half: curve.byteCount)
        }
        return signature
    }

    /// `r` and `s` of a DER signature, each in a fixed number of bytes.
    private static func fixed(_ der: [UInt8], half: Int) throws(KeyFailure) -> [UInt8] {
        let decoded: OpaquePointer? = unsafe der.withUnsafeBufferPointer { bytes in
            var next = bytes.baseAddress
            return unsafe d2i_ECDSA_SIG(nil, &next, bytes.count)
        }
        guard let decoded = unsafe decoded else { throw .privateKey(OpenSSLErrors.drain()) }
        defer { unsafe ECDSA_SIG_free(decoded) }
        var r = [UInt8](repeating: 0, count: half)
        var s = [UInt8](repeating: 0, count: half)
        guard unsafe BN_bn2binpad(ECDSA_SIG_get0_r(decoded), &r, Int32(half)) == half,
            unsafe BN_bn2binpad(ECDSA_SIG_get0_s(decoded), &s, Int32(half)) == half
        else { throw .privateKey(OpenSSLErrors.drain()) }
        return r + s
    }
}
