import Glibc

@testable import Gateway

/// An address of this machine whose connections are neither made nor refused.
final class SilentListener {
    let port: UInt16
    private let listener: FileDescriptor

    /// Connections that fill the listener's queue, which nobody empties.
    private var waiting: [Int32] = []

    init() throws {
        guard let any = SocketAddress(numeric: "127.0.0.1", port: 0) else {
            throw BlockingStream.Failure.lost
        }
        listener = try Socket.listen(on: any, sharesPort: false)
        // Listening again makes the queue as short as it can be.
        guard Glibc.listen(listener.number, 0) == 0 else { throw Errno.last }
        let address = try Socket.localAddress(of: listener.number)
        port = address.port
        for _ in 0..<8 { waiting.append(try Socket.connect(to: address).release()) }
    }

    deinit { for number in waiting { Socket.close(number) } }
}

/// Sockets of this process, as the system sees them.
enum OpenSockets {
    /// How many are connected to `port`, at their far end.
    static func count(connectedTo port: UInt16) -> Int {
        (0..<Int32(4_096)).count { number in
            var address = SocketAddress()
            let result = unsafe address.withMutablePointer { unsafe getpeername(number, $0, $1) }
            return result == 0 && address.port == port
        }
    }
}
