import Dispatch
import Synchronization

// How loops go over to another configuration, and what becomes of the one before. To free ten thousand
// tenants takes longer than a loop may stand still, so it never holds the last reference to them.
extension GatewayRuntime {
    /// How long a loop may take to go over to another configuration.
    private static let adoptionMilliseconds = 5_000

    /// Has every loop go over to the present configuration, and waits for it.
    ///
    /// - Parameters:
    ///   - snapshot: What they decided by before; requests that run may go on with it.
    ///   - identities: What they validated tokens with before; freed by the caller's thread.
    func haveAdopted(retiring snapshot: Snapshot, _ identities: [TenantIdentity?] = []) {
        let arrived = DispatchSemaphore(value: 0)
        state.withLock { state in
            state.retired.append(snapshot)
            state.postedEpoch = state.epoch
            // Within the lock: keys published after it must not come to a loop before it, where
            // they would be dropped.
            for loop in loops {
                loop.mailbox.post(
                    .adopt(state.snapshot, identities: state.identities, epoch: state.epoch) {
                        arrived.signal()
                    }
                )
            }
        }
        let deadline = DispatchTime.now() + .milliseconds(Self.adoptionMilliseconds)
        withExtendedLifetime(identities) {
            for _ in loops where arrived.wait(timeout: deadline) != .success { return }
        }
    }

    /// Frees the configurations that no request needs any more.
    func freeRetired() {
        var free: [Snapshot] = []
        state.withLock { state in
            for index in state.retired.indices.reversed()
            where isKnownUniquelyReferenced(&state.retired[index]) {
                free.append(state.retired.remove(at: index))
            }
        }
        guard !free.isEmpty else { return }
        // Here, with no lock held.
        free = []
        ProcessMemory.giveBack()
    }
}
