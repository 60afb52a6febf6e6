/// Answers that are kept for a while, bounded in number and bytes.
///
/// They are kept in two halves: when the younger is full it becomes the older, whose answers are
/// given up. So none is looked for to be removed, and what is over goes by itself.
struct AnswerMemory<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Kept {
        let value: Value

        /// In seconds since 1970.
        let usableUntil: Int64
    }

    private let entriesMax: Int
    private let bytesMax: Int
    private var young: [Key: Kept] = [:]
    private var old: [Key: Kept] = [:]
    private var youngBytes = 0

    init(entriesMax: Int, bytesMax: Int) {
        self.entriesMax = entriesMax
        self.bytesMax = bytesMax
    }

    /// How many answers are kept.
    var count: Int { young.count + old.count }

    /// The answer for `key` that can be used at `now`, in seconds since 1970.
    func value(for key: Key, at now: Int64) -> Value? {
        guard let kept = young[key] ?? old[key], now < kept.usableUntil else { return nil }
        return kept.value
    }

    /// Keeps an answer that takes so many bytes; one that is over already is not kept.
    mutating func keep(
        _ value: Value,
        for key: Key,
        until usableUntil: Int64,
        bytes: Int,
        now: Int64
    ) {
        guard now < usableUntil, bytes <= bytesMax / 2 else { return }
        if young.count >= entriesMax / 2 || youngBytes + bytes > bytesMax / 2 {
            old = young
            young = [:]
            youngBytes = 0
        }
        young[key] = Kept(value: value, usableUntil: usableUntil)
        youngBytes += bytes
    }
}
