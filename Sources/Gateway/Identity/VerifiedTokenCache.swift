import Policy

/// Tokens that were verified, so that one that comes again costs no signature check.
///
/// One for each loop, used by it alone. An entry is found only by the whole token, for the same
/// tenant, under the same rules and the same keys, and its times are checked at every hit. A token
/// stands in one of the sixteen places after the one that its hash gives; when all are taken, one
/// that has not been used of late is given up. The table begins empty and stays at most half full.
struct VerifiedTokenCache: ~Copyable {
    private let hash = TokenHash()
    private let entriesMax: Int
    private let bytesMax: Int

    /// The places, a power of two of them.
    private var entries: [Entry] = []

    /// What the entries hold, in bytes, roughly; see `Entry.cost`.
    private(set) var bytesCount = 0

    /// The entries in use.
    private(set) var count = 0

    /// The place that is looked at next when room is needed.
    private var hand = 0

    /// How many places a token may stand in.
    private static let window = 16

    /// Makes an empty cache.
    ///
    /// - Parameters:
    ///   - entriesMax: The most tokens.
    ///   - bytesMax: The most bytes that they and what was read from them may take.
    init(entriesMax: Int = 8_192, bytesMax: Int = 16 * 1_048_576) {
        precondition(entriesMax > 0 && bytesMax > 0)
        self.entriesMax = entriesMax
        self.bytesMax = bytesMax
    }

    /// Whose token `token` is, if it was verified before and nothing has changed since.
    ///
    /// `now` is in seconds since 1970.
    mutating func find(
        token: Span<UInt8>,
        tenant: Int,
        rulesGeneration: UInt64,
        keysGeneration: UInt64,
        now: Int64
    ) -> Principal? {
        guard !entries.isEmpty, token.count >= TokenHash.tokenBytesMin else { return nil }
        let value = hash.hash(token, tenant: tenant)
        for step in 0..<Self.window {
            let place = place(of: value, step)
            guard entries[place].hash == value, let principal = entries[place].principal,
                entries[place].matches(token, tenant, rulesGeneration, keysGeneration)
            else { continue }
            guard principal.isValid(at: now, leewaySeconds: entries[place].leewaySeconds) else {
                return nil
            }
            if !entries[place].isRecent { entries[place].isRecent = true }
            return principal
        }
        return nil
    }

    /// Remembers a token that was verified just now.
    mutating func insert(
        token: Span<UInt8>,
        principal: Principal,
        tenant: TenantIdentity,
        keysGeneration: UInt64,
        now: Int64
    ) {
        guard token.count >= TokenHash.tokenBytesMin else { return }
        let entry = Entry(
            hash: hash.hash(token, tenant: tenant.index),
            principal: principal,
            token: token.copied,
            tenant: tenant.index,
            rulesGeneration: tenant.rulesGeneration,
            keysGeneration: keysGeneration,
            leewaySeconds: tenant.rules.leeway
        )
        guard entry.cost <= bytesMax else { return }
        growIfNeeded()
        let place = placeToFill(for: entry, now: now)
        clear(place)
        while count >= entriesMax || bytesCount + entry.cost > bytesMax { evictOne() }
        entries[place] = entry
        bytesCount += entry.cost
        count += 1
    }

    /// Forgets everything.
    mutating func removeAll() {
        entries = []
        bytesCount = 0
        count = 0
        hand = 0
    }
}

extension VerifiedTokenCache {
    /// One token.
    fileprivate struct Entry {
        var hash: UInt64 = 0

        /// `nil`: the place is free.
        var principal: Principal?
        var token: [UInt8] = []
        var tenant = 0
        var rulesGeneration: UInt64 = 0
        var keysGeneration: UInt64 = 0
        var leewaySeconds: Int64 = 0

        /// Used since the hand last passed.
        var isRecent = false

        /// The token, its claims and where they are, and what is around them.
        var cost: Int { token.count * 2 + 512 }

        @inline(__always)
        func matches(
            _ wanted: Span<UInt8>,
            _ tenant: Int,
            _ rulesGeneration: UInt64,
            _ keysGeneration: UInt64
        ) -> Bool {
            self.tenant == tenant && self.rulesGeneration == rulesGeneration
                && self.keysGeneration == keysGeneration && token.span.isEqual(to: wanted)
        }
    }

    /// One of the places where a token may stand.
    @inline(__always)
    private func place(of hash: UInt64, _ step: Int) -> Int {
        (Int(truncatingIfNeeded: hash) &+ step) & (entries.count &- 1)
    }

    /// Doubles the table when half of it is taken.
    private mutating func growIfNeeded() {
        guard count * 2 >= entries.count else { return }
        let old = entries
        entries = Array(repeating: Entry(), count: max(old.count * 2, 64))
        count = 0
        bytesCount = 0
        for entry in old where entry.principal != nil {
            for step in 0..<Self.window where entries[place(of: entry.hash, step)].principal == nil
            {
                entries[place(of: entry.hash, step)] = entry
                bytesCount += entry.cost
                count += 1
                break
            }
        }
    }

    /// The place of an older entry of the same token, a free one, one that is over, or else one that
    /// was not used of late.
    private mutating func placeToFill(for new: Entry, now: Int64) -> Int {
        let places = 0..<Self.window
        for step in places where entries[place(of: new.hash, step)].hash == new.hash {
            return place(of: new.hash, step)
        }
        for step in places where isOver(place(of: new.hash, step), now) {
            return place(of: new.hash, step)
        }
        for step in 0..<Self.window * 2 {
            let place = place(of: new.hash, step % Self.window)
            guard entries[place].isRecent else { return place }
            entries[place].isRecent = false
        }
        return place(of: new.hash, 0)
    }

    /// Whether a place is free, or its token has expired.
    private func isOver(_ place: Int, _ now: Int64) -> Bool {
        guard let principal = entries[place].principal else { return true }
        return principal.expiresAt <= now - entries[place].leewaySeconds
    }

    private mutating func clear(_ place: Int) {
        guard entries[place].principal != nil else { return }
        bytesCount -= entries[place].cost
        count -= 1
        entries[place] = Entry()
    }

    /// Frees the next entry in the order of the table that was not used since the hand last passed.
    private mutating func evictOne() {
        while count > 0 {
            hand = (hand + 1) % entries.count
            guard entries[hand].principal != nil else { continue }
            guard entries[hand].isRecent else {
                return clear(hand)
            }
            entries[hand].isRecent = false
        }
    }
}

extension Span<UInt8> {
    /// Whether the bytes are the same.
    fileprivate func isEqual(to other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        let left = unsafe bytes
        let right = unsafe other.bytes
        var offset = 0
        while offset &+ 8 <= count {
            let a = unsafe left.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
            let b = unsafe right.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
            guard a == b else { return false }
            offset &+= 8
        }
        while offset < count {
            guard self[offset] == other[offset] else { return false }
            offset &+= 1
        }
        return true
    }
}
