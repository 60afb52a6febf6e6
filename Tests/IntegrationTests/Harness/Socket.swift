import Foundation
import Glibc
import Synchronization

/// A TCP socket on 127.0.0.1, never blocking for longer than it is told to.
final class Socket: Sendable {
    let descriptor: Int32
    private let isClosed = Atomic<Bool>(false)

    init(owning descriptor: Int32) {
        self.descriptor = descriptor
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    deinit { close() }

    /// Connects to a port of this machine.
    static func connected(to port: UInt16, seconds: Double = 5) throws -> Socket {
        let socket = try make()
        var address = loopback(port)
        let outcome = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(
                    socket.descriptor,
                    $0,
                    socklen_t(MemoryLayout<sockaddr_in>.size)
                )
            }
        }
        if outcome != 0 {
            guard errno == EINPROGRESS else { throw Trouble.system(call: "connect", errno: errno) }
            let ready = try socket.waits(for: Int16(POLLOUT), Deadline(seconds: seconds))
            guard ready else { throw Trouble.timedOut("connecting to \(port)") }
            let failure = socket.pendingError
            guard failure == 0 else { throw Trouble.system(call: "connect", errno: failure) }
        }
        socket.setOption(Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        return socket
    }

    /// Listens on a port of this machine; 0 lets the kernel choose a free one.
    static func listening(on port: UInt16 = 0, backlog: Int32 = 512) throws -> Socket {
        let socket = try make()
        socket.setOption(SOL_SOCKET, SO_REUSEADDR, 1)
        var address = loopback(port)
        let outcome = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.bind(socket.descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard outcome == 0 else { throw Trouble.system(call: "bind", errno: errno) }
        guard Glibc.listen(socket.descriptor, backlog) == 0 else {
            throw Trouble.system(call: "listen", errno: errno)
        }
        return socket
    }

    /// The port this end is bound to.
    var port: UInt16 {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(descriptor, $0, &length)
            }
        }
        return UInt16(bigEndian: address.sin_port)
    }

    /// The next connection; `nil` when none came in time or the listener was shut down.
    func accepted(seconds: Double) throws -> Socket? {
        guard try waits(for: Int16(POLLIN), Deadline(seconds: seconds)) else { return nil }
        let accepted = Glibc.accept(descriptor, nil, nil)
        guard accepted >= 0 else { return nil }
        let socket = Socket(owning: accepted)
        socket.setOption(Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        return socket
    }

    func setOption(_ level: Int32, _ name: Int32, _ value: Int32) {
        var value = value
        _ = unsafe setsockopt(descriptor, level, name, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Ends both directions; threads that wait on this socket wake up.
    func shutdownBoth() {
        _ = Glibc.shutdown(descriptor, Int32(SHUT_RDWR))
    }

    /// Says that nothing more will be sent.
    func shutdownWriting() {
        _ = Glibc.shutdown(descriptor, Int32(SHUT_WR))
    }

    func close() {
        guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else { return }
        _ = Glibc.close(descriptor)
    }

    /// Closes with a RST instead of a FIN.
    func abort() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(
            descriptor,
            SOL_SOCKET,
            SO_LINGER,
            &linger,
            socklen_t(MemoryLayout.size(ofValue: linger))
        )
        close()
    }
}

extension Socket {
    /// Sends everything.
    func send(_ bytes: [UInt8], seconds: Double = 10) throws {
        let deadline = Deadline(seconds: seconds)
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[sent...])
                return unsafe Glibc.send(
                    descriptor,
                    rest.baseAddress,
                    rest.count,
                    Int32(MSG_NOSIGNAL)
                )
            }
            if count >= 0 {
                sent += count
                continue
            }
            switch errno {
            case EAGAIN:
                guard try waits(for: Int16(POLLOUT), deadline) else {
                    throw Trouble.timedOut("sending, \(sent) of \(bytes.count) bytes gone")
                }
            case EINTR: continue
            case EPIPE, ECONNRESET: throw Trouble.reset("sending")
            default: throw Trouble.system(call: "send", errno: errno)
            }
        }
    }

    /// Receives what there is, waiting for at least one byte; empty at the end.
    func receive(_ deadline: Deadline) throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe Glibc.recv(descriptor, $0.baseAddress, $0.count, 0)
            }
            if count >= 0 { return Array(buffer.prefix(count)) }
            switch errno {
            case EAGAIN:
                guard try waits(for: Int16(POLLIN), deadline) else {
                    throw Trouble.timedOut("receiving")
                }
            case EINTR: continue
            case ECONNRESET: throw Trouble.reset("receiving")
            default: throw Trouble.system(call: "recv", errno: errno)
            }
        }
    }

    /// Whether the other side is gone; reads nothing.
    var hasHungUp: Bool {
        var item = pollfd(fd: descriptor, events: 0, revents: 0)
        _ = unsafe poll(&item, 1, 0)
        return item.revents & Int16(POLLHUP | POLLERR) != 0
    }

    private static func make() throws -> Socket {
        let descriptor = Glibc.socket(
            AF_INET,
            Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue),
            0
        )
        guard descriptor >= 0 else { throw Trouble.system(call: "socket", errno: errno) }
        return Socket(owning: descriptor)
    }

    private static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    private var pendingError: Int32 {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        _ = unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &value, &length)
        return value
    }

    /// Whether the socket became ready before the deadline.
    private func waits(for events: Int16, _ deadline: Deadline) throws -> Bool {
        while true {
            var item = pollfd(fd: descriptor, events: events, revents: 0)
            let count = unsafe poll(&item, 1, deadline.remainingMilliseconds)
            if count > 0 { return true }
            if count == 0 { return false }
            guard errno == EINTR else { throw Trouble.system(call: "poll", errno: errno) }
        }
    }
}
