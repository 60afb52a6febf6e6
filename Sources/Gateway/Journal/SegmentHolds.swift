import Synchronization

/// Who still wants which segments: asked before one is removed for its age.
///
/// A holder that has told no place yet wants everything, so that nothing is removed before it has
/// begun.
final class SegmentHolds: Sendable {
    private let places = Mutex<[String: [Int: JournalPlace]]>([:])

    /// Says how far a holder has come, by loop; of a loop that is not named it wants everything.
    func set(_ holder: String, to reached: [Int: JournalPlace]) {
        places.withLock { $0[holder] = reached }
    }

    /// Forgets a holder.
    func remove(_ holder: String) {
        places.withLock { $0[holder] = nil }
    }

    /// From which byte on somebody wants a segment; `nil` when nobody does.
    func wantedOffset(of segment: SegmentName) -> Int? {
        places.withLock { places in
            places.values.compactMap { reached -> Int? in
                guard let place = reached[segment.loop] else { return 0 }
                return place.wantedOffset(of: segment)
            }.min()
        }
    }
}
