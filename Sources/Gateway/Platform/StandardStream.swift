import Glibc

/// Standard output and standard error, written whole and unbuffered.
enum StandardStream: Int32, Sendable {
    case output = 1
    case error = 2

    /// Writes all of `text`; a reader that has gone away is not an error.
    ///
    /// Standard output that takes no more, a full disk for example, ends the process with 1: what
    /// is missing from it must not look as if it never was.
    func write(_ text: String) { write(Array(text.utf8)) }

    /// Writes all of `contents` in the same way.
    func write(_ contents: [UInt8]) {
        var bytes = contents[...]
        while !bytes.isEmpty {
            let written = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(rawValue, $0.baseAddress, $0.count)
            }
            if written < 0 && errno == EINTR { continue }
            if written < 0 && errno == EAGAIN && self == .output {
                waitForRoom()
                continue
            }
            guard written > 0 else { return fail(Errno.last) }
            bytes = bytes.dropFirst(written)
        }
    }

    private func waitForRoom() {
        var watched = pollfd(fd: rawValue, events: Int16(POLLOUT), revents: 0)
        _ = unsafe poll(&watched, 1, -1)
    }

    private func fail(_ reason: Errno) {
        guard self == .output, reason.code != EPIPE else { return }
        StandardStream.error.writeLine("postern: cannot write to standard output: \(reason)")
        OperatingProcess.exit(ExitStatus.failed.rawValue)
    }

    /// Writes `text` and the end of the line.
    func writeLine(_ text: String) { write(text + "\n") }

    /// Whether whoever read it has gone away.
    var isBroken: Bool {
        var watched = pollfd(fd: rawValue, events: 0, revents: 0)
        return unsafe poll(&watched, 1, 0) > 0 && watched.revents & Int16(POLLERR) != 0
    }
}
