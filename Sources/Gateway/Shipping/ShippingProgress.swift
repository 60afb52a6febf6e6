/// How far a shipper has come, and what it is about to send: what outlives the process.
///
/// A batch is written down before it is sent, so that the same events make the same batch when it
/// has to be sent again, after a restart too.
struct ShippingProgress: Hashable, Sendable {
    /// A batch that was not settled yet.
    struct Pending: Hashable, Sendable {
        var segment: SegmentName

        /// Behind its last line; of a batch that was split, behind each part, the next part last.
        var ends: [Int]
    }

    /// The place in the events of each loop.
    private(set) var places: [Int: JournalPlace] = [:]

    private(set) var pending: Pending?

    /// Where the next part of the pending batch is.
    var pendingRange: Range<Int>? {
        guard let pending, let end = pending.ends.last else { return nil }
        return start(of: pending.segment)..<max(end, start(of: pending.segment))
    }

    /// Begins a batch.
    mutating func begin(_ batch: EventBatch) {
        places[batch.segment.loop] = JournalPlace(segment: batch.segment, offset: batch.start)
        pending = Pending(segment: batch.segment, ends: [batch.end])
    }

    /// The next part of the batch need not be sent again.
    mutating func settle() {
        guard var settled = pending, let end = settled.ends.popLast() else { return }
        places[settled.segment.loop] = JournalPlace(segment: settled.segment, offset: end)
        pending = settled.ends.isEmpty ? nil : settled
    }

    /// Sends the next part of the batch in two.
    mutating func split(at offset: Int) { pending?.ends.append(offset) }

    /// Gives a batch up whose segment is not there any more.
    mutating func abandon() { pending = nil }

    /// Moves on where there is nothing to send.
    mutating func move(to place: JournalPlace) {
        precondition(pending == nil)
        places[place.segment.loop] = place
    }

    private func start(of segment: SegmentName) -> Int {
        guard let place = places[segment.loop], place.segment == segment else { return 0 }
        return place.offset
    }
}

extension ShippingProgress {
    private static let title = "postern shipping 1"

    /// The text of the file that keeps it.
    var text: String {
        var lines = [Self.title]
        for place in places.values.sorted(by: { $0.segment < $1.segment }) {
            let state = place.isComplete ? "complete" : "open"
            lines.append("place \(place.segment.text) \(place.offset) \(state)")
        }
        if let pending {
            let ends = pending.ends.map(String.init).joined(separator: " ")
            lines.append("pending \(pending.segment.text) \(ends)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Reads what `text` wrote; `nil` for anything else.
    init?(text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.first == Self.title[...], lines.last == "" else { return nil }
        for line in lines.dropFirst().dropLast() {
            let words = line.split(separator: " ").map(String.init)
            guard words.count >= 3,
                let segment = SegmentName(fileName: words[1] + SegmentName.sealedSuffix)
            else { return nil }
            let numbers = words[2...].compactMap { Int($0) }.filter { $0 >= 0 }
            switch words[0] {
            case "place":
                guard words.count == 4, numbers.count == 1, ["open", "complete"].contains(words[3])
                else { return nil }
                places[segment.loop] = JournalPlace(
                    segment: segment,
                    offset: numbers[0],
                    isComplete: words[3] == "complete"
                )
            case "pending":
                guard numbers.count == words.count - 2 else { return nil }
                pending = Pending(segment: segment, ends: numbers)
            default: return nil
            }
        }
    }
}
