/// An http or https URI without query and fragment, in the one spelling that RFC 3986 sections
/// 6.2.2 and 6.2.3 give it, as RFC 9449 section 4.3 wants `htu` compared.
///
/// Scheme and host are lower-case, the default port and dot segments are gone, an empty path is `/`,
/// and a character that may stand as itself does.
public struct ProofTarget: Hashable, Sendable {
    /// `scheme://host`, and `:port` where it is not the default.
    public let origin: [UInt8]

    /// Begins with a slash.
    public let path: [UInt8]

    /// Reads a URI; `nil` for one that is not absolute, has a user name or is malformed.
    public init?(_ uri: [UInt8]) {
        guard uri.allSatisfy({ 0x21...0x7E ~= $0 }) else { return nil }
        let bare = uri.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        let scheme = bare.prefix { $0 != UInt8(ascii: ":") }
        let mark = Array("://".utf8)
        guard bare.dropFirst(scheme.count).starts(with: mark) else { return nil }
        let rest = bare.dropFirst(scheme.count + mark.count)
        let authority = rest.prefix { $0 != UInt8(ascii: "/") }
        let usualPort: UInt16
        switch String(decoding: Self.lowercased(scheme), as: UTF8.self) {
        case "https": usualPort = 443
        case "http": usualPort = 80
        default: return nil
        }
        guard let host = Self.authority(authority, usualPort),
            let path = Self.path(rest.dropFirst(authority.count))
        else { return nil }
        origin = Self.lowercased(scheme) + mark + host
        self.path = path
    }

    /// Host and port; `nil` when there is a user name, no host or no such port.
    private static func authority(_ text: ArraySlice<UInt8>, _ usualPort: UInt16) -> [UInt8]? {
        guard !text.contains(UInt8(ascii: "@")) else { return nil }
        let bracket = text.lastIndex(of: UInt8(ascii: "]")) ?? text.startIndex
        let colon = text[bracket...].firstIndex(of: UInt8(ascii: ":")) ?? text.endIndex
        let host = lowercased(text[..<colon])
        guard !host.isEmpty else { return nil }
        let digits = text[colon...].dropFirst()
        if digits.isEmpty { return host }
        guard digits.allSatisfy({ 0x30...0x39 ~= $0 }),
            let port = UInt16(String(decoding: digits, as: UTF8.self))
        else { return nil }
        return port == usualPort ? host : host + Array(":\(port)".utf8)
    }

    /// The path without dot segments, RFC 3986 section 5.2.4.
    private static func path(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard let plain = decoded(text) else { return nil }
        var segments: [ArraySlice<UInt8>] = []
        let found = plain.split(
            separator: UInt8(ascii: "/"),
            omittingEmptySubsequences: false
        ).dropFirst()
        for (index, segment) in found.enumerated() {
            let isUp = segment.elementsEqual("..".utf8)
            guard isUp || segment.elementsEqual(".".utf8) else {
                segments.append(segment)
                continue
            }
            if isUp { _ = segments.popLast() }
            if index == found.count - 1 { segments.append([]) }
        }
        if segments.isEmpty { segments.append([]) }
        return segments.flatMap { [UInt8(ascii: "/")] + $0 }
    }

    /// The text with each encoded character in its one spelling; `nil` after a stray `%`.
    private static func decoded(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                result.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(JSONReader.hexDigit),
                let low = rest.popFirst().flatMap(JSONReader.hexDigit)
            else { return nil }
            let character = high << 4 | low
            if isUnreserved(character) {
                result.append(character)
            } else {
                result += [byte, hexadecimal(high), hexadecimal(low)]
            }
        }
        return result
    }

    private static func hexadecimal(_ digit: UInt8) -> UInt8 {
        digit < 10 ? 0x30 + digit : 0x37 + digit
    }

    /// RFC 3986 section 2.3.
    private static func isUnreserved(_ byte: UInt8) -> Bool {
        Base64URL.isCharacter(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "~")
    }

    private static func lowercased(_ text: ArraySlice<UInt8>) -> [UInt8] {
        text.map { 0x41...0x5A ~= $0 ? $0 | 0x20 : $0 }
    }
}
