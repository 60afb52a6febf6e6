/// A client's address as it stands in events, without a port.
struct AddressText: Sendable {
    /// The longest text of an IPv6 address.
    static let bytesMax = 45

    private var bytes: InlineArray<45, UInt8>
    private(set) var count: Int

    /// An address that is not known: events leave `requestIp` out.
    init() {
        bytes = .init(repeating: 0)
        count = 0
    }

    /// Takes an IPv4 or IPv6 address in text form; what cannot be one counts as not known.
    init(_ text: Span<UInt8>) {
        self.init()
        guard text.count <= Self.bytesMax else { return }
        for index in text.indices {
            guard Self.isAllowed(text[index]) else { return }
            bytes[index] = text[index]
        }
        count = text.count
    }

    /// The characters, all of them ASCII.
    var span: Span<UInt8> {
        @_lifetime(borrow self)
        get { bytes.span.extracting(0..<count) }
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: ":"), UInt8(ascii: "."): true
        case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
        default: false
        }
    }
}
