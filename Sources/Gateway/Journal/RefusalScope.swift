/// What is known of a refused request besides the request itself: made at load.
struct RefusalScope: Sendable {
    /// `,"tenantId":"..."`, or nothing.
    let tenant: [UInt8]

    /// `,"data":{` and the route's name, if there is one.
    let details: [UInt8]

    /// - Parameters:
    ///   - tenant: The tenant's name; `nil` when the host is no tenant's.
    ///   - route: The route's name; `nil` when no route was found.
    init(tenant: String?, route: String?) {
        self.tenant = tenant.map { Self.member(",\"tenantId\":\"", $0, "\"") } ?? []
        details =
            Array(",\"data\":{".utf8) + (route.map { Self.member("\"route\":\"", $0, "\",") } ?? [])
    }

    private static func member(_ before: String, _ name: String, _ after: String) -> [UInt8] {
        let escaped = JSONEscape.escaped(Array(name.utf8), bytesMax: EventScope.nameBytesMax)
        return Array(before.utf8) + escaped + Array(after.utf8)
    }
}
