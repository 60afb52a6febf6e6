/// What of a route's requests and answers goes into the `data` of its events, besides what every
/// event tells: an allow-list, from the `capture` lines.
public struct CaptureRules: Sendable {
    /// Where a captured value stands.
    public enum Source: String, Sendable, CaseIterable {
        case query

        /// The request's body: a member of its JSON object, or a field of its form.
        case body

        /// A member of the JSON object that the upstream answers.
        case response
    }

    /// One captured value.
    struct Member: Sendable {
        let source: Source

        /// Its name in the query, the body or the answer.
        let name: [UInt8]

        /// Its name in `data`.
        let label: [UInt8]

        /// Whether only level 3 has it.
        let isSensitive: Bool
    }

    /// The most values that a route captures.
    static let membersMax = 32

    /// The most bytes of a name.
    static let nameBytesMax = 64

    /// The level without `data`, and the one that has everything.
    public static let levels = 1...3

    private let members: [[Member]]

    /// The lowest level at which something of a source is captured; beyond the last one when never.
    private let lowestLevels: [Int]

    init(_ all: [Member]) {
        isEmpty = all.isEmpty
        members = Source.allCases.map { source in all.filter { $0.source == source } }
        lowestLevels = members.map { part in
            part.isEmpty ? Self.levels.upperBound + 1 : part.allSatisfy(\.isSensitive) ? 3 : 2
        }
    }

    /// Whether nothing is captured.
    public let isEmpty: Bool

    /// Whether anything of a source is captured at a level.
    @inline(__always)
    public func asks(_ source: Source, level: Int) -> Bool {
        level >= lowestLevels[source.place]
    }

    /// What of a source is captured at some level, in the order of the lines.
    func members(of source: Source) -> [Member] { members[source.place] }
}

extension CaptureRules.Source {
    @inline(__always)
    fileprivate var place: Int {
        switch self {
        case .query: 0
        case .body: 1
        case .response: 2
        }
    }
}

extension CaptureRules.Member {
    /// Whether a level has it.
    func isTold(at level: Int) -> Bool { level >= (isSensitive ? 3 : 2) }
}
