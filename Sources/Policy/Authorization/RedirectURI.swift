/// A redirect URI that a client is registered with.
///
/// What a request asks for is compared with it as a string (RFC 3986 section 6.2.1), but for the
/// port of one on the loopback interface, which native apps take as they find it (RFC 8252 section
/// 7.3, RFC 9700 section 2.1).
public struct RedirectURI: Hashable, Sendable {
    /// Why a URI is not one that browsers may be sent to.
    public enum Failure: Error, Hashable, Sendable {
        case tooLong
        case notAbsolute
        case forbiddenCharacter
        case fragment
        case wildcard
        case userInformation
        case dotSegment
        case scheme(String)
        case host
        case plainHTTP
        case nothingBehindScheme
    }

    /// The URI as it is registered.
    public let text: String

    private let bytes: [UInt8]

    /// Scheme and host of one on the loopback interface, such as `http://127.0.0.1`; else empty.
    private let loopback: [UInt8]

    /// What stands behind the port of one on the loopback interface.
    private let afterPort: [UInt8]

    /// The most bytes of a URI.
    public static let bytesMax = 2_048

    /// Schemes without a dot that wallets have registered for themselves; any other private-use
    /// scheme is a name of the app's domain in reverse, RFC 8252 section 7.1.
    static let walletSchemes = [
        "openid", "openid-vc", "openid-credential-offer", "openid-initiate-issuance", "openid4vci",
        "openid4vp", "haip", "haip-vci", "haip-vp", "eudi-openid4ci", "eudi-openid4vci",
        "eudi-openid4vp", "eudi-wallet", "mdoc-openid4vp", "siopv2", "didcomm",
    ]

    /// Reads a URI.
    ///
    /// - Parameter text: The URI as the client will ask for it.
    /// - Throws: Why no browser is to be sent there.
    public init(_ text: String) throws(Failure) {
        let bytes = Array(text.utf8)
        guard bytes.count <= Self.bytesMax else { throw .tooLong }
        try Self.checkCharacters(bytes)
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), Self.isScheme(bytes[..<colon])
        else { throw .notAbsolute }
        let scheme = String(decoding: bytes[..<colon], as: UTF8.self)
        let authority = try Self.authority(bytes, after: colon)
        guard !Self.hasDotSegment(bytes[authority.upperBound...]) else { throw .dotSegment }
        self.text = text
        self.bytes = bytes
        switch scheme {
        case "https":
            guard Self.hostEnd(bytes[authority]) != nil else { throw .host }
            (loopback, afterPort) = ([], [])
        case "http":
            guard let end = Self.hostEnd(bytes[authority]) else { throw .host }
            guard Self.isLoopback(bytes[authority.lowerBound..<end]) else { throw .plainHTTP }
            loopback = Array(bytes[..<end])
            afterPort = Array(bytes[authority.upperBound...])
        default:
            guard scheme.contains(".") || Self.walletSchemes.contains(scheme) else {
                throw .scheme(scheme)
            }
            guard colon + 1 < bytes.count else { throw .nothingBehindScheme }
            (loopback, afterPort) = ([], [])
        }
    }

    /// Whether a request that asks for `asked` means this URI.
    func matches(_ asked: ArraySlice<UInt8>) -> Bool {
        if asked.elementsEqual(bytes) { return true }
        guard !loopback.isEmpty, asked.starts(with: loopback) else { return false }
        var rest = asked.dropFirst(loopback.count)
        if rest.first == UInt8(ascii: ":") {
            let digits = rest.dropFirst().prefix(while: Self.isDigit)
            guard Self.isPort(digits) else { return false }
            rest = rest[digits.endIndex...]
        }
        return rest.elementsEqual(afterPort)
    }
}

// The parts of a URI, RFC 3986 section 3.
extension RedirectURI {
    private static func checkCharacters(_ bytes: [UInt8]) throws(Failure) {
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: continue
            case UInt8(ascii: "#"): throw .fragment
            case UInt8(ascii: "*"): throw .wildcard
            case UInt8(ascii: "%"):
                guard index + 2 < bytes.count, bytes[index + 1...index + 2].allSatisfy(isHex)
                else { throw .forbiddenCharacter }
            default:
                guard "-._~:/?[]@!$&'()+,;=".utf8.contains(byte) else { throw .forbiddenCharacter }
            }
        }
    }

    private static func isScheme(_ name: ArraySlice<UInt8>) -> Bool {
        guard let first = name.first, (0x61...0x7A).contains(first) else { return false }
        return name.allSatisfy { byte in
            switch byte {
            case 0x61...0x7A, 0x30...0x39: true
            default: "+-.".utf8.contains(byte)
            }
        }
    }

    /// Where the authority stands; empty, right behind the colon, when there is none.
    private static func authority(
        _ bytes: [UInt8],
        after colon: Int
    ) throws(Failure) -> Range<Int> {
        let start = colon + 1
        guard bytes[start...].starts(with: "//".utf8) else { return start..<start }
        let authority = bytes[(start + 2)...].prefix { !"/?".utf8.contains($0) }
        guard !authority.contains(UInt8(ascii: "@")) else { throw .userInformation }
        return authority.startIndex..<authority.endIndex
    }

    private static func hasDotSegment(_ rest: ArraySlice<UInt8>) -> Bool {
        let path = rest.prefix { $0 != UInt8(ascii: "?") }
        return path.split(separator: UInt8(ascii: "/")).contains { segment in
            segment.elementsEqual(".".utf8) || segment.elementsEqual("..".utf8)
        }
    }

    /// Where the host of `HOST` or `HOST:PORT` ends; `nil` when either is wrong.
    private static func hostEnd(_ authority: ArraySlice<UInt8>) -> Int? {
        var end = authority.startIndex
        if authority.first == UInt8(ascii: "[") {
            guard let close = authority.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            let inside = authority[(end + 1)..<close]
            guard inside.contains(UInt8(ascii: ":")),
                inside.allSatisfy({ isHex($0) || ":.".utf8.contains($0) })
            else { return nil }
            end = close + 1
        } else {
            end = authority.prefix(while: isHostByte).endIndex
            guard end > authority.startIndex else { return nil }
        }
        let port = authority[end...]
        guard !port.isEmpty else { return end }
        return port.first == UInt8(ascii: ":") && isPort(port.dropFirst()) ? end : nil
    }

    /// 127.0.0.0/8 and ::1 as literals, and `localhost`.
    private static func isLoopback(_ host: ArraySlice<UInt8>) -> Bool {
        let text = String(decoding: host, as: UTF8.self)
        if text == "localhost" || text == "[::1]" { return true }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127"
            && parts.allSatisfy { part in UInt8(part).map { String($0) == part } ?? false }
    }

    private static func isPort(_ digits: ArraySlice<UInt8>) -> Bool {
        guard digits.allSatisfy(isDigit), digits.first != UInt8(ascii: "0") else { return false }
        return (UInt16(String(decoding: digits, as: UTF8.self)) ?? 0) > 0
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "-._".utf8.contains(byte)
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isHex(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
        default: false
        }
    }
}

extension RedirectURI.Failure {
    /// What is wrong, fit to stand behind the URI.
    public var message: String {
        switch self {
        case .tooLong: "has more than \(RedirectURI.bytesMax) bytes"
        case .notAbsolute: "is not absolute: wanted a scheme in small letters, such as `https:`"
        case .forbiddenCharacter: "has a character that RFC 3986 does not allow in a URI"
        case .fragment: "has a fragment, RFC 6749 section 3.1.2"
        case .wildcard: "has a `*`: a redirect URI stands for itself only"
        case .userInformation: "has a user name"
        case .dotSegment: "has a segment `.` or `..`"
        case .scheme(let name):
            "has the scheme `\(name)`: wanted `https`, `http` on this machine, or one with a dot, "
                + "the app's domain in reverse"
        case .host: "has no valid host"
        case .plainHTTP: "is plain http to another machine"
        case .nothingBehindScheme: "has nothing behind the scheme"
        }
    }
}
