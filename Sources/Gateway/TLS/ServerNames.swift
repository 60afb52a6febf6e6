import COpenSSL

/// Which certificate answers which server name.
///
/// It owns the contexts of every certificate but the first, whose context in turn owns this table:
/// OpenSSL may ask for a name as long as any session of that context lives.
final class ServerNames: Sendable {
    /// Contexts by lower-case name; the address is 0 for the first certificate.
    private let exact: [String: UInt]

    /// Contexts by what follows the `*` of a wildcard name, so `.example` for `*.example`.
    private let wildcards: [String: UInt]

    /// `SSL_CTX *` of the second certificate and on.
    private let owned: [UInt]

    /// Takes over one reference to each of `others`, which stand for `certificates[1...]`.
    init(certificates: [Certificate], others: [UInt]) {
        precondition(certificates.count == others.count + 1)
        var exact: [String: UInt] = [:]
        var wildcards: [String: UInt] = [:]
        // A certificate made for few names is meant for them; of equal ones the first is taken.
        let ranked = zip(certificates, [0] + others).enumerated().sorted { left, right in
            (left.element.0.names.count, left.offset) < (right.element.0.names.count, right.offset)
        }
        for (certificate, context) in ranked.map(\.element) {
            for name in certificate.names {
                if name.hasPrefix("*.") {
                    wildcards[String(name.dropFirst())] =
                        wildcards[String(name.dropFirst())] ?? context
                } else {
                    exact[name] = exact[name] ?? context
                }
            }
        }
        self.exact = exact
        self.wildcards = wildcards
        owned = others
    }

    deinit {
        for context in owned { unsafe SSL_CTX_free(OpaquePointer(bitPattern: context)) }
    }

    /// The context for `name`: 0 is the first certificate's, `nil` means no certificate names it.
    func context(for name: String) -> UInt? {
        let wanted = name.lowercased()
        if let found = exact[wanted] { return found }
        guard let dot = wanted.firstIndex(of: "."), dot != wanted.startIndex else { return nil }
        return wildcards[String(wanted[dot...])]
    }
}
