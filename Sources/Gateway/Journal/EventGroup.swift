/// What events have in common that are counted together; what does not matter is empty or zero.
struct EventGroup: Hashable, Sendable {
    /// Values as events hold them.
    var tenant: [UInt8] = []
    var category: [UInt8] = []
    var type: [UInt8] = []
    var route: [UInt8] = []
    var client: [UInt8] = []
    var code: [UInt8] = []

    /// The digits of year, month, day and hour in UTC.
    var hour: Int64 = 0
}

/// What is known of the events of a group.
struct EventTally: Sendable, Equatable {
    var events = 0
    var starts = 0
    var successes = 0
    var fails = 0

    /// Requests refused before a START, also those that were only counted.
    var refused = 0

    /// The times of outcomes, as far as events hold them.
    var latency = LatencyHistogram()

    /// Takes in what another tally counted.
    mutating func add(_ other: EventTally) {
        events += other.events
        starts += other.starts
        successes += other.successes
        fails += other.fails
        refused += other.refused
        latency.add(other.latency)
    }
}

extension EventTally {
    /// Counts one event.
    mutating func take(_ details: EventDetails, in line: Span<UInt8>, phase: EventPhase) {
        count(events: 1, requests: details.requests(in: line), phase)
        if phase == .success || phase == .fail, let time = details.microseconds(in: line) {
            latency.add(microseconds: time)
        }
    }

    /// Counts events of one phase, which stand for so many requests.
    mutating func count(events: Int, requests: Int, _ phase: EventPhase) {
        self.events += events
        switch phase {
        case .start: starts += events
        case .success: successes += events
        case .fail: fails += events
        case .refused: refused += requests
        case .other: break
        }
    }
}

/// What an event says about its request.
enum EventPhase: Sendable {
    case start
    case success
    case fail

    /// The request, or several, were refused before a START.
    case refused
    case other

    /// The phase of events of the type in `range`.
    init(_ line: Span<UInt8>, type range: Range<Int>) {
        if line.ends(with: "_START", in: range) {
            self = .start
        } else if line.ends(with: "_SUCCESS", in: range) {
            self = .success
        } else if line.ends(with: "_FAIL", in: range) {
            self = .fail
        } else if line.holds("GATEWAY_REQUEST_REFUSED", at: range)
            || line.holds("GATEWAY_REQUESTS_REFUSED", at: range)
        {
            self = .refused
        } else {
            self = .other
        }
    }
}
