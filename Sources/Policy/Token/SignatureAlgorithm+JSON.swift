extension SignatureAlgorithm {
    /// The algorithm that a JSON string names, exactly; `nil` for one that is not accepted.
    public init?(_ node: JSONNode, in document: JSONDocument) {
        guard let found = document.algorithm(node) else { return nil }
        self = found
    }

    /// A number below 16, for a set in one word.
    var bit: UInt16 {
        switch self {
        case .rs256: 1
        case .rs384: 2
        case .rs512: 4
        case .ps256: 8
        case .ps384: 16
        case .ps512: 32
        case .es256: 64
        case .es384: 128
        case .es512: 256
        case .edDSA: 512
        }
    }
}

extension JSONDocument {
    fileprivate func algorithm(_ node: JSONNode) -> SignatureAlgorithm? {
        if equals(node, "RS256") { return .rs256 }
        if equals(node, "ES256") { return .es256 }
        if equals(node, "PS256") { return .ps256 }
        if equals(node, "EdDSA") { return .edDSA }
        if equals(node, "RS384") { return .rs384 }
        if equals(node, "RS512") { return .rs512 }
        if equals(node, "PS384") { return .ps384 }
        if equals(node, "PS512") { return .ps512 }
        if equals(node, "ES384") { return .es384 }
        return equals(node, "ES512") ? .es512 : nil
    }
}
