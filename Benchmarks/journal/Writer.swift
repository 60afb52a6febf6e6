import HTTP
import Policy

@testable import Gateway

/// Writes pairs of START and SUCCESS as fast as one loop can and says how many events that are in a
/// second of the process's own time, the journal's and the index's thread included.
@main enum Writer {
    static let pairs = 1_000_000
    static let rounds = 5
    static let goal = 200_000

    static func main() throws {
        guard CommandLine.arguments.count == 2 else {
            print("usage: writer FOLDER")
            return
        }
        var settings = JournalSettings(path: CommandLine.arguments[1], loops: 1) { RunningSHA256() }
        settings.limitBytes = 2 * 1_073_741_824
        let journal = try Journal(settings, atMilliseconds: Clock.unixMilliseconds())
        var writer = journal.makeWriter(loop: 0)
        var rates: [Int] = []
        for _ in 0..<rounds {
            let began = ContinuousClock.now
            for number in 0..<pairs { try write(number, to: &writer) }
            let (seconds, attoseconds) = (ContinuousClock.now - began).components
            let nanoseconds = Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000)
            rates.append(pairs * 2 * 1_000_000 / (nanoseconds / 1_000))
            print("\(rates.last ?? 0) events/s, \(nanoseconds / pairs) ns a pair")
        }
        writer.close(atMilliseconds: Clock.unixMilliseconds())
        journal.close()
        let median = rates.sorted()[rounds / 2]
        print("median \(median) events/s; goal \(goal)")
        if median < goal { throw MissedGoal() }
    }

    struct MissedGoal: Error {}

    static let scope = EventScope(
        tenant: "acme",
        family: "OPENID_TOKEN",
        route: "token",
        level: 2
    )
    static let client = Array("wallet-backend".utf8)
    static let method = Array("POST".utf8)
    static let address = Array("203.0.113.7".utf8)
    static let details = Array(
        ",\"path\":\"/v1/oauth/token\",\"caller\":{\"roles\":[\"issuer\"]}".utf8
    )

    static func write(_ number: Int, to writer: inout JournalWriter) throws {
        let now = Clock.unixMilliseconds()
        let receipt = try writer.start(
            scope,
            request: RequestID(uuidV7: now, random: (UInt64(number), 7)),
            address: AddressText(address.span),
            client: client.span,
            method: method.span,
            details: details.span,
            atMilliseconds: now
        )
        writer.finish(
            receipt,
            outcome: .answered(status: 200, upstreamStatus: 200),
            durationMicroseconds: 1_200,
            atMilliseconds: now
        )
    }
}
