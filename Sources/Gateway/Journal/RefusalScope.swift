/// What is known of a refused request besides the request itself: made at load.
struct RefusalScope: Sendable {
    /// `,"tenantId":"..."`, or nothing.
    let tenant: [UInt8]

    /// `,"data":{` and the route's name, if there is one.
    let details: [UInt8]

    /// How much the events tell: at 1 they have no `data`.
    let level: Int

    /// - Parameters:
    ///   - tenant: The tenant's name; `nil` when the host is no tenant's.
    ///   - route: The route's name; `nil` when no route was found.
    ///   - level: How much the events tell.
    init(tenant: String?, route: String?, level: Int = 2) {
        self.level = level
        self.tenant = tenant.map { Self.member(",\"tenantId\":\"", $0, "\"") } ?? []
        details =
            Array(",\"data\":{".utf8) + (route.map { Self.member("\"route\":\"", $0, "\",") } ?? [])
    }

    private static func member(_ before: String, _ name: String, _ after: String) -> [UInt8] {
        let escaped = JSONEscape.escaped(Array(name.utf8), bytesMax: EventScope.nameBytesMax)
        return Array(before.utf8) + escaped + Array(after.utf8)
    }
}
