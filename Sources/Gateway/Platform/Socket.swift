import CLinux
import Glibc

/// Stream sockets: listening, accepting, connecting.
enum Socket {
    /// The most bytes that the kernel takes ahead of what it can send.
    ///
    /// A slow peer then shows as a socket that takes no more, instead of megabytes in the kernel.
    static let unsentBytesMax: Int32 = 128 * 1_024

    /// The most connections that wait to be accepted.
    static let backlogMax: Int32 = 4_096

    /// Opens a non-blocking listening socket.
    ///
    /// When it shares the port with other sockets of this process, the kernel spreads the
    /// connections over them.
    static func listen(
        on address: SocketAddress,
        sharesPort: Bool
    ) throws(Errno) -> FileDescriptor {
        let number = socket(address.family, postern_sock_stream | postern_sock_flags, 0)
        guard number >= 0 else { throw .last }
        let descriptor = FileDescriptor(owning: number)
        try set(number, SOL_SOCKET, SO_REUSEADDR, 1)
        if sharesPort { try set(number, SOL_SOCKET, SO_REUSEPORT, 1) }
        // Accepted sockets inherit both.
        setNoDelay(number)
        try set(number, Int32(IPPROTO_TCP), TCP_NOTSENT_LOWAT, unsentBytesMax)
        if address.family == AF_INET6 { try set(number, Int32(IPPROTO_IPV6), IPV6_V6ONLY, 0) }
        let bound = unsafe address.withPointer { unsafe bind(number, $0, $1) }
        guard bound == 0, Glibc.listen(number, backlogMax) == 0 else { throw .last }
        return descriptor
    }

    /// The address that a socket is bound to.
    static func localAddress(of number: Int32) throws(Errno) -> SocketAddress {
        var address = SocketAddress()
        guard unsafe address.withMutablePointer({ unsafe getsockname(number, $0, $1) }) == 0 else {
            throw .last
        }
        return address
    }

    /// Takes one waiting connection, non-blocking; `nil` when none waits.
    static func accept(
        _ listener: Int32,
        from address: inout SocketAddress
    ) throws(Errno) -> FileDescriptor? {
        while true {
            let number = unsafe address.withMutablePointer {
                unsafe postern_accept4(listener, $0, $1, postern_sock_flags)
            }
            if number >= 0 { return FileDescriptor(owning: number) }
            let error = Errno.last
            if error.isWouldBlock { return nil }
            // A connection that was reset while it waited is not this listener's fault.
            if error.isInterrupted || error.code == ECONNABORTED { continue }
            throw error
        }
    }

    /// Begins a non-blocking connection; it is made when the socket becomes writable.
    static func connect(to address: SocketAddress) throws(Errno) -> FileDescriptor {
        let number = socket(address.family, postern_sock_stream | postern_sock_flags, 0)
        guard number >= 0 else { throw .last }
        let descriptor = FileDescriptor(owning: number)
        setNoDelay(number)
        let result = unsafe address.withPointer { unsafe Glibc.connect(number, $0, $1) }
        if result != 0 {
            let error = Errno.last
            guard error.isInProgress else { throw error }
        }
        return descriptor
    }

    /// The outcome of a connection begun with `connect`; `nil` when it is made.
    static func connectFailure(of number: Int32) -> Errno? {
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard unsafe getsockopt(number, SOL_SOCKET, SO_ERROR, &code, &length) == 0 else {
            return .last
        }
        return code == 0 ? nil : Errno(code: code)
    }

    enum Transfer {
        case bytes(Int)
        case wouldBlock
        case ended
        case failed
    }

    /// Reads what has arrived.
    @inline(__always)
    static func receive(_ number: Int32, into target: UnsafeMutableRawBufferPointer) -> Transfer {
        while true {
            let count = unsafe recv(number, target.baseAddress, target.count, 0)
            if count > 0 { return .bytes(count) }
            if count == 0 { return .ended }
            if errno == EINTR { continue }
            return errno == EAGAIN ? .wouldBlock : .failed
        }
    }

    /// Sends as much as the socket takes.
    @inline(__always)
    static func send(_ number: Int32, _ source: UnsafeRawBufferPointer) -> Transfer {
        while true {
            let count = unsafe Glibc.send(
                number,
                source.baseAddress,
                source.count,
                Int32(MSG_NOSIGNAL)
            )
            if count >= 0 { return .bytes(count) }
            if errno == EINTR { continue }
            return errno == EAGAIN ? .wouldBlock : .failed
        }
    }

    /// How many bytes were handed to the kernel and not acknowledged by the peer.
    static func outstandingBytes(of number: Int32) -> Int {
        var count: Int32 = 0
        return unsafe ioctl(number, UInt(TIOCOUTQ), &count) == 0 ? Int(count) : 0
    }

    /// Sends small writes at once instead of waiting for more.
    static func setNoDelay(_ number: Int32) {
        _ = try? set(number, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
    }

    /// Ends the sending direction: the peer reads the end of the stream.
    static func shutdownWrite(_ number: Int32) {
        _ = Glibc.shutdown(number, Int32(SHUT_WR))
    }

    /// Closes a descriptor that is held as a bare number.
    static func close(_ number: Int32) {
        _ = Glibc.close(number)
    }

    /// Closes so that the peer sees a reset instead of an orderly end.
    static func reset(_ number: Int32) {
        var linger = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(
            number,
            SOL_SOCKET,
            SO_LINGER,
            &linger,
            socklen_t(MemoryLayout<linger>.size)
        )
        _ = Glibc.close(number)
    }

    private static func set(
        _ number: Int32,
        _ level: Int32,
        _ option: Int32,
        _ value: Int32
    ) throws(Errno) {
        var value = value
        let length = socklen_t(MemoryLayout<Int32>.size)
        guard unsafe setsockopt(number, level, option, &value, length) == 0 else { throw .last }
    }
}
