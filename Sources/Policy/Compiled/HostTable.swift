/// Finds the tenant of a host.
///
/// An exact name comes first, then the longest `*.example` that the host ends in. Letters compare
/// without case, as ASCII; nothing else is forgiven, so a trailing dot names nobody.
public struct HostTable: Sendable {
    /// A stretch of `names` and its tenant, -1 in an empty slot.
    ///
    /// Four of them are one line of the processor's cache. The half of the hash that did not choose
    /// the slot stands here, so that hardly a name is read but the one that is asked for.
    private struct Slot: Sendable {
        var tag: UInt32 = 0
        var start: UInt32 = 0
        var count: UInt32 = 0
        var tenant: Int32 = -1
    }

    /// Longer hosts are nobody's (RFC 1035 section 2.3.4).
    private static let hostBytesMax = 255

    /// Open addressing over powers of two, at most half full.
    private var exact: [Slot]
    private var suffixes: [Slot]
    private var hasSuffixes = false
    private var names: [UInt8] = []

    /// Builds a table; a name that stands twice is refused and the first one kept.
    ///
    /// - Parameters:
    ///   - entries: The `host` lines of all tenants.
    ///   - diagnostics: What is wrong is added here.
    public init(_ entries: [HostEntry], _ diagnostics: inout [Diagnostic]) {
        let wildcards = entries.count { $0.name.hasPrefix("*.") }
        exact = Self.emptySlots(for: entries.count - wildcards)
        suffixes = Self.emptySlots(for: wildcards)
        for entry in entries {
            guard add(entry) else {
                diagnostics.append(
                    Diagnostic("host `\(entry.name)` is named twice", at: entry.position)
                )
                continue
            }
        }
    }

    /// The tenant of a host as it stands in a request, without its port; `nil` when it is nobody's.
    public func tenant(ofHost host: Span<UInt8>) -> Int? {
        guard host.count > 0, host.count <= Self.hostBytesMax else { return nil }
        var hash = Self.hashSeed
        var nearest: Int32 = -1
        var index = host.count - 1
        while true {
            if hasSuffixes, host[index] == UInt8(ascii: "."), index > 0,
                host[index - 1] != UInt8(ascii: ".")
            {
                let found = Self.find(suffixes, names, host, from: index + 1, hash)
                if found >= 0 { nearest = found }
            }
            hash = Self.hash(hash, adding: Self.lowercased(host[index]))
            if index == 0 { break }
            index -= 1
        }
        let found = Self.find(exact, names, host, from: 0, hash)
        if found >= 0 { return Int(found) }
        return nearest >= 0 ? Int(nearest) : nil
    }

    /// The tenant of `host[start...]`, whose hash is known, or -1.
    private static func find(
        _ slots: [Slot],
        _ names: [UInt8],
        _ host: Span<UInt8>,
        from start: Int,
        _ hash: UInt64
    ) -> Int32 {
        var index = slotIndex(hash, slots.count)
        while true {
            let slot = slots[index]
            guard slot.tenant >= 0 else { return -1 }
            if slot.tag == tag(hash), Int(slot.count) == host.count - start {
                var offset = 0
                while offset < Int(slot.count),
                    names[Int(slot.start) + offset] == lowercased(host[start + offset])
                {
                    offset += 1
                }
                if offset == Int(slot.count) { return slot.tenant }
            }
            index = (index + 1) & (slots.count - 1)
        }
    }
}

// MARK: - Building

extension HostTable {
    /// Adds an entry, unless its name is there already.
    private mutating func add(_ entry: HostEntry) -> Bool {
        let isSuffix = entry.name.hasPrefix("*.")
        let name = Array(entry.name.utf8.dropFirst(isSuffix ? 2 : 0)).map(Self.lowercased)
        var hash = Self.hashSeed
        for byte in name.reversed() { hash = Self.hash(hash, adding: byte) }
        let found = Self.find(isSuffix ? suffixes : exact, names, name.span, from: 0, hash)
        guard found < 0 else { return false }
        let slot = Slot(
            tag: Self.tag(hash),
            start: UInt32(truncatingIfNeeded: names.count),
            count: UInt32(truncatingIfNeeded: name.count),
            tenant: Int32(truncatingIfNeeded: entry.tenant)
        )
        names += name
        if isSuffix {
            hasSuffixes = true
            Self.insert(slot, hash, into: &suffixes)
        } else {
            Self.insert(slot, hash, into: &exact)
        }
        return true
    }

    private static func insert(_ slot: Slot, _ hash: UInt64, into slots: inout [Slot]) {
        var index = slotIndex(hash, slots.count)
        while slots[index].tenant >= 0 { index = (index + 1) & (slots.count - 1) }
        slots[index] = slot
    }

    /// A power of two, at least twice `count`, so that a search always ends.
    private static func emptySlots(for count: Int) -> [Slot] {
        var capacity = 2
        while capacity < count * 2 { capacity *= 2 }
        return [Slot](repeating: Slot(), count: capacity)
    }

    /// FNV-1a over the name from its end, so that the hash of every suffix is met on the way.
    private static var hashSeed: UInt64 { 0xCBF2_9CE4_8422_2325 }

    private static func hash(_ hash: UInt64, adding byte: UInt8) -> UInt64 {
        (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }

    private static func slotIndex(_ hash: UInt64, _ capacity: Int) -> Int {
        Int(truncatingIfNeeded: hash) & (capacity - 1)
    }

    private static func tag(_ hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash >> 32) }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }
}
