/// Finds the known word that somebody meant.
public enum NearestWord {
    /// The known word nearest to `text`, `nil` when none is near enough.
    ///
    /// Near is: the same but for upper and lower case; or one edit for every three characters, at
    /// least one and at most three, where an edit inserts, drops, replaces or swaps neighbours; or
    /// the only known word that begins with `text`. Of equally near ones, one that begins with
    /// `text` wins, then the first.
    public static func of(_ text: String, among known: some Sequence<String>) -> String? {
        let wanted = Array(text.lowercased().unicodeScalars)
        guard !wanted.isEmpty, wanted.count <= lengthMax else { return nil }
        var nearest: (word: String, cost: Int)?
        var beginnings: [String] = []
        for word in known {
            let scalars = Array(word.lowercased().unicodeScalars)
            if wanted.count > 2, scalars.starts(with: wanted) { beginnings.append(word) }
            let most = min(max((wanted.count + 2) / 3, 1), 3)
            guard abs(scalars.count - wanted.count) <= most, !scalars.isEmpty else { continue }
            let distance = distance(wanted, scalars)
            // Every character changed is no misspelling.
            guard distance <= most, distance < max(wanted.count, scalars.count) else { continue }
            let cost = 2 * distance - (scalars.starts(with: wanted) ? 1 : 0)
            if nearest.map({ cost < $0.cost }) ?? true { nearest = (word, cost) }
        }
        if let nearest { return nearest.word }
        return beginnings.count == 1 ? beginnings[0] : nil
    }

    /// Longer words are not misspelt keywords.
    private static let lengthMax = 64

    /// The edits between two words: optimal string alignment.
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var beforeLast = [Int](repeating: 0, count: right.count + 1)
        var last = Array(0...right.count)
        for row in 1...left.count {
            var current = [row] + [Int](repeating: 0, count: right.count)
            for column in 1...right.count {
                let same = left[row - 1] == right[column - 1]
                current[column] = min(
                    last[column] + 1,
                    current[column - 1] + 1,
                    last[column - 1] + (same ? 0 : 1)
                )
                let isSwap =
                    row > 1 && column > 1 && left[row - 1] == right[column - 2]
                    && left[row - 2] == right[column - 1]
                if isSwap { current[column] = min(current[column], beforeLast[column - 2] + 1) }
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
