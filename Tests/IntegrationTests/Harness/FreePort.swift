import Foundation
import Synchronization

/// Ports that nobody listens on, below the range that outgoing connections take theirs from.
enum FreePort {
    private static let cursor = Atomic<UInt32>(
        UInt32(truncatingIfNeeded: ProcessInfo.processInfo.processIdentifier) &* 37
    )

    /// A port that was free a moment ago and that no other test of this process is given.
    static func next() throws -> UInt16 {
        for _ in 0..<2_000 {
            let step = cursor.add(1, ordering: .relaxed).newValue
            let port = UInt16(12_000 + step % 20_000)
            if let probe = try? Socket.listening(on: port) {
                probe.close()
                return port
            }
        }
        throw Trouble.unavailable("no free port")
    }
}
