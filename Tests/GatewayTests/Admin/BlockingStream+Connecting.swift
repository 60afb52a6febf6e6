import Testing

@testable import Gateway

extension BlockingStream {
    /// A connection without TLS to a listener of this machine.
    init(connectingTo port: UInt16, milliseconds: Int = 10_000) throws {
        let address = try #require(SocketAddress(numeric: "127.0.0.1", port: port))
        let descriptor = try Socket.connect(to: address)
        _ = Readiness.wait(for: .writing, of: descriptor.number, milliseconds: milliseconds)
        let stream = BlockingStream(
            accepting: descriptor,
            context: nil,
            milliseconds: milliseconds
        )
        guard let stream else { throw BlockingStream.Failure.lost }
        self = stream
    }
}
