import Dispatch
import Policy
import Synchronization

/// Gets key sets from where the configuration says, without blocking whoever asks.
struct KeySetFetcher: Sendable {
    /// Makes a request, as `OutboundClient.send` does.
    typealias Send = @Sendable (OutboundRequest, @escaping OutboundClient.Completion) -> Void

    /// Called once with the outcome, on a thread that may work.
    typealias Completion = @Sendable (Result<Fetched, KeyFailure>) -> Void

    private let send: Send

    /// Where key sets are read, so that the client's thread need not.
    private let reading = DispatchQueue(label: "postern.keys.reading")

    /// From the first name look-up to the last byte of the key set, metadata included.
    static let deadlineMilliseconds: Int64 = 5_000

    /// Redirects that are followed, to the same origin only.
    static let redirectsMax = 3

    init(client: OutboundClient) {
        self.init { request, completion in client.send(request, then: completion) }
    }

    init(send: @escaping Send) { self.send = send }

    /// A key set, which may hold no key that can be used.
    struct Fetched: Sendable {
        let keys: KeySet

        /// What it was read from.
        var text: [UInt8] = []

        /// For how long its server allows it to be kept, in seconds; `nil` when it does not say.
        var maxAgeSeconds: Int64?
    }

    /// Gets the keys of `place`.
    func fetch(_ place: Configuration.KeyPlace, then completion: @escaping Completion) {
        let steps = Steps(
            send: send,
            reading: reading,
            caPath: place.caPath,
            deadline: Clock.monotonicMilliseconds() + Self.deadlineMilliseconds
        )
        switch place.source {
        case .file(let path):
            DispatchQueue.global(qos: .utility).async { completion(Self.read(path)) }
        case .url(let text):
            do throws(KeyFailure) {
                steps.keys(try Self.url(text), then: completion)
            } catch { completion(.failure(error)) }
        case .discovery(let issuer):
            do throws(KeyFailure) {
                let places = try Self.metadata(ofIssuer: issuer)
                steps.discover(issuer, places[...], then: completion)
            } catch { completion(.failure(error)) }
        }
    }

    /// Gets the keys of `place` and waits for them; for commands.
    ///
    /// - Throws: Also when there is no key that can be used.
    func fetch(_ place: Configuration.KeyPlace) throws(KeyFailure) -> Fetched {
        let outcome = Outcome()
        fetch(place) { outcome.end($0) }
        let fetched = try outcome.wait(milliseconds: Int(Self.deadlineMilliseconds) * 2)
        guard !fetched.keys.keys.isEmpty else {
            throw .noUsableKey(problems: fetched.keys.problems)
        }
        return fetched
    }

    /// Reads a key set from a file; it blocks.
    static func load(_ path: String) throws(KeyFailure) -> KeySet { try KeySet(contents(of: path)) }

    private static func read(_ path: String) -> Result<Fetched, KeyFailure> {
        do throws(KeyFailure) {
            let text = try contents(of: path)
            return .success(Fetched(keys: try KeySet(reading: text), text: text))
        } catch { return .failure(error) }
    }

    private static func contents(of path: String) throws(KeyFailure) -> [UInt8] {
        do throws(Errno) {
            return try FileContents.read(path, bytesMax: KeySet.bytesMax)
        } catch { throw .unreadable(path: path, because: error.description) }
    }
}

/// The end of a fetch, to be waited for.
private final class Outcome: Sendable {
    private let result = Mutex<Result<KeySetFetcher.Fetched, KeyFailure>?>(nil)
    private let ended = DispatchSemaphore(value: 0)

    func end(_ result: Result<KeySetFetcher.Fetched, KeyFailure>) {
        self.result.withLock { $0 = result }
        ended.signal()
    }

    func wait(milliseconds: Int) throws(KeyFailure) -> KeySetFetcher.Fetched {
        _ = ended.wait(timeout: .now() + .milliseconds(milliseconds))
        guard let result = result.withLock({ $0 }) else { throw .timeout }
        return try result.get()
    }
}
