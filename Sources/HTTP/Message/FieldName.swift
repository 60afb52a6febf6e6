/// Compares field names the way the applications behind the gateway confuse them.
///
/// Case does not count, and `_` and `.` count as `-`: CGI, WSGI, Rack and PHP turn all three into
/// `_`, so a client's `X_User` would arrive as the gateway's `X-User`.
public enum FieldName {
    /// Whether `name` is `wanted` in some spelling.
    ///
    /// - Parameters:
    ///   - name: A name as it stands in a message.
    ///   - wanted: The name looked for, in any spelling.
    /// - Returns: Whether they are the same name.
    public static func matches(_ name: Span<UInt8>, _ wanted: Span<UInt8>) -> Bool {
        guard name.count == wanted.count else { return false }
        for index in name.indices where folded(name[index]) != folded(wanted[index]) {
            return false
        }
        return true
    }

    /// Whether `name` is made of `tchar` only and not empty (RFC 9110 section 5.1).
    public static func isValid(_ name: Span<UInt8>) -> Bool {
        !name.isEmpty && name.endOfToken(from: 0) == name.count
    }

    /// Whether a field of this name may stand in a trailer section (RFC 9110 section 6.5.1).
    ///
    /// Refused are names that frame, route, authenticate, modify or control: a recipient that
    /// merges trailers into the head would take them for what the gateway checked.
    public static func mayStandInTrailer(_ name: Span<UInt8>) -> Bool {
        guard isValid(name) else { return false }
        guard KnownField.classify(name, in: 0..<name.count).known == .other else { return false }
        return !isForbiddenInTrailer(name)
    }

    /// Whether a field of an issuer's answer to an authorization request goes on to the browser.
    ///
    /// No script of another origin is to read such an answer, and what its `Referrer-Policy` is
    /// the gateway says.
    public static func mayStandInAuthorizationAnswer(_ name: Span<UInt8>) -> Bool {
        !hasPrefix(name, "access-control-") && !matches(name, "referrer-policy")
    }

    /// Whether a field of an answer tells some cache to keep it whatever its `Cache-Control` says.
    ///
    /// Targeted fields (RFC 9213), which end in `-cache-control`, count before that one where they
    /// are known; `Surrogate-Control` is what such caches knew before.
    public static func overrulesCacheControl(_ name: Span<UInt8>) -> Bool {
        let suffix = "-cache-control".utf8.count
        return matches(name, "surrogate-control")
            || name.count > suffix
                && matches(name.extracting((name.count - suffix)...), "-cache-control")
    }

    private static func isForbiddenInTrailer(_ name: Span<UInt8>) -> Bool {
        if hasPrefix(name, "content-") || hasPrefix(name, "if-") { return true }
        if hasPrefix(name, "access-control-") || hasPrefix(name, "proxy-") { return true }
        return switch name.count {
        case 3: matches(name, "age")
        case 4: matches(name, "vary")
        case 5: matches(name, "range")
        case 7: matches(name, "expires") || matches(name, "warning")
        case 8: matches(name, "location")
        case 10: matches(name, "dpop-nonce")
        case 11: matches(name, "retry-after")
        case 12: matches(name, "max-forwards")
        case 16: matches(name, "www-authenticate")
        case 25: matches(name, "strict-transport-security")
        default: false
        }
    }

    /// Whether `name` is `wanted`, which is in small letters, in some spelling.
    public static func matches(_ name: Span<UInt8>, _ wanted: StaticString) -> Bool {
        name.count == wanted.utf8CodeUnitCount && hasPrefix(name, wanted)
    }

    private static func hasPrefix(_ name: Span<UInt8>, _ prefix: StaticString) -> Bool {
        name.count >= prefix.utf8CodeUnitCount && agreement(name, at: 0, with: prefix) != .none
    }

    /// Returns `byte` in the one spelling that names are compared in.
    @inline(__always)
    static func folded(_ byte: UInt8) -> UInt8 {
        switch byte {
        case 0x41...0x5A: byte | 0x20
        case UInt8(ascii: "_"), UInt8(ascii: "."): UInt8(ascii: "-")
        default: byte
        }
    }
}

extension FieldName {
    /// How far a name agrees with a known one.
    enum Agreement {
        case none

        /// It is the known name with `_` or `.` for some `-`.
        case variant

        /// It is the known name but for capitals.
        case exact
    }

    /// Compares the bytes from `offset` on with `name`, in small letters, over its length.
    ///
    /// The bytes must be `tchar`, hence below 0x80, and reach as far as `name` does. Eight at a time
    /// are compared, the last eight overlapping the ones before; shorter names go byte by byte.
    @inline(__always)
    static func agreement(
        _ bytes: Span<UInt8>,
        at offset: Int,
        with name: StaticString
    ) -> Agreement {
        let length = name.utf8CodeUnitCount
        precondition(offset >= 0 && length <= bytes.count - offset)
        return unsafe length < 8
            ? shortAgreement(bytes, at: offset, with: name.utf8Start, length: length)
            : longAgreement(bytes, at: offset, with: name.utf8Start, length: length)
    }

    @inline(__always)
    private static func shortAgreement(
        _ bytes: Span<UInt8>,
        at offset: Int,
        with name: UnsafePointer<UInt8>,
        length: Int
    ) -> Agreement {
        var isExact = true
        for index in 0..<length {
            let byte = unsafe bytes[unchecked: offset &+ index]
            guard unsafe folded(byte) == name[index] else { return .none }
            if unsafe ASCII.lowercased(byte) != name[index] { isExact = false }
        }
        return isExact ? .exact : .variant
    }

    @inline(__always)
    private static func longAgreement(
        _ bytes: Span<UInt8>,
        at offset: Int,
        with name: UnsafePointer<UInt8>,
        length: Int
    ) -> Agreement {
        var isExact = true
        var index = 0
        while index < length {
            let start = min(index, length &- 8)
            let wanted = unsafe UInt64(
                littleEndian: UnsafeRawPointer(name).loadUnaligned(
                    fromByteOffset: start,
                    as: UInt64.self
                )
            )
            let lowered = lowercased(bytes.word(at: offset &+ start))
            if lowered != wanted {
                guard dashed(lowered) == wanted else { return .none }
                isExact = false
            }
            index &+= 8
        }
        return isExact ? .exact : .variant
    }

    /// Makes the capitals among eight bytes below 0x80 small.
    @inline(__always)
    private static func lowercased(_ bytes: UInt64) -> UInt64 {
        let fromA = bytes &+ 0x3F3F_3F3F_3F3F_3F3F
        let afterZ = bytes &+ 0x2525_2525_2525_2525
        return bytes | ((fromA ^ afterZ) & 0x8080_8080_8080_8080) >> 2
    }

    /// Turns `_` and `.` among eight bytes below 0x80 into `-`.
    @inline(__always)
    private static func dashed(_ bytes: UInt64) -> UInt64 {
        let underscores = zeros(bytes ^ 0x5F5F_5F5F_5F5F_5F5F)
        let dots = zeros(bytes ^ 0x2E2E_2E2E_2E2E_2E2E)
        return bytes ^ (underscores &* 0x72) ^ (dots &* 0x03)
    }

    /// Returns 1 for each zero among eight bytes below 0x80, and 0 for the others.
    @inline(__always)
    private static func zeros(_ bytes: UInt64) -> UInt64 {
        (~(bytes &+ 0x7F7F_7F7F_7F7F_7F7F) & 0x8080_8080_8080_8080) >> 7
    }
}
