/// An IPv4 or IPv6 address; IPv4 as `::ffff:a.b.c.d` (RFC 4291 section 2.5.5.2).
public struct NetworkAddress: Hashable, Sendable {
    /// The first eight bytes.
    public let high: UInt64

    /// The last eight bytes.
    public let low: UInt64

    /// Creates an address from its bytes.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Creates an IPv4 address.
    init(ipv4: UInt32) { self.init(high: 0, low: Self.mapped | UInt64(ipv4)) }

    /// Reads the text form of either family: RFC 4291 section 2.2, without a zone; `nil` for
    /// anything else.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        if bytes.contains(UInt8(ascii: ":")) {
            guard let groups = Self.groups(bytes) else { return nil }
            self.init(high: Self.word(groups[0..<4]), low: Self.word(groups[4..<8]))
        } else {
            guard let four = Self.ipv4(bytes[...]) else { return nil }
            self.init(ipv4: four)
        }
    }

    /// Whether it is an IPv4 address.
    public var isIPv4: Bool { high == 0 && low >> 32 == Self.mapped >> 32 }

    private static let mapped: UInt64 = 0xFFFF_0000_0000

    private static func word(_ groups: ArraySlice<UInt16>) -> UInt64 {
        groups.reduce(0) { $0 << 16 | UInt64($1) }
    }

    /// Four decimal numbers without zeros in front: `010` is ten to some and eight to others.
    private static func ipv4(_ text: ArraySlice<UInt8>) -> UInt32? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var address: UInt32 = 0
        for part in parts {
            guard 1...3 ~= part.count, part.count == 1 || part.first != 0x30,
                part.allSatisfy({ 0x30...0x39 ~= $0 })
            else { return nil }
            let number = part.reduce(0 as UInt32) { $0 * 10 + UInt32($1 - 0x30) }
            guard number <= 255 else { return nil }
            address = address << 8 | number
        }
        return address
    }

    /// The eight groups of an IPv6 address.
    private static func groups(_ text: [UInt8]) -> [UInt16]? {
        let colon = UInt8(ascii: ":")
        let gap = text.indices.dropLast().first { text[$0] == colon && text[$0 + 1] == colon }
        guard let gap else {
            let groups = list(text[...])
            return groups?.count == 8 ? groups : nil
        }
        guard !text[..<gap].contains(UInt8(ascii: ".")), let head = list(text[..<gap]),
            let tail = list(text[(gap + 2)...]), head.count + tail.count < 8
        else { return nil }
        return head + [UInt16](repeating: 0, count: 8 - head.count - tail.count) + tail
    }

    /// Groups with colons between them; the last two may be an IPv4 address.
    private static func list(_ text: ArraySlice<UInt8>) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        var groups: [UInt16] = []
        for (index, part) in parts.enumerated() {
            if index == parts.count - 1, part.contains(UInt8(ascii: ".")) {
                guard let four = ipv4(part) else { return nil }
                groups += [UInt16(four >> 16), UInt16(four & 0xFFFF)]
                continue
            }
            guard 1...4 ~= part.count, let digits = String(validating: part, as: UTF8.self),
                let group = UInt16(digits, radix: 16), part.first != UInt8(ascii: "+")
            else { return nil }
            groups.append(group)
        }
        return groups.count <= 8 ? groups : nil
    }
}
