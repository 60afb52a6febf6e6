/// What was posted and not taken back, in the order in which it came.
///
/// The entries are lines of one text, so that a million of them are as many bytes as they say and
/// not a million objects.
struct PostedRevocations: Sendable {
    /// One line an entry; see `Revocation.line`.
    let text: [UInt8]

    /// The entries of each tenant, and of all of them under `nil`.
    let tables: [String?: RevocationTable]
    let counts: RevocationCounts

    /// The most bytes of `text`.
    static let bytesMax = 64 * 1_048_576

    /// A text that no entries made.
    struct Damage: Error {}

    /// No entries.
    init() {
        text = []
        tables = [:]
        counts = RevocationCounts()
    }

    /// Reads a text that was made here.
    init(_ text: [UInt8]) throws(Damage) {
        let isRead = Self.lines(of: text).allSatisfy {
            Revocation(line: $0)?.values.isEmpty == false
        }
        guard isRead, text.isEmpty || text.last == 0x0A else { throw Damage() }
        self.init(lines: text)
    }

    private init(lines text: [UInt8]) {
        self.text = text
        var counts = RevocationCounts()
        var valuesCounts: [String?: Int] = [:]
        for line in Self.lines(of: text) {
            guard let revocation = Revocation(line: line) else { continue }
            let values = revocation.values
            if let first = values.first { counts.add(first.kinds) }
            valuesCounts[revocation.tenant, default: 0] += values.count
        }
        var tables = valuesCounts.mapValues { RevocationTable(valuesMax: $0) }
        for line in Self.lines(of: text) {
            guard let revocation = Revocation(line: line) else { continue }
            for (value, kinds) in revocation.values {
                tables[revocation.tenant]?.insert(value.span, for: kinds)
            }
        }
        self.tables = tables
        self.counts = counts
    }

    /// These entries and those that were not among them, and how many those are.
    func adding(_ revocations: [Revocation]) -> (posted: PostedRevocations, count: Int) {
        let hash = ValueHash()
        var known = Set(Self.lines(of: text).map { hash.digest(of: $0.span) })
        var text = text
        var count = 0
        for revocation in revocations {
            let line = revocation.line
            guard known.insert(hash.digest(of: line.span)).inserted else { continue }
            text += line
            text.append(0x0A)
            count += 1
        }
        return (count == 0 ? self : PostedRevocations(lines: text), count)
    }

    /// These entries without others, and how many of those were among them.
    func removing(_ revocations: [Revocation]) -> (posted: PostedRevocations, count: Int) {
        let gone = Set(revocations.map(\.line))
        var kept: [UInt8] = []
        kept.reserveCapacity(text.count)
        var count = 0
        for line in Self.lines(of: text) {
            if gone.contains(Array(line)) {
                count += 1
            } else {
                kept += line
                kept.append(0x0A)
            }
        }
        return (count == 0 ? self : PostedRevocations(lines: kept), count)
    }

    /// The entries, for another place to keep them.
    var revocations: [Revocation] { Self.lines(of: text).compactMap { Revocation(line: $0) } }

    private static func lines(of text: [UInt8]) -> some Sequence<ArraySlice<UInt8>> {
        sequence(state: 0) { offset -> ArraySlice<UInt8>? in
            guard offset < text.count else { return nil }
            let end = text[offset...].firstIndex(of: 0x0A) ?? text.count
            defer { offset = end + 1 }
            return text[offset..<end]
        }
    }
}

extension Revocation {
    /// What is compared with which claims; nothing for a line that a `revoked` file cannot have.
    fileprivate var values: [(value: [UInt8], kinds: RevocationKinds)] {
        switch kind {
        case .token: return [(value, .token)]
        case .subject: return [(value, .subject)]
        case .client: return [(value, .client)]
        case .line:
            guard var text = try? RevocationText(value), let entry = text.next() else { return [] }
            let whole = entry.whole.map { (Array(value[$0]), RevocationKinds.any) }
            return [(Array(value[entry.value]), entry.kinds)] + (whole.map { [$0] } ?? [])
        }
    }
}
