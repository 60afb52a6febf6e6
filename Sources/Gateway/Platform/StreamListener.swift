import Glibc
import Synchronization

/// A listening socket whose connections get a thread each: for administration and for the stub
/// issuer, which see few of them; never for clients.
final class StreamListener: Sendable {
    /// The port, chosen by the system when it was asked for port 0.
    let port: UInt16

    private let shared: Shared

    /// Listens on `address` and calls `serve` on a thread of its own for every connection.
    ///
    /// - Parameters:
    ///   - address: Where to listen.
    ///   - name: What the threads are called, at most 15 bytes.
    ///   - connectionsMax: Connections beyond that many at a time are closed at once.
    ///   - serve: Owns the connection, which does not block, and returns when it is done.
    /// - Throws: The reason why the address cannot be listened on.
    init(
        on address: SocketAddress,
        name: String,
        connectionsMax: Int,
        serve: @escaping @Sendable (consuming FileDescriptor) -> Void
    ) throws(Errno) {
        let descriptor = try Socket.listen(on: address, sharesPort: false)
        port = try Socket.localAddress(of: descriptor.number).port
        let shared = Shared(descriptor.release())
        self.shared = shared
        try Thread(name: name) {
            Self.accept(shared, name: name, connectionsMax: connectionsMax, serve: serve)
        }.detach()
    }

    deinit { stop() }

    /// Accepts no more; connections that are being served go on to their end.
    func stop() {
        guard !shared.isStopped.exchange(true, ordering: .sequentiallyConsistent) else { return }
        // It makes the poll of the accepting thread return, which then closes the descriptor.
        _ = shutdown(shared.number, Int32(SHUT_RDWR))
    }

    private static func accept(
        _ shared: Shared,
        name: String,
        connectionsMax: Int,
        serve: @escaping @Sendable (consuming FileDescriptor) -> Void
    ) {
        while Readiness.wait(for: .reading, of: shared.number, milliseconds: -1) {
            if shared.isStopped.load(ordering: .sequentiallyConsistent) { return }
            var address = SocketAddress()
            guard let found = try? Socket.accept(shared.number, from: &address) else { continue }
            let number = found.release()
            let before = shared.connections.add(1, ordering: .relaxed).oldValue
            guard before < connectionsMax else {
                Socket.close(number)
                shared.connections.subtract(1, ordering: .relaxed)
                continue
            }
            do throws(Errno) {
                try Thread(name: name) {
                    serve(FileDescriptor(owning: number))
                    shared.connections.subtract(1, ordering: .relaxed)
                }.detach()
            } catch {
                Socket.close(number)
                shared.connections.subtract(1, ordering: .relaxed)
            }
        }
    }

    /// What the accepting thread and the owner both hold.
    private final class Shared: Sendable {
        let number: Int32
        let isStopped = Atomic(false)
        let connections = Atomic(0)

        init(_ number: Int32) { self.number = number }

        deinit { Socket.close(number) }
    }
}
