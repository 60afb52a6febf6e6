import COpenSSL
import Glibc

/// A connection that is read and written by a thread that may wait, with or without TLS.
///
/// Every call ends by the deadline given at creation, which bounds the whole conversation: a peer
/// cannot hold the thread by being slow.
struct BlockingStream: ~Copyable {
    /// Why a conversation ended.
    enum Failure: Error, Hashable, Sendable {
        /// The peer closed, reset, or broke TLS.
        case lost

        /// The deadline has passed.
        case late
    }

    private let descriptor: FileDescriptor

    /// `SSL *`, 0 without TLS.
    private let session: UInt

    /// When every call fails, in `Clock.monotonicMilliseconds()`.
    var deadline: Int64

    /// Takes over an accepted connection that does not block; with a context it speaks TLS.
    ///
    /// - Parameters:
    ///   - descriptor: The connection.
    ///   - context: Where its certificate is.
    ///   - milliseconds: How long from now the conversation may last.
    init?(accepting descriptor: consuming FileDescriptor, context: TLSContext?, milliseconds: Int) {
        if let context {
            guard let made = unsafe context.makeServerSession() else { return nil }
            guard unsafe SSL_set_fd(made, descriptor.number) == 1 else {
                OpenSSLErrors.clear()
                unsafe SSL_free(made)
                return nil
            }
            session = UInt(bitPattern: made)
        } else {
            session = 0
        }
        self.descriptor = descriptor
        deadline = Clock.monotonicMilliseconds() + Int64(milliseconds)
    }

    /// Takes over a connection that was made, and its session after the handshake, or 0.
    init(connected descriptor: consuming FileDescriptor, session: UInt, deadline: Int64) {
        self.descriptor = descriptor
        self.session = session
        self.deadline = deadline
    }

    deinit {
        if session != 0 {
            unsafe _ = SSL_shutdown(OpaquePointer(bitPattern: session))
            OpenSSLErrors.clear()
            unsafe SSL_free(OpaquePointer(bitPattern: session))
        }
    }

    /// Reads at least one byte and at most `countMax`; empty at the end of the stream.
    func read(countMax: Int = 16_384) throws(Failure) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: countMax)
        while true {
            let count = session == 0 ? readPlain(&bytes) : readTLS(&bytes)
            switch count {
            case .moved(let count):
                bytes.removeLast(countMax - count)
                return bytes
            case .blocked(let readiness): try wait(for: readiness)
            case .lost: throw .lost
            }
        }
    }

    /// Writes all of `bytes`.
    func write(_ bytes: [UInt8]) throws(Failure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            switch session == 0 ? writePlain(rest) : writeTLS(rest) {
            case .moved(let count): rest = rest.dropFirst(count)
            case .blocked(let readiness): try wait(for: readiness)
            case .lost: throw .lost
            }
        }
    }

    private func wait(for readiness: Readiness) throws(Failure) {
        let left = deadline - Clock.monotonicMilliseconds()
        guard left > 0,
            Readiness.wait(for: readiness, of: descriptor.number, milliseconds: Int(left))
        else { throw .late }
    }
}

extension BlockingStream {
    private enum Outcome {
        case moved(Int)
        case blocked(Readiness)
        case lost
    }

    private func readPlain(_ bytes: inout [UInt8]) -> Outcome {
        let count = unsafe bytes.withUnsafeMutableBytes {
            unsafe Glibc.read(descriptor.number, $0.baseAddress, $0.count)
        }
        return plainOutcome(count, blocked: .reading)
    }

    private func writePlain(_ bytes: ArraySlice<UInt8>) -> Outcome {
        let count = unsafe bytes.withUnsafeBytes {
            unsafe Glibc.write(descriptor.number, $0.baseAddress, $0.count)
        }
        return plainOutcome(count, blocked: .writing)
    }

    private func plainOutcome(_ count: Int, blocked readiness: Readiness) -> Outcome {
        if count >= 0 { return .moved(count) }
        let error = Errno.last
        return error.isWouldBlock || error.isInterrupted ? .blocked(readiness) : .lost
    }

    private func readTLS(_ bytes: inout [UInt8]) -> Outcome {
        OpenSSLErrors.clear()
        let result = unsafe bytes.withUnsafeMutableBytes {
            unsafe SSL_read(
                OpaquePointer(bitPattern: session),
                $0.baseAddress,
                Int32(clamping: $0.count)
            )
        }
        return tlsOutcome(result)
    }

    private func writeTLS(_ bytes: ArraySlice<UInt8>) -> Outcome {
        OpenSSLErrors.clear()
        let result = unsafe bytes.withUnsafeBytes {
            unsafe SSL_write(
                OpaquePointer(bitPattern: session),
                $0.baseAddress,
                Int32(clamping: $0.count)
            )
        }
        return tlsOutcome(result)
    }

    private func tlsOutcome(_ result: Int32) -> Outcome {
        if result > 0 { return .moved(Int(result)) }
        let error = unsafe SSL_get_error(OpaquePointer(bitPattern: session), result)
        OpenSSLErrors.clear()
        switch error {
        case SSL_ERROR_WANT_READ: return .blocked(.reading)
        case SSL_ERROR_WANT_WRITE: return .blocked(.writing)
        case SSL_ERROR_ZERO_RETURN: return .moved(0)
        default: return .lost
        }
    }
}
