import Foundation
import Glibc
import Synchronization

/// A program that a test started, what it printed, and how it ended.
final class ChildProcess: Sendable {
    /// How a process ended.
    enum Ending: Hashable, Sendable {
        case exited(Int32)
        case killed(signal: Int32)
    }

    let processIdentifier: pid_t
    let output = Observed<[UInt8]>([])
    let errors = Observed<[UInt8]>([])
    private let ending = Observed<Ending?>(nil)
    private let openStreams = Observed(2)
    private let input: Socket?

    /// Starts a program found by its path, or by its name in `PATH`.
    init(
        _ program: String,
        _ arguments: [String] = [],
        folder: String? = nil,
        environment: [String: String] = [:]
    ) throws {
        let out = try Pipe.make()
        let err = try Pipe.make()
        defer {
            _ = Glibc.close(out.writing)
            _ = Glibc.close(err.writing)
        }
        input = nil
        processIdentifier = try Spawn(
            program: program,
            arguments: arguments,
            folder: folder,
            environment: environment,
            output: out.writing,
            errors: err.writing
        ).start()
        collect(out.reading, in: output)
        collect(err.reading, in: errors)
        awaitEnd()
    }

    var outputText: String { String(decoding: output.value, as: UTF8.self) }

    var errorText: String { String(decoding: errors.value, as: UTF8.self) }

    var isRunning: Bool { ending.value == nil }

    /// Sends a signal, to this process only and only while it is ours.
    func signal(_ number: Int32) {
        ending.update { ending in
            if ending == nil { _ = kill(processIdentifier, number) }
        }
    }

    /// How it ended; `nil` when it still runs after that time.
    func waitForEnd(seconds: Double = 10) -> Ending? {
        guard let ended = ending.wait(seconds: seconds, for: { $0 }) else { return nil }
        _ = openStreams.wait(seconds: 2) { $0 == 0 ? true : nil }
        return ended
    }

    /// Kills it, if it runs, and waits until it is gone.
    @discardableResult
    func end() -> Ending? {
        signal(SIGKILL)
        return waitForEnd(seconds: 10)
    }

    /// Waits until standard output holds a text.
    func waitForOutput(_ text: String, seconds: Double = 10) -> Bool {
        output.wait(seconds: seconds) { bytes in
            String(decoding: bytes, as: UTF8.self).contains(text) ? true : nil
        } ?? false
    }

    /// Waits until standard error holds a text.
    func waitForErrors(_ text: String, seconds: Double = 10) -> Bool {
        errors.wait(seconds: seconds) { bytes in
            String(decoding: bytes, as: UTF8.self).contains(text) ? true : nil
        } ?? false
    }

    private func collect(_ descriptor: Int32, in destination: Observed<[UInt8]>) {
        let openStreams = openStreams
        Thread.detachNewThread {
            var buffer = [UInt8](repeating: 0, count: 16_384)
            while true {
                let count = unsafe buffer.withUnsafeMutableBytes {
                    unsafe read(descriptor, $0.baseAddress, $0.count)
                }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { break }
                let piece = Array(buffer.prefix(count))
                destination.update { $0 += piece }
            }
            _ = Glibc.close(descriptor)
            openStreams.update { $0 -= 1 }
        }
    }

    private func awaitEnd() {
        let ending = ending
        let identifier = processIdentifier
        Thread.detachNewThread {
            var details = unsafe siginfo_t()
            while unsafe waitid(P_PID, id_t(identifier), &details, WEXITED | WNOWAIT) != 0 {
                guard errno == EINTR else { return }
            }
            ending.update { ending in
                var status: Int32 = 0
                _ = unsafe waitpid(identifier, &status, 0)
                let signal = status & 0x7F
                ending = signal == 0 ? .exited((status >> 8) & 0xFF) : .killed(signal: signal)
            }
        }
    }
}

/// Two ends of a pipe, neither of which a child inherits by itself.
private enum Pipe {
    static func make() throws -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [0, 0]
        guard unsafe pipe(&ends) == 0 else {
            throw Trouble.system(call: "pipe", errno: errno)
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }
}
