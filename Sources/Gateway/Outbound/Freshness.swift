/// For how long an answer may be kept, after its `Cache-Control` and `Age` fields, RFC 9111.
struct Freshness {
    /// The longest time told: anything longer counts as much (RFC 9111 section 1.2.2).
    static let secondsMax: Int64 = 1 << 31

    private var maxAge: Int64?
    private var age: Int64 = 0
    private var mustNotBeKept = false
    private var isMalformed = false

    /// The seconds left, from now on; `nil` when nothing or nothing sensible is said.
    ///
    /// 0 when it must not be stored or used unasked. Of several ages allowed the lowest counts, of
    /// several ages the highest.
    var maxAgeSeconds: Int64? {
        if mustNotBeKept { return 0 }
        guard !isMalformed, let maxAge else { return nil }
        return max(maxAge - age, 0)
    }

    /// Takes in the value of one `Age` field; what is no number does not count.
    mutating func take(age value: [UInt8]) {
        age = max(age, Self.seconds(value[...]) ?? 0)
    }

    /// Takes in the value of one `Cache-Control` field, a list of directives.
    mutating func take(cacheControl value: [UInt8]) {
        var rest = value[...]
        while let directive = Self.next(&rest) {
            let parts = directive.split(separator: UInt8(ascii: "="), maxSplits: 1)
            let name = parts.first.map { String(decoding: $0, as: UTF8.self).lowercased() }
            switch name {
            case "no-store", "no-cache": mustNotBeKept = true
            case "max-age":
                let argument = parts.count > 1 ? Self.unquoted(parts[1]) : []
                if let seconds = Self.seconds(argument) {
                    maxAge = min(maxAge ?? seconds, seconds)
                } else {
                    isMalformed = true
                }
            default: break
            }
        }
    }

    /// The next element of a list, without white space around it; commas in quotes do not count.
    private static func next(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard !rest.isEmpty else { return nil }
        var end = rest.startIndex
        var isQuoted = false
        while end < rest.endIndex, isQuoted || rest[end] != UInt8(ascii: ",") {
            if rest[end] == UInt8(ascii: "\"") { isQuoted.toggle() }
            if isQuoted, rest[end] == UInt8(ascii: "\\") { end += 1 }
            end += 1
        }
        end = min(end, rest.endIndex)
        let element = rest[..<end]
        rest = rest[end...].dropFirst()
        let space: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
        let trimmed = element.drop(while: space)
        return trimmed.prefix(trimmed.count - trimmed.reversed().prefix(while: space).count)
    }

    private static func unquoted(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let quote = UInt8(ascii: "\"")
        guard text.count >= 2, text.first == quote, text.last == quote else { return text }
        return text.dropFirst().dropLast()
    }

    /// Digits as a number, at most `secondsMax`; `nil` for anything else.
    private static func seconds(_ text: ArraySlice<UInt8>) -> Int64? {
        guard !text.isEmpty else { return nil }
        var value: Int64 = 0
        for byte in text {
            guard 0x30...0x39 ~= byte else { return nil }
            value = min(value * 10 + Int64(byte & 0x0F), secondsMax)
        }
        return value
    }
}
