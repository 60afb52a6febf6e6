extension VerificationKey {
    var serial: UInt64 { 0 }
}

extension KeySet {
    func contains(serial: UInt64) -> Bool { false }
}
