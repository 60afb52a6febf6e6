extension RequestHead {
    /// The most bytes of a method; the longest registered one has 17.
    static let methodBytesMax = 32

    /// Reads method, target and version (RFC 9112 section 3) and answers where the line ends.
    ///
    /// One space, and no other whitespace, stands between the three.
    mutating func readRequestLine(
        _ head: Span<UInt8>,
        targetBytesMax: Int
    ) throws(HeadFailure) -> Int {
        let start = Self.startOfLine(head)
        let methodEnd = head.endOfToken(from: start)
        guard
            methodEnd > start,
            methodEnd - start <= Self.methodBytesMax,
            methodEnd < head.count,
            head[methodEnd] == ASCII.space
        else { throw .requestMalformed }
        methodRange = start..<methodEnd
        method = Method(head, in: methodRange)

        let targetEnd = head.endOfVisible(from: methodEnd + 1)
        target = methodEnd + 1..<targetEnd
        guard target.count <= targetBytesMax else { throw .targetTooLong }
        guard !target.isEmpty, targetEnd < head.count, head[targetEnd] == ASCII.space else {
            throw .requestMalformed
        }

        version = try HTTPVersion(head, at: targetEnd + 1, otherwise: .requestMalformed)
        let end = targetEnd + 9
        guard
            head.count - end >= 2,
            head[end] == ASCII.carriageReturn,
            head[end + 1] == ASCII.lineFeed
        else { throw .requestMalformed }
        return end + 2
    }

    /// Where the request line begins: behind one empty line, if there is one (section 2.2).
    private static func startOfLine(_ head: Span<UInt8>) -> Int {
        guard head.count >= 2, head[0] == ASCII.carriageReturn, head[1] == ASCII.lineFeed else {
            return 0
        }
        return 2
    }

    /// Splits the target into authority, path and query (RFC 9112 section 3.2).
    mutating func readTarget(_ head: Span<UInt8>) throws(HeadFailure) {
        authority = 0..<0
        queryRange = nil
        pathRange = target.upperBound..<target.upperBound
        let first = head[target.lowerBound]
        if method == .connect {
            guard Authority(head, in: target)?.hasPort == true else { throw .requestMalformed }
            targetForm = .authority
            authority = target
        } else if first == UInt8(ascii: "/") {
            targetForm = .origin
            splitQuery(head, from: target.lowerBound)
        } else if first == UInt8(ascii: "*"), target.count == 1, method == .options {
            targetForm = .asterisk
        } else {
            targetForm = .absolute
            try readAbsoluteTarget(head)
        }
    }

    /// Reads `http://` or `https://`, an authority, and what follows it.
    private mutating func readAbsoluteTarget(_ head: Span<UInt8>) throws(HeadFailure) {
        guard let start = Self.endOfScheme(head, in: target) else { throw .requestMalformed }
        var end = start
        while end < target.upperBound, !Self.endsAuthority(head[end]) { end += 1 }
        authority = start..<end
        splitQuery(head, from: end)
    }

    private static func endOfScheme(_ head: Span<UInt8>, in target: Range<Int>) -> Int? {
        let start = target.lowerBound
        if target.count >= 7, head.equalsIgnoringCase("http://", in: start..<start + 7) {
            return start + 7
        }
        if target.count >= 8, head.equalsIgnoringCase("https://", in: start..<start + 8) {
            return start + 8
        }
        return nil
    }

    private static func endsAuthority(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#")
    }

    private mutating func splitQuery(_ head: Span<UInt8>, from start: Int) {
        let mark = head.firstOffset(of: UInt8(ascii: "?"), from: start, to: target.upperBound)
        pathRange = start..<mark
        queryRange = mark < target.upperBound ? mark + 1..<target.upperBound : nil
    }
}
