import Synchronization

/// The shippers of a journal, which a reload may change.
final class Shippers: Sendable {
    private let journalPath: String
    private let client: OutboundClient
    private let holds: SegmentHolds
    private let report: @Sendable (String) -> Void
    private let running = Mutex<[ShippingThread]>([])

    /// How long what is left may take to be sent when the gateway stops.
    private static let finishMilliseconds: Int64 = 5_000

    /// - Parameters:
    ///   - journalPath: The journal's folder.
    ///   - client: Makes the requests.
    ///   - holds: Told how far each shipper has come.
    ///   - report: Takes what an operator should know.
    init(
        journalPath: String,
        client: OutboundClient,
        holds: SegmentHolds,
        report: @escaping @Sendable (String) -> Void
    ) {
        self.journalPath = journalPath
        self.client = client
        self.holds = holds
        self.report = report
    }

    /// Starts the shippers that are new or changed and ends those that are no longer wanted.
    ///
    /// One that is changed goes on from where it was. It may block for as long as it takes to write
    /// a small file.
    ///
    /// - Throws: When the system has no room for a thread; the others run.
    func adopt(_ wanted: [Configuration.Shipper]) throws(Errno) {
        // All of them hold their segments before any is let go.
        for settings in wanted where !isRunning(settings.name) { holds.set(settings.name, to: [:]) }
        let (kept, ended) = running.withLock { running in
            let kept = running.filter { thread in wanted.contains { $0.isSame(as: thread.settings) }
            }
            let ended = running.filter { thread in !kept.contains { $0 === thread } }
            running = kept
            return (kept, ended)
        }
        for thread in ended { thread.finish(within: 0) }
        for thread in ended {
            thread.join()
            if !wanted.contains(where: { $0.name == thread.settings.name }) {
                holds.remove(thread.settings.name)
            }
        }
        for settings in wanted where !kept.contains(where: { $0.settings.name == settings.name }) {
            let thread = try ShippingThread(
                settings,
                journalPath: journalPath,
                client: client,
                holds: holds,
                report: report
            )
            running.withLock { $0.append(thread) }
        }
    }

    /// Sends what is left, as far as that does not take long, and ends.
    func stop() {
        let threads = running.withLock { $0 }
        for thread in threads { thread.finish(within: Self.finishMilliseconds) }
        for thread in threads { thread.join() }
    }

    /// How each shipper stands, by name.
    func status(at now: Int64) -> [ShipperStatus] {
        let threads = running.withLock { $0 }
        return threads.sorted { $0.settings.name < $1.settings.name }.map { thread in
            let state = thread.state
            return ShipperStatus(
                name: thread.settings.name,
                counts: state.counts,
                lag: try? thread.lag(at: now),
                trouble: state.trouble
            )
        }
    }

    private func isRunning(_ name: String) -> Bool {
        running.withLock { $0.contains { $0.settings.name == name } }
    }
}

/// How a shipper stands.
struct ShipperStatus: Sendable {
    let name: String
    let counts: ShippingCounts

    /// What is left to send; `nil` when the journal cannot be read.
    let lag: ShippingLag?

    /// Why it does not get on; `nil` when it does.
    let trouble: ShippingTrouble?
}

extension Configuration.Shipper {
    /// Whether it does the same, wherever it stands in the files.
    fileprivate func isSame(as other: Self) -> Bool {
        var other = other
        other.position = position
        other.authorities?.position = authorities?.position ?? position
        return self == other
    }
}
