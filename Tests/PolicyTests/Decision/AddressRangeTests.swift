import Testing

@testable import Policy

@Suite("Ranges of addresses")
struct AddressRangeTests {
    static let members: [(range: String, address: String, isInside: Bool)] = [
        ("10.0.0.0/8", "10.255.255.255", true), ("10.0.0.0/8", "11.0.0.0", false),
        ("0.0.0.0/0", "255.255.255.255", true), ("0.0.0.0/0", "::1", false),
        ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "192.0.2.8", false),
        ("192.0.2.8/31", "192.0.2.9", true), ("192.0.2.8/31", "192.0.2.10", false),
        ("::/0", "10.0.0.1", true), ("::/0", "2001:db8::1", true),
        ("2001:db8::/32", "2001:db8:ffff::1", true), ("2001:db8::/32", "2001:db9::", false),
        ("2001:db8::/64", "2001:db8::ffff:ffff:ffff:ffff", true),
        ("2001:db8::/64", "2001:db8:0:1::", false),
        ("2001:db8::4/126", "2001:db8::7", true), ("2001:db8::4/126", "2001:db8::8", false),
        ("::1", "::1", true), ("::1", "::2", false), ("::1", "127.0.0.1", false),
        ("::ffff:10.0.0.0/104", "10.1.2.3", true), ("::ffff:10.0.0.0/104", "11.1.2.3", false),
    ]

    @Test("An address is in a range when the bits of the prefix are the same", arguments: members)
    func contains(_ range: String, _ address: String, _ isInside: Bool) throws {
        let address = try #require(NetworkAddress(address))
        #expect(try AddressRange(range).contains(address) == isInside)
    }

    static let faulty = [
        "", "/", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/08", "10.0.0.0/-1", "10.0.0.0/+8", "10/8",
        "10.0.0.0/8/8", "10.0.0", "10.0.0.256", "10.0.0.010", "010.0.0.1", "1.2.3.4.5", "1.2.3.",
        "::/129", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "g::",
        "fe80::1%lo",
        "[::1]", "::1.2.3", "1.2.3.4::", "1:2:3:4:5:6:7::8", "+1::", "localhost", "10.0.0.0/8 ",
        "١٠.0.0.0/8",
    ]

    @Test("Anything else is no range", arguments: faulty)
    func refuses(_ text: String) {
        #expect(throws: AddressRange.Failure.notARange) { _ = try AddressRange(text) }
    }

    static let sloppy = [
        ("10.0.0.1/8", "10.0.0.0/8"), ("192.0.2.9/31", "192.0.2.8/31"), ("1.1.1.1/0", "0.0.0.0/0"),
        ("2001:db8::1/32", "2001:db8:0:0:0:0:0:0/32"),
    ]

    @Test("Bits behind the prefix are a mistake", arguments: sloppy)
    func refusesHostBits(_ text: String, _ meant: String) {
        #expect(throws: AddressRange.Failure.hasHostBits(meant: meant)) {
            _ = try AddressRange(text)
        }
    }

    @Test func `the forms of one address are one address`() {
        let forms = ["2001:db8::1", "2001:0DB8:0:0:0:0:0:1", "2001:db8:0:0::0.0.0.1"]
        #expect(Set(forms.map { NetworkAddress($0) }).count == 1)
        #expect(NetworkAddress("::ffff:1.2.3.4") == NetworkAddress("1.2.3.4"))
        #expect(NetworkAddress("1:2:3:4:5:6:7::") == NetworkAddress("1:2:3:4:5:6:7:0"))
        #expect(NetworkAddress("::") == NetworkAddress(high: 0, low: 0))
    }
}
