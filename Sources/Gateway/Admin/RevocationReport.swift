/// How many revocations are in force, by source and kind.
struct RevocationReport: Hashable, Sendable {
    var file = Tally()
    var posted = Tally()

    var total: Int { file.total + posted.total }

    struct Tally: Hashable, Sendable {
        var token = 0
        var subject = 0
        var client = 0

        /// Entries that count for all three.
        var any = 0

        var total: Int { token + subject + client + any }
    }
}
