/// A question for events, after the query rules of `GET /v1/events`.
struct EventQuery: Sendable {
    /// What is asked for.
    enum Kind: Sendable {
        /// Events.
        case page

        /// Counts of events.
        case summary
    }

    /// What events are counted by.
    enum Grouping: String, Sendable {
        case type
        case tenant
        case client
        case hour
    }

    static let limitDefault = 100
    static let limitMax = 1_000

    /// The names of tenants as events hold them; an empty set asks for those of all, and for events
    /// that belong to none.
    private(set) var tenants: Set<[UInt8]> = []
    private(set) var grouping = Grouping.type
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
        var parameter: Parameter
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
                json += Array("\(problem.parameter.rawValue)\",\"location\":\"query\"}".utf8)
            }
            return json + Array("]".utf8)
        }
    }

    /// The parameters that are known.
    enum Parameter: String, Sendable {
        case limit, cursor, dateFrom, dateTo, by
        case ids, requestIds, categories, types, managementUserIds, tenants

        /// Whether it has one value, and so may stand once only.
        var isSingle: Bool {
            switch self {
            case .limit, .cursor, .dateFrom, .dateTo, .by: true
            default: false
            }
        }
    }

    /// Reads the query of a request target, without its question mark.
    ///
    /// Parameters that are not known do not matter; lists of a repeated parameter are joined.
    ///
    /// - Parameters:
    ///   - kind: What is asked for.
    ///   - tenant: The tenant that asks, who gets nobody else's events whatever the query says; `nil`
    ///     for the operator, who may ask for all.
    ///   - query: The query's bytes.
    /// - Throws: Which parameters are refused.
    init(_ kind: Kind, tenant: String?, query: Span<UInt8>) throws(Refusal) {
        var problems: [Problem] = []
        var seen: Set<Parameter> = []
        for field in query.copied.split(separator: UInt8(ascii: "&")) {
            let parts = field.split(separator: 0x3D, maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = QueryText.decoded(parts[0]),
                let parameter = Parameter(rawValue: String(decoding: name, as: UTF8.self)),
                parameter != .by || kind == .summary, parameter != .tenants || tenant == nil
            else { continue }
            let raw = parts.count > 1 ? parts[1] : []
            let isFirst = seen.insert(parameter).inserted || !parameter.isSingle
            let value = QueryText.decoded(raw)
            guard isFirst, let value, take(parameter, value) else {
                problems.append(Problem(parameter: parameter, value: value ?? Array(raw)))
                continue
            }
        }
        guard problems.isEmpty else { throw Refusal(problems: problems) }
        if let tenant {
            tenants = [JSONEscape.escaped(Array(tenant.utf8), bytesMax: EventScope.nameBytesMax)]
        }
    }

    /// The same question as a listing's, as far as groups of events tell: of tenant and time.
    init(_ filter: EventListing.Filter) {
        if let tenant = filter.tenant { tenants = [JSONEscape.escaped(Array(tenant.utf8))] }
        timeFrom = filter.sinceMilliseconds.map { EventKey.time(milliseconds: $0) } ?? .min
        timeTo = filter.untilMilliseconds.map { EventKey.time(milliseconds: $0) } ?? .max
    }

    /// Takes one parameter in; `false` when its value is refused.
    private mutating func take(_ parameter: Parameter, _ value: [UInt8]) -> Bool {
        switch parameter {
        case .limit:
            guard let number = Int(String(decoding: value, as: UTF8.self)),
                (1...Self.limitMax).contains(number), value.first != UInt8(ascii: "+")
            else { return false }
            limit = number
        case .cursor:
            guard let key = EventKey(cursor: value) else { return false }
            before = key
        case .dateFrom:
            guard let time = EventTime.milliseconds(value, edge: .start) else { return false }
            timeFrom = EventKey.time(milliseconds: time)
        case .dateTo:
            guard let time = EventTime.milliseconds(value, edge: .end) else { return false }
            timeTo = EventKey.time(milliseconds: time)
        case .by:
            guard let grouping = Grouping(rawValue: String(decoding: value, as: UTF8.self)) else {
                return false
            }
            self.grouping = grouping
        case .ids: ids.formUnion(QueryText.list(value))
        case .requestIds: requests.formUnion(QueryText.list(value))
        case .categories: categories.formUnion(QueryText.list(value))
        case .types: types.formUnion(QueryText.list(value))
        case .managementUserIds: managementUsers.formUnion(QueryText.list(value))
        case .tenants: tenants.formUnion(QueryText.list(value))
        }
        return true
    }
}

extension EventQuery {
    /// Whether an event of this query's time is one that is asked for.
    func matches(_ event: EventLine, in line: Span<UInt8>) -> Bool {
        guard tenants.isEmpty || tenants.contains(line.extracting(event.tenant).copied),
            ids.isEmpty || ids.contains(line.extracting(event.id).copied),
            requests.isEmpty || requests.contains(line.extracting(event.request).copied)
        else { return false }
        if !categories.isEmpty || !types.isEmpty {
            let isWanted =
                !categories.isEmpty && categories.contains(line.extracting(event.category).copied)
                || !types.isEmpty && types.contains(line.extracting(event.type).copied)
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
