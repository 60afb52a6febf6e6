/// The keys of a tenant and how much they can be relied on.
struct KeyStanding: Sendable {
    /// `nil` when there are none, or none young enough.
    var keys: KeySet?

    /// Where they come from.
    enum Source: Hashable, Sendable {
        /// The tenant has no source: its tokens are looked up, or it takes none.
        case none

        /// The first fetch has not ended.
        case loading

        /// The last fetch went well.
        case current

        /// The last fetch failed: a key that is not in the set may exist all the same.
        case failing
    }

    var source = Source.none

    /// Whether tokens are judged alike under both.
    func isSame(as other: KeyStanding) -> Bool {
        source == other.source && keys?.generation == other.keys?.generation
    }
}
