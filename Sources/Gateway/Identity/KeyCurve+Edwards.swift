extension KeyCurve {
    /// Whether `key` is the one spelling of a point that can be a key, RFC 8032 sections 5.1.3 and
    /// 5.2.3.
    ///
    /// A y that is not below the prime is refused, and so is a point of small order: under such a
    /// key one signature fits many texts. Whether the y belongs to a point at all is found out by
    /// OpenSSL when it verifies.
    func isSound(edwards key: [UInt8]) -> Bool {
        guard isEdwards, key.count == byteCount, let last = key.last else { return false }
        var y = key
        if self == .ed25519 {
            y[31] = last & 0x7F
        } else {
            // The last byte holds the sign only.
            guard last & 0x7F == 0 else { return false }
            y[56] = 0
        }
        return Self.isLess(y, than: prime) && !smallOrders.contains(y)
    }

    /// The field's prime with the lowest byte first.
    private var prime: [UInt8] {
        if self == .ed25519 {
            [0xED] + [UInt8](repeating: 0xFF, count: 30) + [0x7F]
        } else {
            [UInt8](repeating: 0xFF, count: 28) + [0xFE] + [UInt8](repeating: 0xFF, count: 27) + [0]
        }
    }

    /// The y of all points whose order is at most 8, lowest byte first.
    private var smallOrders: [[UInt8]] {
        let zero = [UInt8](repeating: 0, count: byteCount)
        var one = zero
        one[0] = 1
        var minusOne = prime
        minusOne[0] -= 1
        return [zero, one, minusOne] + (self == .ed25519 ? Self.orderEight : [])
    }

    private static let orderEight: [[UInt8]] = [
        [
            0x26, 0xE8, 0x95, 0x8F, 0xC2, 0xB2, 0x27, 0xB0, 0x45, 0xC3, 0xF4, 0x89, 0xF2, 0xEF,
            0x98, 0xF0, 0xD5, 0xDF, 0xAC, 0x05, 0xD3, 0xC6, 0x33, 0x39, 0xB1, 0x38, 0x02, 0x88,
            0x6D, 0x53, 0xFC, 0x05,
        ],
        [
            0xC7, 0x17, 0x6A, 0x70, 0x3D, 0x4D, 0xD8, 0x4F, 0xBA, 0x3C, 0x0B, 0x76, 0x0D, 0x10,
            0x67, 0x0F, 0x2A, 0x20, 0x53, 0xFA, 0x2C, 0x39, 0xCC, 0xC6, 0x4E, 0xC7, 0xFD, 0x77,
            0x92, 0xAC, 0x03, 0x7A,
        ],
    ]

    private static func isLess(_ one: [UInt8], than other: [UInt8]) -> Bool {
        for index in one.indices.reversed() where one[index] != other[index] {
            return one[index] < other[index]
        }
        return false
    }
}
