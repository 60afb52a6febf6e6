import CLinux
import Glibc

/// The reason why a system call failed.
struct Errno: Error, Hashable, Sendable, CustomStringConvertible {
    /// The value of `errno`.
    let code: Int32

    /// The reason of the call that has just failed on this thread.
    static var last: Errno { Errno(code: errno) }

    /// The system's own words, such as `Address already in use`.
    var description: String {
        var text = [CChar](repeating: 0, count: 256)
        guard Self.describe(code, &text) else { return "error \(code)" }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Fills `text` with the C library's words for `code`.
    private static func describe(_ code: Int32, _ text: inout [CChar]) -> Bool {
        guard let words = unsafe strerror(code) else { return false }
        let length = min(unsafe strlen(words), text.count - 1)
        for index in 0..<length { text[index] = unsafe words[index] }
        text[length] = 0
        return true
    }

    var isWouldBlock: Bool { code == EAGAIN || code == EWOULDBLOCK }
    var isInterrupted: Bool { code == EINTR }
    var isInvalid: Bool { code == EINVAL }
    var isInProgress: Bool { code == EINPROGRESS }
}
