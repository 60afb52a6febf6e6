extension KnownField {
    /// A known name as it was spelt in a message.
    struct Spelling {
        let known: KnownField

        /// Whether `_` or `.` stood for a `-`.
        let isVariant: Bool

        static let unknown = Self(known: .other, isVariant: false)
    }

    /// Finds out which field the name in `range` is, which holds at least one `tchar` and no others.
    @inline(__always)
    static func classify(_ bytes: Span<UInt8>, in range: Range<Int>) -> Spelling {
        let length = range.count
        let first = ASCII.lowercased(bytes[range.lowerBound])
        let candidate = candidate(bytes, at: range.lowerBound, length: length, first: first)
        if let candidate, let spelling = candidate.matches(bytes, at: range.lowerBound) {
            return spelling
        }
        guard first == UInt8(ascii: "x"), length >= 10 else { return .unknown }
        return prefixed(bytes, at: range.lowerBound, length: length)
    }

    /// A name that a field of a certain length and first letter may have.
    private struct Candidate {
        let known: KnownField
        let name: StaticString

        @inline(__always)
        init(_ known: KnownField, _ name: StaticString) {
            self.known = known
            self.name = name
        }

        @inline(__always)
        func matches(_ bytes: Span<UInt8>, at offset: Int) -> Spelling? {
            switch FieldName.agreement(bytes, at: offset, with: name) {
            case .none: nil
            case .variant: Spelling(known: known, isVariant: true)
            case .exact: Spelling(known: known, isVariant: false)
            }
        }
    }

    /// The names known only by how they begin.
    @inline(never)
    private static func prefixed(_ bytes: Span<UInt8>, at offset: Int, length: Int) -> Spelling {
        if let spelling = Candidate(.postern, "x-postern-").matches(bytes, at: offset) {
            return spelling
        }
        guard length >= 12 else { return .unknown }
        return Candidate(.xForwardedOther, "x-forwarded-").matches(bytes, at: offset) ?? .unknown
    }

    /// The one known name with this length and first letter.
    @inline(__always)
    private static func candidate(
        _ bytes: Span<UInt8>,
        at offset: Int,
        length: Int,
        first: UInt8
    ) -> Candidate? {
        switch (length, first) {
        case (2, UInt8(ascii: "t")): Candidate(.te, "te")
        case (3, UInt8(ascii: "v")): Candidate(.via, "via")
        case (4, UInt8(ascii: "h")): Candidate(.host, "host")
        case (4, UInt8(ascii: "d")):
            ASCII.lowercased(bytes[offset + 1]) == UInt8(ascii: "p")
                ? Candidate(.dpop, "dpop") : Candidate(.date, "date")
        case (6, UInt8(ascii: "a")): Candidate(.accept, "accept")
        case (6, UInt8(ascii: "c")): Candidate(.cookie, "cookie")
        case (6, UInt8(ascii: "e")): Candidate(.expect, "expect")
        case (6, UInt8(ascii: "p")): Candidate(.pragma, "pragma")
        case (6, UInt8(ascii: "s")): Candidate(.server, "server")
        case (7, UInt8(ascii: "t")): Candidate(.trailer, "trailer")
        case (7, UInt8(ascii: "u")): Candidate(.upgrade, "upgrade")
        case (9, UInt8(ascii: "f")): Candidate(.forwarded, "forwarded")
        case (10, UInt8(ascii: "d")): Candidate(.dpopNonce, "dpop-nonce")
        case (10, UInt8(ascii: "c")): Candidate(.connection, "connection")
        case (10, UInt8(ascii: "k")): Candidate(.keepAlive, "keep-alive")
        case (10, UInt8(ascii: "s")): Candidate(.setCookie, "set-cookie")
        case (10, UInt8(ascii: "t")): Candidate(.tracestate, "tracestate")
        case (11, UInt8(ascii: "t")): Candidate(.traceparent, "traceparent")
        default: longCandidate(length: length, first: first)
        }
    }

    /// The one known name of at least 12 letters with this length and first letter.
    @inline(__always)
    private static func longCandidate(length: Int, first: UInt8) -> Candidate? {
        switch (length, first) {
        case (12, UInt8(ascii: "c")): Candidate(.contentType, "content-type")
        case (12, UInt8(ascii: "x")): Candidate(.xRequestID, "x-request-id")
        case (13, UInt8(ascii: "a")): Candidate(.authorization, "authorization")
        case (13, UInt8(ascii: "c")): Candidate(.cacheControl, "cache-control")
        case (14, UInt8(ascii: "c")): Candidate(.contentLength, "content-length")
        case (15, UInt8(ascii: "x")): Candidate(.xForwardedFor, "x-forwarded-for")
        case (16, UInt8(ascii: "p")): Candidate(.proxyConnection, "proxy-connection")
        case (16, UInt8(ascii: "x")): Candidate(.xForwardedHost, "x-forwarded-host")
        case (17, UInt8(ascii: "t")): Candidate(.transferEncoding, "transfer-encoding")
        case (17, UInt8(ascii: "x")): Candidate(.xForwardedProto, "x-forwarded-proto")
        case (18, UInt8(ascii: "p")): Candidate(.proxyAuthenticate, "proxy-authenticate")
        case (19, UInt8(ascii: "p")): Candidate(.proxyAuthorization, "proxy-authorization")
        default: nil
        }
    }
}
