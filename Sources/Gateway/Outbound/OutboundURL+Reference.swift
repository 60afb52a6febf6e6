extension OutboundURL {
    /// The URL that `reference` leads to from here (RFC 3986 section 5.2), without its fragment.
    ///
    /// - Returns: `nil` when that is no URL that the gateway asks anything of.
    func resolving(_ reference: String) -> OutboundURL? {
        let reference = String(reference.prefix { $0 != "#" })
        if Self.hasScheme(reference) { return OutboundURL(reference)?.withoutDotSegments }
        let origin = (isTLS ? "https://" : "http://") + authority
        let path = String(target.prefix { $0 != "?" })
        let text =
            if reference.hasPrefix("//") {
                (isTLS ? "https:" : "http:") + reference
            } else if reference.hasPrefix("/") {
                origin + reference
            } else if reference.hasPrefix("?") {
                origin + path + reference
            } else if reference.isEmpty {
                origin + target
            } else {
                origin + path[...(path.lastIndex(of: "/") ?? path.startIndex)] + reference
            }
        return OutboundURL(text)?.withoutDotSegments
    }

    /// Whether a reference begins with a scheme (RFC 3986 section 3.1) and a colon.
    private static func hasScheme(_ reference: String) -> Bool {
        let name = reference.prefix { !":/?".contains($0) }
        guard reference.dropFirst(name.count).first == ":", let first = name.first else {
            return false
        }
        return first.isLetter
            && name.allSatisfy { $0.isLetter || $0.isNumber || "+-.".contains($0) }
    }

    /// The same with the segments `.` and `..` of the path taken out (RFC 3986 section 5.2.4).
    private var withoutDotSegments: OutboundURL? {
        let path = target.prefix { $0 != "?" }
        var kept: [Substring] = []
        let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        for (index, segment) in segments.enumerated() {
            let isLast = index == segments.count - 1
            switch segment {
            case ".": if isLast { kept.append("") }
            case "..":
                _ = kept.popLast()
                if isLast { kept.append("") }
            default: kept.append(segment)
            }
        }
        let origin = (isTLS ? "https://" : "http://") + authority
        return OutboundURL(
            origin + "/" + kept.joined(separator: "/") + target.dropFirst(path.count)
        )
    }
}
