extension URLParts {
    /// The longest URL that the gateway asks anything of, in bytes.
    static let bytesMax = 2_048

    /// Says why nothing may be fetched from here.
    ///
    /// - Parameter things: What is fetched, in the plural, as a message puts it.
    /// - Returns: The reason; `nil` when it may.
    func fault(asPlaceOf things: String) -> String? {
        if hasUser { return "a URL of \(things) has no user name or password" }
        if hasFaultyPort { return "a URL of \(things) has a port between 1 and 65535" }
        if tail.contains("#") { return "a URL of \(things) has no fragment" }
        if !tail.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x5C }) {
            return "a URL of \(things) holds only visible ASCII characters and no `\\`"
        }
        if host.utf8.count + tail.utf8.count > Self.bytesMax - 16 {
            return "a URL of \(things) has at most \(Self.bytesMax) bytes"
        }
        if !HostName.isHostOrAddress(host) { return "the URL names no host" }
        switch scheme {
        case "https": return nil
        case "http" where HostName.isLoopback(host): return nil
        case "http": return "\(things) come over https, or over http from a loopback address"
        default: return "unknown scheme of a URL; wanted `https`"
        }
    }
}
