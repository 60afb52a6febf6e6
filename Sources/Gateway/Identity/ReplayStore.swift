/// Which proofs were used; shared by all loops.
final class ReplayStore: Sendable {
    init() {}
}
