import Dispatch
import Policy
import Synchronization

/// Asks authorization servers about opaque tokens, RFC 7662, for all loops.
///
/// Answers are remembered, lookups of one token are shared, and a server that fails is asked by few.
/// Of a token nothing is kept but its digest.
final class Introspector: Sendable {
    /// Makes a request, as `OutboundClient.send` does.
    typealias Send = KeySetFetcher.Send

    /// Called once with what was found out.
    typealias Completion = @Sendable (IntrospectionOutcome) -> Void

    /// Called when an endpoint begins to fail and when it works again.
    typealias Report = @Sendable (IntrospectionNews) -> Void

    /// From the name look-up to the last byte of the answer.
    static let deadlineMilliseconds: Int64 = 5_000

    private let state = Mutex(State())
    private let send: Send
    private let report: Report
    private let now: @Sendable () -> Int64

    /// Where news are told, which may block.
    private let telling = DispatchQueue(label: "postern.introspection")

    /// - Parameters:
    ///   - now: The time in seconds since 1970.
    ///   - report: Who is told of trouble, and of its end.
    ///   - send: How requests are made.
    init(
        now: @escaping @Sendable () -> Int64 = Clock.unixSeconds,
        report: @escaping Report = { _ in },
        send: @escaping Send
    ) {
        self.now = now
        self.report = report
        self.send = send
    }

    /// Asks through `client`.
    convenience init(client: OutboundClient, report: @escaping Report) {
        self.init(report: report) { request, completion in client.send(request, then: completion) }
    }

    /// Finds out about `token` for the tenant of `identity`, which has an `introspection`.
    ///
    /// It does not block. Lookups of one token that run at one time share one request.
    ///
    /// - Parameters:
    ///   - token: The credential, whole.
    ///   - identity: The tenant that it came to.
    ///   - completion: Called once, on any thread, possibly before this returns.
    func look(
        up token: [UInt8],
        for identity: TenantIdentity,
        then completion: @escaping Completion
    ) {
        guard let introspection = identity.introspection,
            let request = OutboundRequest(introspecting: token, at: introspection)
        else { return completion(.refused(.introspectionUnavailable)) }
        let lookup = Lookup(
            key: Lookup.Key(
                digest: KeyDigest.bytes(token),
                rulesGeneration: identity.rulesGeneration
            ),
            endpoint: IntrospectionEndpoint(introspection),
            introspection: introspection,
            identity: identity
        )
        switch state.withLock({ $0.begin(lookup, completion, now: now()) }) {
        case .known(let outcome): completion(outcome)
        case .full: completion(.refused(.introspectionUnavailable))
        case .joined: break
        case .asks: send(request) { self.finish(lookup, $0) }
        }
    }

    /// What was counted since the start.
    var counts: Counts { state.withLock { $0.counts } }

    /// Answers that are remembered.
    var rememberedCount: Int { state.withLock { $0.rememberedCount } }

    private func finish(_ lookup: Lookup, _ result: Result<OutboundAnswer, OutboundFailure>) {
        let now = now()
        let answer = Self.judge(lookup, result, now)
        let bytes = (try? result.get().body.count) ?? 0
        let ending = state.withLock {
            $0.end(lookup, answer, bytes: bytes, now: now, at: Clock.monotonicMilliseconds())
        }
        for completion in ending.waiting { completion(ending.outcome) }
        guard let news = ending.news else { return }
        telling.async { [report] in report(news) }
    }

    private static func judge(
        _ lookup: Lookup,
        _ result: Result<OutboundAnswer, OutboundFailure>,
        _ now: Int64
    ) -> Result<IntrospectionAnswer, IntrospectionTrouble> {
        do throws(IntrospectionTrouble) {
            switch result {
            case .failure(let failure): throw .request(failure)
            case .success(let answer):
                return .success(
                    try IntrospectionAnswer(
                        answer,
                        for: lookup.identity,
                        secondsMax: lookup.introspection.cacheSecondsMax,
                        now: now
                    )
                )
            }
        } catch { return .failure(error) }
    }
}

extension Introspector {
    /// One question to an endpoint.
    struct Lookup: Sendable {
        let key: Key
        let endpoint: IntrospectionEndpoint
        let introspection: Configuration.Introspection
        let identity: TenantIdentity

        /// What an answer is remembered by.
        struct Key: Hashable, Sendable {
            /// SHA-256 of the token.
            let digest: [UInt8]

            /// Of one tenant and one load of the configuration: a reload forgets every answer.
            let rulesGeneration: UInt64
        }
    }

    /// What became of lookups, since the start.
    struct Counts: Hashable, Sendable {
        /// Requests whose answer was that the token is good for the tenant.
        var active = 0

        /// That it is not active.
        var inactive = 0

        /// That it is active, but not what the tenant asks for.
        var refused = 0

        /// Requests without an answer that can be used.
        var unavailable = 0

        /// Lookups that needed no request of their own.
        var shared = 0

        /// Lookups for which there was no room.
        var full = 0
    }
}
