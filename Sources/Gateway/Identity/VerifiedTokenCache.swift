import Policy

/// Tokens that were found good, so that one that comes again costs no signature check and no
/// question to an authorization server.
///
/// One for each loop, used by it alone. An entry is found only by the whole token, for the same
/// tenant, under the same rules, while its key is in the tenant's set; its times and the
/// revocations are checked at every hit. A token stands in one of the sixteen places after the one
/// that its hash gives. The table begins empty and stays at most half full.
///
/// When there is no room, an entry goes that was not used of late: one of a tenant that holds no
/// less than the average if there is one near, so that no tenant can push out the others.
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

    /// What the entries of each tenant hold, in bytes.
    private var tenantBytes: [Int] = []

    /// The tenants that hold anything.
    private var tenantsCount = 0

    /// How many places a token may stand in.
    private static let window = 16

    /// How many entries of tenants within their share are passed over before one is taken.
    private static let sparedMax = 64

    /// The least that an entry takes, for the bound on entries.
    private static let entryBytesMin = 1_024

    /// Makes an empty cache.
    ///
    /// - Parameter bytesMax: The most bytes that tokens and what was read from them may take;
    ///   there is one entry at most for each `entryBytesMin` of them.
    init(bytesMax: Int = 16 * 1_048_576) {
        precondition(bytesMax > 0)
        self.bytesMax = bytesMax
        entriesMax = max(bytesMax / Self.entryBytesMin, 1)
    }

    /// Where it is known from that a token is good.
    enum Origin {
        /// A signature that was verified with a key of the tenant's set.
        case signed(key: VerificationKey, keysGeneration: UInt64)

        /// The authorization server's word, which holds so long, in seconds since 1970.
        case lookedUp(usableUntil: Int64)
    }

    /// A caller that is remembered.
    struct Known {
        let principal: Principal
        let isRevoked: Bool
    }

    /// Whose token `token` is, if it was found good before and nothing has changed since.
    ///
    /// `now` is in seconds since 1970.
    @inline(__always)
    mutating func find(
        token: Span<UInt8>,
        tenant: TenantIdentity,
        revocations: RevocationList,
        now: Int64
    ) -> Known? {
        guard !entries.isEmpty else { return nil }
        let value = hash.hash(token, tenant: tenant.index)
        for step in 0..<Self.window {
            let place = place(of: value, step)
            guard entries[place].hash == value, let principal = entries[place].principal,
                entries[place].matches(token, tenant)
            else { continue }
            guard entries[place].isUsable(principal, tenant, now) else { return nil }
            if entries[place].revocationsGeneration != revocations.generation {
                entries[place].note(revocations, principal, tenant)
            }
            if !entries[place].isRecent { entries[place].isRecent = true }
            return Known(principal: principal, isRevoked: entries[place].isRevoked)
        }
        return nil
    }

    /// Remembers a token that was found good just now.
    mutating func insert(
        token: Span<UInt8>,
        principal: Principal,
        tenant: TenantIdentity,
        origin: Origin,
        revocations: RevocationList,
        now: Int64
    ) {
        var entry = Entry(
            hash: hash.hash(token, tenant: tenant.index),
            principal: principal,
            token: token.copied,
            tenant: tenant.index,
            rulesGeneration: tenant.rulesGeneration,
            origin: origin,
            leewaySeconds: tenant.rules.leeway
        )
        guard entry.cost <= bytesMax else { return }
        entry.note(revocations, principal, tenant)
        growIfNeeded()
        let place = placeToFill(for: entry, now: now)
        clear(place)
        while count >= entriesMax || bytesCount + entry.cost > bytesMax { evictOne() }
        add(entry, at: place)
    }

    /// Forgets everything.
    mutating func removeAll() {
        entries = []
        tenantBytes = []
        tenantsCount = 0
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

        /// The key that it was verified with.
        var keySerial: UInt64 = 0

        /// The last key set that is known to hold that key; 0 for a token that was looked up.
        var keysGeneration: UInt64 = 0

        /// When it is over, whatever the token says.
        var usableUntil = Int64.max
        var leewaySeconds: Int64 = 0

        /// The revocations that `isRevoked` was found with.
        var revocationsGeneration: UInt64 = 0
        var isRevoked = false

        /// Used since the hand last passed.
        var isRecent = false

        init() {}

        init(
            hash: UInt64,
            principal: Principal,
            token: [UInt8],
            tenant: Int,
            rulesGeneration: UInt64,
            origin: Origin,
            leewaySeconds: Int64
        ) {
            self.hash = hash
            self.principal = principal
            self.token = token
            self.tenant = tenant
            self.rulesGeneration = rulesGeneration
            self.leewaySeconds = leewaySeconds
            switch origin {
            case .signed(let key, let generation):
                keySerial = key.serial
                keysGeneration = generation
            case .lookedUp(let until): usableUntil = until
            }
        }

        /// The token, its claims and where they are, and what is around them.
        var cost: Int { token.count * 2 + 512 }

        @inline(__always)
        func matches(_ wanted: Span<UInt8>, _ tenant: TenantIdentity) -> Bool {
            self.tenant == tenant.index && rulesGeneration == tenant.rulesGeneration
                && token.span.isEqual(to: wanted)
        }

        /// Whether the token holds now, and what vouched for it still does.
        @inline(__always)
        mutating func isUsable(
            _ principal: Principal,
            _ tenant: TenantIdentity,
            _ now: Int64
        ) -> Bool {
            guard principal.isValid(at: now, leewaySeconds: leewaySeconds), now < usableUntil else {
                return false
            }
            guard usableUntil == .max else { return tenant.introspection != nil }
            guard let keys = tenant.keys else { return false }
            if keys.generation == keysGeneration { return true }
            guard keys.contains(serial: keySerial) else { return false }
            keysGeneration = keys.generation
            return true
        }

        /// Looks whether the token is among the revoked ones.
        mutating func note(
            _ revocations: RevocationList,
            _ principal: Principal,
            _ tenant: TenantIdentity
        ) {
            isRevoked = revocations.revokes(principal, tenant: tenant)
            revocationsGeneration = revocations.generation
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
        removeAll()
        entries = Array(repeating: Entry(), count: max(old.count * 2, 64))
        for entry in old where entry.principal != nil {
            for step in 0..<Self.window where entries[place(of: entry.hash, step)].principal == nil
            {
                add(entry, at: place(of: entry.hash, step))
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
            || entries[place].usableUntil <= now
    }

    private mutating func add(_ entry: Entry, at place: Int) {
        while tenantBytes.count <= entry.tenant { tenantBytes.append(0) }
        if tenantBytes[entry.tenant] == 0 { tenantsCount += 1 }
        tenantBytes[entry.tenant] += entry.cost
        bytesCount += entry.cost
        count += 1
        entries[place] = entry
    }

    private mutating func clear(_ place: Int) {
        guard entries[place].principal != nil else { return }
        let tenant = entries[place].tenant
        tenantBytes[tenant] -= entries[place].cost
        if tenantBytes[tenant] == 0 { tenantsCount -= 1 }
        bytesCount -= entries[place].cost
        count -= 1
        entries[place] = Entry()
    }

    /// Frees the next entry in the order of the table that was not used since the hand last passed.
    private mutating func evictOne() {
        let share = bytesCount / max(tenantsCount, 1)
        var spared = 0
        while count > 0 {
            hand = (hand + 1) % entries.count
            guard entries[hand].principal != nil else { continue }
            if tenantBytes[entries[hand].tenant] < share, spared < Self.sparedMax {
                spared += 1
                continue
            }
            guard entries[hand].isRecent else { return clear(hand) }
            entries[hand].isRecent = false
        }
    }
}
