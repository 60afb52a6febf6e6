import COpenSSL
import Glibc

/// Where OpenSSL reads from and writes to: the socket of the connection in hand.
///
/// One stage serves all TLS sessions of a loop. Before an operation the connection puts its socket
/// and readiness in; ciphertext that OpenSSL writes collects here and leaves in one system call
/// after the operation, and a socket that is known to be empty is not read again.
@safe final class WireStage {
    /// The most ciphertext that one operation may produce: four full records and a handshake flight.
    static let outputBytesMax = 96 * 1_024

    private let state: UnsafeMutablePointer<State>
    private let method: OpaquePointer

    /// Creates a stage; `nil` when memory is short.
    init?() {
        guard
            let method = unsafe BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "postern")
        else { return nil }
        unsafe self.method = method
        unsafe BIO_meth_set_read(method, readWire)
        unsafe BIO_meth_set_write(method, writeWire)
        unsafe BIO_meth_set_ctrl(method, controlWire)
        unsafe state = .allocate(capacity: 1)
        unsafe state.initialize(to: State(output: .allocate(capacity: Self.outputBytesMax)))
    }

    deinit {
        unsafe state.pointee.output.deallocate()
        unsafe state.deallocate()
        unsafe BIO_meth_free(method)
    }

    /// Makes `session` read and write through this stage.
    func attach(_ session: OpaquePointer) -> Bool {
        guard let bio = unsafe BIO_new(method) else {
            ERR_clear_error()
            return false
        }
        unsafe BIO_set_data(bio, state)
        unsafe BIO_set_init(bio, 1)
        unsafe SSL_set_bio(session, bio, bio)
        return true
    }

    /// Puts a connection in hand.
    @inline(__always)
    func take(socket: Int32, canRead: Bool, peerEnded: Bool) {
        unsafe state.pointee.socket = socket
        unsafe state.pointee.canRead = canRead
        unsafe state.pointee.peerEnded = peerEnded
        unsafe state.pointee.ended = false
    }

    /// Whether the socket may still have bytes, after an operation.
    @inline(__always) var canRead: Bool { unsafe state.pointee.canRead }

    /// Whether the socket's stream has ended or broken, after an operation.
    @inline(__always) var hasEnded: Bool { unsafe state.pointee.ended }

    /// The ciphertext to send.
    @inline(__always) var output: UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(start: state.pointee.output, count: state.pointee.count)
    }

    /// Whether there is ciphertext to send.
    @inline(__always) var hasOutput: Bool { unsafe state.pointee.count > 0 }

    /// Forgets the ciphertext.
    @inline(__always) func clearOutput() { unsafe state.pointee.count = 0 }

    @safe fileprivate struct State {
        let output: UnsafeMutablePointer<UInt8>
        var count = 0
        var socket: Int32 = -1
        var canRead = false
        var peerEnded = false
        var ended = false
    }
}

private func readWire(
    _ bio: OpaquePointer?,
    _ target: UnsafeMutablePointer<CChar>?,
    _ length: Int32
) -> Int32 {
    unsafe BIO_clear_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_WRITE | BIO_FLAGS_SHOULD_RETRY)
    guard let data = unsafe BIO_get_data(bio), let target = unsafe target, length > 0 else {
        return -1
    }
    let state = unsafe data.assumingMemoryBound(to: WireStage.State.self)
    if unsafe state.pointee.canRead {
        while true {
            let count = unsafe recv(state.pointee.socket, target, Int(length), 0)
            if count > 0 {
                // A stream socket that gave less than asked for is empty (epoll(7)), unless its end
                // has been reported already and is still to be read.
                if count < Int(length), unsafe !state.pointee.peerEnded {
                    unsafe state.pointee.canRead = false
                }
                return Int32(count)
            }
            if count < 0 && errno == EINTR { continue }
            if count < 0 && errno == EAGAIN { break }
            unsafe state.pointee.ended = true
            return count == 0 ? 0 : -1
        }
        unsafe state.pointee.canRead = false
    }
    unsafe BIO_set_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_SHOULD_RETRY)
    return -1
}

private func writeWire(
    _ bio: OpaquePointer?,
    _ source: UnsafePointer<CChar>?,
    _ length: Int32
) -> Int32 {
    unsafe BIO_clear_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_WRITE | BIO_FLAGS_SHOULD_RETRY)
    guard let data = unsafe BIO_get_data(bio), let source = unsafe source, length > 0 else {
        return -1
    }
    let state = unsafe data.assumingMemoryBound(to: WireStage.State.self)
    let room = unsafe WireStage.outputBytesMax - state.pointee.count
    guard room >= Int(length) else {
        unsafe BIO_set_flags(bio, BIO_FLAGS_WRITE | BIO_FLAGS_SHOULD_RETRY)
        return -1
    }
    unsafe memcpy(state.pointee.output + state.pointee.count, source, Int(length))
    unsafe state.pointee.count += Int(length)
    return length
}

private func controlWire(
    _ bio: OpaquePointer?,
    _ command: Int32,
    _ number: Int,
    _ pointer: UnsafeMutableRawPointer?
) -> Int {
    command == BIO_CTRL_FLUSH ? 1 : 0
}
