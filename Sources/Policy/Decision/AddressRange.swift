/// A block of addresses such as `10.0.0.0/8` or `2001:db8::/32` (RFC 4632, RFC 4291 section 2.3).
public struct AddressRange: Hashable, Sendable {
    private let first: NetworkAddress

    /// The bits of a member that are those of `first`.
    private let mask: NetworkAddress

    /// The range as written.
    public let text: String

    /// Why a range was refused.
    public enum Failure: Error, Hashable, Sendable {
        /// Neither an address nor a range.
        case notARange

        /// The bits after the prefix are not zero; with the range that was probably meant.
        case hasHostBits(meant: String)
    }

    /// Reads an address, which is a range of one, or `ADDRESS/BITS`.
    public init(_ text: String) throws(Failure) {
        self.text = text
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = NetworkAddress(String(parts[0])) else {
            throw .notARange
        }
        let width = address.isIPv4 && !parts[0].contains(":") ? 32 : 128
        var bits = width
        if parts.count == 2 {
            guard let count = Self.number(parts[1]), count <= width else { throw .notARange }
            bits = count
        }
        let mask = Self.mask(128 - width + bits)
        first = NetworkAddress(high: address.high & mask.high, low: address.low & mask.low)
        self.mask = mask
        guard first == address else {
            throw .hasHostBits(meant: Self.text(first, isIPv4: width == 32) + "/\(bits)")
        }
    }

    /// Whether `address` is in the range.
    @inline(__always)
    public func contains(_ address: NetworkAddress) -> Bool {
        address.high & mask.high == first.high && address.low & mask.low == first.low
    }

    /// Whether every address of `other` is in the range.
    func contains(_ other: AddressRange) -> Bool {
        contains(other.first) && other.mask.high & mask.high == mask.high
            && other.mask.low & mask.low == mask.low
    }

    private static func number(_ text: Substring) -> Int? {
        guard 1...3 ~= text.utf8.count, text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }),
            text.utf8.count == 1 || text.utf8.first != 0x30
        else { return nil }
        return Int(text)
    }

    /// The first `bits` of 128.
    private static func mask(_ bits: Int) -> NetworkAddress {
        NetworkAddress(
            high: bits >= 64 ? .max : bits == 0 ? 0 : .max << UInt64(64 - bits),
            low: bits <= 64 ? 0 : .max << UInt64(128 - bits)
        )
    }

    private static func text(_ address: NetworkAddress, isIPv4: Bool) -> String {
        if isIPv4 {
            return [24, 16, 8, 0].map { "\(address.low >> UInt64($0) & 255)" }
                .joined(separator: ".")
        }
        let groups = [address.high, address.low].flatMap { word in
            [48, 32, 16, 0].map { String(word >> UInt64($0) & 0xFFFF, radix: 16) }
        }
        return groups.joined(separator: ":")
    }
}
