import Testing

@testable import Gateway

@Suite("Value hash")
struct ValueHashTests {
    /// The key of the reference implementation's vectors: the bytes from 0 to 15.
    static let key = SipState.Key(0x0706_0504_0302_0100, 0x0F0E_0D0C_0B0A_0908)

    @Test(
        "it is SipHash-2-4 with 128 bits",
        arguments: [
            (0, "a3817f04ba25a8e66df67214c7550293"), (1, "da87c1d86b99af44347659119b22fc45"),
            (8, "3b62a9ba6258f5610f83e264f31497b4"), (15, "5493e99933b0a8117e08ec0f97cfc3d9"),
            (63, "5150d1772f50834a503e069a973fbd7c"),
        ]
    )
    func vectors(_ length: Int, _ wanted: String) {
        let text = (0..<length).map { UInt8($0) }
        let digest = ValueHash(key: Self.key).digest(of: text.span)
        let bytes = [digest.low, digest.high].flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) }
        }
        let hexadecimal = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        #expect(hexadecimal == wanted)
    }

    @Test func `two hashes have two keys`() {
        let text: [UInt8] = [1, 2, 3]
        #expect(ValueHash().digest(of: text.span) != ValueHash().digest(of: text.span))
    }
}
