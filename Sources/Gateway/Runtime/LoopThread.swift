import Dispatch
import HTTP
import Synchronization

/// One event loop on a thread of its own.
final class LoopThread: Sendable {
    let mailbox: Mailbox<LoopMessage>
    private let ended = DispatchSemaphore(value: 0)

    /// What a loop is made of.
    struct Seed: Sendable {
        let index: Int
        let listeners: [LoopListener]
        let snapshot: Snapshot
        let identities: [TenantIdentity?]
        let epoch: Int
        let census: ConnectionCensus
        let control: any LoopControl
        let absentKeys: AbsentKeys
        let replays: ReplayStore
        let nonces: ProofNonces
        let rates: RateStore
        let attempts: any AttemptStore
        let journal: Journal?
        let revocations: RevocationList
    }

    init() throws(Errno) { mailbox = try Mailbox() }

    /// Starts the thread.
    func start(_ seed: Seed) throws(Errno) {
        let mailbox = mailbox
        let ended = ended
        let planted = PlantedSeed(seed)
        _ = try Thread(name: "loop-\(seed.index)") {
            if var loop = Self.makeLoop(planted, mailbox) { loop.run() }
            ended.signal()
        }
    }

    /// Waits until the loop has ended, at most until `deadline`; false when it has not.
    func wait(until deadline: DispatchTime) -> Bool {
        guard ended.wait(timeout: deadline) == .success else { return false }
        ended.signal()
        return true
    }

    private static func makeLoop(
        _ planted: PlantedSeed,
        _ mailbox: Mailbox<LoopMessage>
    ) -> GatewayLoop? {
        guard let seed = planted.take(), var loop = makeLoop(seed, mailbox) else { return nil }
        loop.adopt(seed.snapshot, seed.identities, epoch: seed.epoch)
        return loop
    }

    private static func makeLoop(_ seed: Seed, _ mailbox: Mailbox<LoopMessage>) -> GatewayLoop? {
        guard let stage = WireStage() else {
            seed.control.report("loop \(seed.index) has no memory for TLS")
            return nil
        }
        let epoll: Epoll
        do throws(Errno) {
            epoll = try Epoll()
        } catch {
            seed.control.report("loop \(seed.index) cannot watch sockets: \(error)")
            return nil
        }
        let limits = seed.snapshot.limits
        return GatewayLoop(
            index: seed.index,
            mailbox: mailbox,
            census: seed.census,
            control: seed.control,
            attempts: seed.attempts,
            epoll: epoll,
            listeners: seed.listeners,
            clients: Slab(capacity: min(limits.connectionsMax, 1 << 20)),
            upstreams: Slab(capacity: GatewayLoop.upstreamConnectionsMax),
            buffers: BufferPool(
                bufferBytes: max(GatewayLoop.bufferBytes, limits.requestHeaderBytesMax)
            ),
            stage: stage,
            gate: RequestGate(
                limits: seed.snapshot.headLimits,
                tokens: TokenValidator(
                    cache: VerifiedTokenCache(bytesMax: limits.tokenCacheBytesMax),
                    absentKeys: seed.absentKeys,
                    revocations: seed.revocations
                ),
                replays: seed.replays,
                nonces: seed.nonces,
                rates: seed.rates,
                random: IdentifierSource()
            ),
            answer: ResponseHead(limits: HeadLimits()),
            pool: UpstreamPool(),
            journal: LoopJournal(
                writer: seed.journal?.makeWriter(loop: seed.index),
                writesSummaries: seed.index == 0,
                commits: seed.snapshot.configuration.analytics.durability == .power
            ),
            snapshot: seed.snapshot
        )
    }
}

/// A seed until its loop is made: what the thread runs would hold the first configuration for ever.
private final class PlantedSeed: Sendable {
    private let seed: Mutex<LoopThread.Seed?>

    init(_ seed: LoopThread.Seed) { self.seed = Mutex(seed) }

    func take() -> LoopThread.Seed? {
        seed.withLock { seed in
            defer { seed = nil }
            return seed
        }
    }
}
