import CLinux
import Glibc

/// An IPv4 or IPv6 address and port, ready for a system call.
struct SocketAddress: Sendable {
    private var storage = sockaddr_storage()
    private(set) var length: socklen_t = 0

    /// Creates an address to be filled by the system.
    init() { length = socklen_t(MemoryLayout<sockaddr_storage>.size) }

    /// Reads a numeric address; `nil` when `host` is not one.
    init?(numeric host: String, port: UInt16) {
        var four = sockaddr_in()
        if unsafe inet_pton(AF_INET, host, &four.sin_addr) == 1 {
            four.sin_family = sa_family_t(AF_INET)
            four.sin_port = port.bigEndian
            unsafe withUnsafeMutableBytes(of: &storage) { target in
                unsafe withUnsafeBytes(of: &four) { unsafe target.copyMemory(from: $0) }
            }
            length = socklen_t(MemoryLayout<sockaddr_in>.size)
            return
        }
        var six = sockaddr_in6()
        guard unsafe inet_pton(AF_INET6, host, &six.sin6_addr) == 1 else { return nil }
        six.sin6_family = sa_family_t(AF_INET6)
        six.sin6_port = port.bigEndian
        unsafe withUnsafeMutableBytes(of: &storage) { target in
            unsafe withUnsafeBytes(of: &six) { unsafe target.copyMemory(from: $0) }
        }
        length = socklen_t(MemoryLayout<sockaddr_in6>.size)
    }

    /// Looks a name up, which may block for seconds: never on an event loop.
    ///
    /// - Returns: Every address the resolver knows, in its order; empty when it knows none.
    static func resolve(host: String, port: UInt16) -> [SocketAddress] {
        if let numeric = SocketAddress(numeric: host, port: port) { return [numeric] }
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(postern_sock_stream)
        var list: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(host, String(port), &hints, &list) == 0 else { return [] }
        defer { if let list = unsafe list { unsafe freeaddrinfo(list) } }
        var found: [SocketAddress] = []
        var next = unsafe list
        while let entry = unsafe next {
            var address = SocketAddress()
            if let source = unsafe entry.pointee.ai_addr {
                let length = unsafe entry.pointee.ai_addrlen
                unsafe withUnsafeMutableBytes(of: &address.storage) { target in
                    unsafe target.copyMemory(
                        from: UnsafeRawBufferPointer(start: source, count: Int(length))
                    )
                }
                address.length = length
                found.append(address)
            }
            unsafe next = entry.pointee.ai_next
        }
        return found
    }

    /// Passes the address to a system call that reads it.
    func withPointer<Result>(
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        unsafe withUnsafePointer(to: storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe body(address, length)
            }
        }
    }

    /// Passes the address to a system call that fills it.
    mutating func withMutablePointer<Result>(
        _ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Result
    ) -> Result {
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        defer { self.length = length }
        return unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe body(address, &length)
            }
        }
    }

    var family: Int32 { Int32(storage.ss_family) }

    /// The port in host byte order.
    var port: UInt16 {
        var copy = storage
        return unsafe withUnsafeBytes(of: &copy) { bytes in
            unsafe UInt16(bytes[2]) << 8 | UInt16(bytes[3])
        }
    }

    /// The 16 bytes of the address; IPv4 as `::ffff:a.b.c.d`.
    var key: AddressKey {
        var copy = storage
        return unsafe withUnsafeBytes(of: &copy) { bytes in
            if Int32(storage.ss_family) == AF_INET {
                let four = unsafe bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self)
                return AddressKey(high: 0, low: 0xFFFF_0000_0000 | UInt64(four.bigEndian))
            }
            let high = unsafe bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
            let low = unsafe bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
            return AddressKey(high: high.bigEndian, low: low.bigEndian)
        }
    }

    /// The address in its usual text form, without the port; `::ffff:` IPv4 as plain IPv4.
    var hostText: String {
        if let four = key.ipv4 {
            return "\(four >> 24).\(four >> 16 & 255).\(four >> 8 & 255).\(four & 255)"
        }
        var copy = storage
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        unsafe withUnsafeBytes(of: &copy) { bytes in
            if let start = bytes.baseAddress {
                _ = unsafe inet_ntop(AF_INET6, start + 8, &text, socklen_t(text.count))
            }
        }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

/// An address without its port, for counting connections.
struct AddressKey: Hashable, Sendable {
    let high: UInt64
    let low: UInt64

    /// The IPv4 address, when it is one.
    var ipv4: UInt32? {
        high == 0 && low >> 32 == 0xFFFF ? UInt32(truncatingIfNeeded: low) : nil
    }

    /// Whether it is 127.0.0.0/8 or ::1.
    var isLoopback: Bool {
        if let four = ipv4 { return four >> 24 == 127 }
        return high == 0 && low == 1
    }
}
