/// The parameters of an authorization request, decoded, each of them once.
///
/// Names and values are `application/x-www-form-urlencoded`. Refused is what two readers may take
/// apart differently: a `;`, which some take for a `&`, names with brackets, and names that are
/// another's but for capitals or `.` and `-` for `_`. Parameters that nobody knows are ignored,
/// and so is one with an empty value (RFC 6749 section 3.1).
struct AuthorizationRequest {
    /// All names and values one after the other.
    private var text: [UInt8] = []
    private var names: [Range<Int>] = []
    private var values: [AuthorizationParameter: Range<Int>] = [:]

    /// The most parameters of a request.
    static let parametersMax = 64

    /// Takes a query apart.
    ///
    /// - Parameter query: What stands behind the `?`.
    /// - Throws: Why it is not clear what the query says.
    init(_ query: Span<UInt8>) throws(AuthorizationFault) {
        text.reserveCapacity(query.count)
        var start = 0
        for offset in 0...query.count
        where offset == query.count || query[offset] == UInt8(ascii: "&") {
            if offset > start { try take(query.extracting(start..<offset)) }
            start = offset + 1
        }
    }

    /// The value of a parameter; `nil` when it is missing or empty.
    subscript(parameter: AuthorizationParameter) -> ArraySlice<UInt8>? {
        values[parameter].map { text[$0] }
    }

    private mutating func take(_ pair: Span<UInt8>) throws(AuthorizationFault) {
        guard names.count < Self.parametersMax else { throw .tooManyParameters }
        var equals = 0
        while equals < pair.count, pair[equals] != UInt8(ascii: "=") { equals += 1 }
        let name = try decode(pair.extracting(0..<equals))
        let value = try decode(pair.extracting(min(equals + 1, pair.count)..<pair.count))
        guard AuthorizationParameter.isName(text[name]) else { throw .nameInvalid }
        let known = AuthorizationParameter.allCases.first {
            AuthorizationParameter.areAlike($0.rawValue.utf8, text[name])
        }
        if let known, !text[name].elementsEqual(known.rawValue.utf8) { throw .nameInvalid }
        let isRepeated = names.contains { AuthorizationParameter.areAlike(text[$0], text[name]) }
        guard !isRepeated || known == .resource else { throw .repeated }
        names.append(name)
        if let known, !value.isEmpty { values[known] = value }
    }

    /// Appends what `encoded` stands for to the text.
    private mutating func decode(
        _ encoded: Span<UInt8>
    ) throws(AuthorizationFault) -> Range<Int> {
        let start = text.count
        var offset = 0
        while offset < encoded.count {
            switch encoded[offset] {
            case UInt8(ascii: ";"): throw .malformed
            case UInt8(ascii: "+"): text.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard offset + 2 < encoded.count, let high = Self.digit(encoded[offset + 1]),
                    let low = Self.digit(encoded[offset + 2])
                else { throw .malformed }
                text.append(high << 4 | low)
                offset += 2
            default: text.append(encoded[offset])
            }
            offset += 1
        }
        return start..<text.count
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
