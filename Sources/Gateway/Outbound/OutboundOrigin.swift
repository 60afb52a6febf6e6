/// What a connection goes to, and whose certificates are good for it; one connection serves the
/// requests of one origin only.
struct OutboundOrigin: Hashable, Sendable {
    let isTLS: Bool

    /// A name in small letters or an address without brackets.
    let host: String
    let port: UInt16

    /// Certificate authorities; `nil` is the system's store, and always so without TLS.
    let caPath: String?

    init(_ url: OutboundURL, caPath: String?) {
        isTLS = url.isTLS
        host = url.host.lowercased()
        port = url.port
        self.caPath = url.isTLS ? caPath : nil
    }
}
