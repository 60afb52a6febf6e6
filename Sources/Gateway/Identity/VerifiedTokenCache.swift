import Policy

/// Tokens that were verified, so that one that comes again costs no signature check.
///
/// One for each loop, used by it alone. An entry is found only by the whole token, for the same
/// tenant, under the same rules and the same keys, and its times are checked at every hit. Entries
/// stand in sets of four; a set that is full gives up an entry that has not been used of late. The
/// table begins empty and grows with what is in it.
struct VerifiedTokenCache: ~Copyable {
    private let hash = TokenHash()
    private let setsMax: Int
    private let bytesMax: Int

    /// `setsCount * ways` places.
    private var entries: [Entry] = []
    private var setsCount = 0

    /// What the entries hold, in bytes, roughly; see `Entry.cost`.
    private(set) var bytesCount = 0

    /// The entries in use.
    private(set) var count = 0

    /// The place that is looked at next when room is needed.
    private var hand = 0

    private static let ways = 4

    /// Makes an empty cache.
    ///
    /// - Parameters:
    ///   - entriesMax: The most tokens, brought down to a power of two.
    ///   - bytesMax: The most bytes that they and what was read from them may take.
    init(entriesMax: Int = 8_192, bytesMax: Int = 16 * 1_048_576) {
        precondition(entriesMax >= Self.ways && bytesMax > 0)
        let sets = entriesMax / Self.ways
        setsMax = 1 << (Int.bitWidth - 1 - sets.leadingZeroBitCount)
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
        guard setsCount > 0, token.count >= TokenHash.tokenBytesMin else { return nil }
        let value = hash.hash(token, tenant: tenant)
        let first = firstPlace(of: value)
        for place in first..<first + Self.ways {
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
        let place = placeToFill(firstPlace(of: entry.hash), for: entry, now: now)
        clear(place)
        while bytesCount + entry.cost > bytesMax { evictOne() }
        entries[place] = entry
        bytesCount += entry.cost
        count += 1
    }

    /// Forgets everything.
    mutating func removeAll() {
        entries = []
        setsCount = 0
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

    @inline(__always)
    private func firstPlace(of hash: UInt64) -> Int {
        Int(truncatingIfNeeded: hash) & (setsCount - 1) &* Self.ways
    }

    /// Doubles the table when a third is taken, before many sets are full; every entry then finds a
    /// free place, since a set becomes two.
    private mutating func growIfNeeded() {
        if setsCount == 0 {
            setsCount = min(16, setsMax)
            entries = Array(repeating: Entry(), count: setsCount * Self.ways)
            return
        }
        guard setsCount < setsMax, count * 3 >= entries.count else { return }
        let old = entries
        setsCount *= 2
        entries = Array(repeating: Entry(), count: setsCount * Self.ways)
        for entry in old where entry.principal != nil {
            let first = firstPlace(of: entry.hash)
            for place in first..<first + Self.ways where entries[place].principal == nil {
                entries[place] = entry
                break
            }
        }
    }

    /// The place of an older entry of the same token, a free one, one that is over, or else one that
    /// was not used of late.
    private mutating func placeToFill(_ first: Int, for new: Entry, now: Int64) -> Int {
        let places = first..<first + Self.ways
        for place in places where entries[place].hash == new.hash { return place }
        for place in places where entries[place].principal == nil { return place }
        for place in places where isOver(place, now) { return place }
        let start = Int(truncatingIfNeeded: new.hash >> 56)
        for step in 0..<Self.ways * 2 {
            let place = first + (start + step) % Self.ways
            guard entries[place].isRecent else { return place }
            entries[place].isRecent = false
        }
        return first
    }

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
