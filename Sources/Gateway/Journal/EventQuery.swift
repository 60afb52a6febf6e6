/// A question for the events of one tenant, after the query rules of `GET /v1/events`.
struct EventQuery: Sendable {
    static let limitDefault = 100
    static let limitMax = 1_000

    /// The tenant's name as events hold it.
    private(set) var tenant: [UInt8]
    private(set) var limit = EventQuery.limitDefault

    /// Only events before this place.
    private(set) var before: EventKey?

    /// Inclusive bounds of the events' times.
    private(set) var timeFrom = Int64.min
    private(set) var timeTo = Int64.max

    /// Values as events hold them; an empty set asks for nothing.
    private(set) var ids: Set<[UInt8]> = []
    private(set) var requests: Set<[UInt8]> = []
    private(set) var categories: Set<[UInt8]> = []
    private(set) var types: Set<[UInt8]> = []
    private(set) var managementUsers: Set<[UInt8]> = []

    /// Why a parameter was refused.
    struct Problem: Error, Hashable, Sendable {
        var parameter: String
        var value: [UInt8]
    }

    /// Every parameter that was refused.
    struct Refusal: Error, Equatable, Sendable {
        var problems: [Problem]

        /// The problems as the JSON array `details` of an error body.
        var details: [UInt8] {
            var json = Array("[".utf8)
            for (index, problem) in problems.enumerated() {
                if index > 0 { json.append(UInt8(ascii: ",")) }
                json += Array("{\"value\":\"".utf8)
                json += JSONEscape.escaped(problem.value, bytesMax: 256)
                json += Array("\",\"msg\":\"Invalid value\",\"param\":\"".utf8)
                json += Array("\(problem.parameter)\",\"location\":\"query\"}".utf8)
            }
            return json + Array("]".utf8)
        }
    }

    /// Reads the query of a request target, without its question mark.
    ///
    /// Parameters that are not known do not matter; lists of a repeated parameter are joined.
    init(tenant: String, query: Span<UInt8>) throws(Refusal) {
        self.tenant = JSONEscape.escaped(Array(tenant.utf8), bytesMax: EventScope.nameBytesMax)
        var problems: [Problem] = []
        for field in query.copied.split(separator: UInt8(ascii: "&")) {
            let parts = field.split(separator: 0x3D, maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = QueryText.decoded(parts[0]) else { continue }
            let raw = parts.count > 1 ? parts[1] : []
            let parameter = String(decoding: name, as: UTF8.self)
            guard let value = QueryText.decoded(raw), take(parameter, value) else {
                problems.append(Problem(parameter: parameter, value: Array(raw)))
                continue
            }
        }
        guard problems.isEmpty else { throw Refusal(problems: problems) }
    }

    /// Takes one parameter in; `false` when its value is refused.
    private mutating func take(_ parameter: String, _ value: [UInt8]) -> Bool {
        switch parameter {
        case "limit":
            guard let number = Int(String(decoding: value, as: UTF8.self)),
                (1...Self.limitMax).contains(number), value.first != UInt8(ascii: "+")
            else { return false }
            limit = number
        case "cursor":
            guard let key = EventKey(cursor: value) else { return false }
            before = key
        case "dateFrom":
            guard let time = EventTime.milliseconds(value, edge: .start) else { return false }
            timeFrom = EventKey.time(milliseconds: time)
        case "dateTo":
            guard let time = EventTime.milliseconds(value, edge: .end) else { return false }
            timeTo = EventKey.time(milliseconds: time)
        case "ids": ids.formUnion(QueryText.list(value))
        case "requestIds": requests.formUnion(QueryText.list(value))
        case "categories": categories.formUnion(QueryText.list(value))
        case "types": types.formUnion(QueryText.list(value))
        case "managementUserIds": managementUsers.formUnion(QueryText.list(value))
        default: break
        }
        return true
    }
}

extension EventQuery {
    /// Whether an event of this query's tenant and time is one that is asked for.
    func matches(_ event: EventLine, in line: Span<UInt8>) -> Bool {
        guard line.holds(tenant.span, at: event.tenant) else { return false }
        guard ids.isEmpty || ids.contains(line.extracting(event.id).copied),
            requests.isEmpty || requests.contains(line.extracting(event.request).copied)
        else { return false }
        if !categories.isEmpty || !types.isEmpty {
            let isWanted =
                categories.contains(line.extracting(event.category).copied)
                || types.contains(line.extracting(event.type).copied)
            guard isWanted else { return false }
        }
        if managementUsers.isEmpty { return true }
        if event.managementUser.isEmpty { return managementUsers.contains(Self.none) }
        return managementUsers.contains(Self.any)
            || managementUsers.contains(line.extracting(event.managementUser).copied)
    }

    private static let none = Array("none".utf8)
    private static let any = Array("*".utf8)
}

/// The text of query parameters.
enum QueryText {
    /// The bytes that a parameter means (`+` is a space); `nil` when an escape is not one.
    static func decoded(_ raw: ArraySlice<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var index = raw.startIndex
        while index < raw.endIndex {
            switch raw[index] {
            case UInt8(ascii: "+"):
                bytes.append(0x20)
                index += 1
            case UInt8(ascii: "%"):
                guard index + 2 < raw.endIndex, let high = nibble(raw[index + 1]),
                    let low = nibble(raw[index + 2])
                else { return nil }
                bytes.append(high << 4 | low)
                index += 3
            default:
                bytes.append(raw[index])
                index += 1
            }
        }
        return bytes
    }

    /// The values of a comma list, as events hold them.
    static func list(_ value: [UInt8]) -> [[UInt8]] {
        value.split(separator: UInt8(ascii: ",")).map { JSONEscape.escaped(Array($0)) }
    }

    private static func nibble(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
