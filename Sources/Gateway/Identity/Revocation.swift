/// One posted entry.
struct Revocation: Hashable, Sendable {
    enum Kind: String, Hashable, Sendable, CaseIterable {
        case token
        case subject
        case client

        /// A line as in a `revoked` file that counts for more than one claim.
        case line
    }

    let kind: Kind

    /// The name of the tenant that it counts for; `nil`: every one.
    let tenant: String?

    /// Not empty.
    let value: [UInt8]

    init(_ kind: Kind, tenant: String?, value: [UInt8]) {
        self.kind = kind
        self.tenant = tenant
        self.value = value
    }
}

extension Revocation {
    /// The entry as one line without its end: kind, tenant or `*`, and the value, in which `\n` and
    /// `\\` stand for a line feed and a backslash.
    var line: [UInt8] {
        var line = Array("\(kind.rawValue) \(tenant ?? "*") ".utf8)
        for byte in value {
            switch byte {
            case 0x0A: line += [0x5C, UInt8(ascii: "n")]
            case 0x5C: line += [0x5C, 0x5C]
            default: line.append(byte)
            }
        }
        return line
    }

    /// Reads what `line` gave; `nil` for anything else.
    init?(line: ArraySlice<UInt8>) {
        let parts = line.split(separator: 0x20, maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[1].isEmpty, !parts[2].isEmpty,
            let kind = Kind(rawValue: String(decoding: parts[0], as: UTF8.self)),
            let value = Self.unescaped(parts[2])
        else { return nil }
        let tenant = String(decoding: parts[1], as: UTF8.self)
        self.init(kind, tenant: tenant == "*" ? nil : tenant, value: value)
    }

    private static func unescaped(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard text.contains(0x5C) else { return Array(text) }
        var value: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            guard byte == 0x5C else {
                value.append(byte)
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "n"): value.append(0x0A)
            case 0x5C: value.append(0x5C)
            default: return nil
            }
        }
        return value
    }
}
