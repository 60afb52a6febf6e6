import Policy

/// Where failed attempts are counted, by digests of what they were made with.
///
/// An attempt is counted before anybody knows how it ends, and taken back only when it went well: what
/// ends in no answer counts, and attempts that are made at the same time cannot pass together.
protocol AttemptStore: Sendable {
    /// Counts an attempt with `code`, if fewer than `attemptsMax` were counted.
    ///
    /// Once this returns the count survives the end of the process, where the store is a lasting one.
    func reserve(_ code: Thumbprint, attemptsMax: Int, now: Int64) -> AttemptVerdict

    /// What `reserve` would say of `code`, without counting.
    func verdict(on code: Thumbprint, attemptsMax: Int, now: Int64) -> AttemptVerdict

    /// Forgets the attempts with `code`: one went well.
    func clear(_ code: Thumbprint, now: Int64)
}

/// Whether one more attempt may be made.
enum AttemptVerdict: Hashable, Sendable {
    case granted

    /// There were as many as may be.
    case exceeded

    /// It cannot be counted.
    case unavailable
}
