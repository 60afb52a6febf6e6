/// The events of one segment, counted by group: what summaries are made of.
struct EventTable: Sendable {
    /// The most groups that are told apart.
    static let groupsMax = 8_192

    struct Row: Sendable, Equatable {
        var group: EventGroup
        var phase: EventPhase
        var tally: EventTally
    }

    private(set) var rows: [Row]

    /// The events of further groups; `nil` when all could be told apart.
    private(set) var rest: EventTally?

    /// Where a group is, by a hash of its parts; one whose place is taken has the next hash.
    private var places: [UInt64: Int] = [:]

    /// A table of rows that were counted before, to be read only.
    init(rows: [Row] = []) { self.rows = rows }

    /// Counts an event.
    ///
    /// - Parameters:
    ///   - event: The event.
    ///   - line: Its line.
    /// - Returns: Whether it is the first of its group, or of one that has no place.
    @discardableResult
    mutating func take(_ event: EventLine, in line: Span<UInt8>) -> Bool {
        let details = EventDetails(event, in: line)
        let hour = event.timestamp.prefix(Self.hourBytes)
        var hash = StableHash.of(line.extracting(event.type), seed: 0)
        hash = StableHash.of(line.extracting(event.tenant), seed: hash)
        hash = StableHash.of(line.extracting(event.client), seed: hash)
        hash = StableHash.of(line.extracting(details.route), seed: hash)
        hash = StableHash.of(line.extracting(details.code), seed: hash)
        hash = StableHash.of(line.extracting(hour), seed: hash)
        while let place = places[hash] {
            if rows[place].group.holds(event, details, in: line) {
                let phase = rows[place].phase
                rows[place].tally.take(details, in: line, phase: phase)
                return false
            }
            hash &+= 1
        }
        let phase = EventPhase(line, type: event.type)
        guard rows.count < Self.groupsMax else {
            var sum = rest ?? EventTally()
            sum.take(details, in: line, phase: phase)
            rest = sum
            return true
        }
        var row = Row(group: EventGroup(event, details, in: line), phase: phase, tally: .init())
        row.tally.take(details, in: line, phase: phase)
        places[hash] = rows.count
        rows.append(row)
        return true
    }

    /// The length of `2026-11-23T21`.
    fileprivate static let hourBytes = 13
}

extension EventGroup {
    fileprivate init(_ event: EventLine, _ details: EventDetails, in line: Span<UInt8>) {
        tenant = line.extracting(event.tenant).copied
        category = line.extracting(event.category).copied
        type = line.extracting(event.type).copied
        route = line.extracting(details.route).copied
        client = line.extracting(event.client).copied
        code = line.extracting(details.code).copied
        hour = Self.hour(event, in: line)
    }

    fileprivate func holds(
        _ event: EventLine,
        _ details: EventDetails,
        in line: Span<UInt8>
    ) -> Bool {
        line.holds(type.span, at: event.type) && line.holds(tenant.span, at: event.tenant)
            && line.holds(client.span, at: event.client)
            && line.holds(route.span, at: details.route) && line.holds(code.span, at: details.code)
            && line.holds(category.span, at: event.category)
            && hour == Self.hour(event, in: line)
    }

    private static func hour(_ event: EventLine, in line: Span<UInt8>) -> Int64 {
        var digits: Int64 = 0
        for index in event.timestamp.prefix(EventTable.hourBytes) {
            if case 0x30...0x39 = line[index] { digits = digits * 10 + Int64(line[index] - 0x30) }
        }
        return digits
    }
}
