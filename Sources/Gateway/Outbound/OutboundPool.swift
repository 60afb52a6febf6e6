/// Connections that serve no request at the moment and were left open.
struct OutboundPool {
    typealias Key = Slab<OutboundConnection>.Key

    /// The most idle connections of one origin.
    static let connectionsPerOriginMax = 32

    /// The most idle connections.
    static let connectionsMax = 128

    /// How long a connection may be idle.
    static let idleMilliseconds: Int64 = 15_000

    /// How old a connection may become: a host's new address or a file's new authorities count
    /// from then on at the latest.
    static let ageMillisecondsMax: Int64 = 300_000

    private var idle: [OutboundOrigin: [Key]] = [:]
    private var count = 0

    /// Takes the connection out that was used last.
    mutating func take(_ origin: OutboundOrigin) -> Key? {
        guard let key = idle[origin]?.last else { return nil }
        forget(key, origin)
        return key
    }

    /// Keeps a connection; false when there is no room.
    mutating func keep(_ key: Key, _ origin: OutboundOrigin) -> Bool {
        guard count < Self.connectionsMax,
            idle[origin, default: []].count < Self.connectionsPerOriginMax
        else { return false }
        idle[origin, default: []].append(key)
        count += 1
        return true
    }

    /// Forgets a connection that was closed.
    mutating func forget(_ key: Key, _ origin: OutboundOrigin) {
        guard var keys = idle[origin], let index = keys.lastIndex(of: key) else { return }
        keys.remove(at: index)
        idle[origin] = keys.isEmpty ? nil : keys
        count -= 1
    }
}
