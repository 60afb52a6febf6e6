/// Ports of the loopback address that nobody listens on.
enum FreePort {
    /// Whether a listener on the port would be the only one.
    static func isFree(_ port: UInt16) -> Bool { probe(port) == port }

    /// A free port that the system chooses; `nil` when there is none.
    static func find() -> UInt16? { probe(0) }

    private static func probe(_ port: UInt16) -> UInt16? {
        guard let address = SocketAddress(numeric: "127.0.0.1", port: port) else { return nil }
        do throws(Errno) {
            let listener = try Socket.listen(on: address, sharesPort: false)
            return try Socket.localAddress(of: listener.number).port
        } catch {
            return nil
        }
    }
}
