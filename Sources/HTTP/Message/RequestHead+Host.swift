extension RequestHead {
    /// Finds the host asked for (RFC 9112 section 3.2, RFC 9110 section 7.2).
    ///
    /// HTTP/1.1 has exactly one `Host`, HTTP/1.0 at most one. A target with an authority of its own
    /// must name the same one: which of two a server believes is how requests reach wrong tenants.
    mutating func readHost(_ head: Span<UInt8>) throws(HeadFailure) {
        let named = authority
        guard let index = fields.firstIndex(of: .host) else {
            guard version == .http10 else { throw .hostInvalid }
            try takeAuthority(head, named)
            return
        }
        guard fields.count(of: .host) == 1 else { throw .hostInvalid }
        let asked = fields[index].value
        guard !asked.isEmpty else { throw .hostInvalid }
        try takeAuthority(head, asked)
        switch targetForm {
        case .absolute, .authority:
            guard head.equalsIgnoringCase(named, asked) else { throw .hostInvalid }
        case .origin, .asterisk:
            break
        }
    }

    /// Makes `range` the authority of this request; an empty one stays empty.
    private mutating func takeAuthority(
        _ head: Span<UInt8>,
        _ range: Range<Int>
    ) throws(HeadFailure) {
        authority = range
        host = 0..<0
        guard !range.isEmpty || targetForm == .absolute else { return }
        guard let parts = Authority(head, in: range) else { throw .hostInvalid }
        host = parts.host
    }
}
