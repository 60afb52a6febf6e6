/// What is known of the events of one route of one tenant before any request: made at load.
///
/// Its bytes are copied when a START is written, so a scope may go away while requests that it
/// began are still open.
struct EventScope: Sendable {
    /// The most bytes of a tenant, family, category or route name that events carry.
    static let nameBytesMax = 255

    /// `","type":"FAMILY_`, then `","category":...,"timestamp":"`, then `","tenantId":...,
    /// "requestId":"`, one after the other.
    let head: [UInt8]
    let typeCount: Int
    let categoryCount: Int

    /// `,"data":{"route":"...","method":"`.
    let details: [UInt8]

    /// How much the tenant's events tell: at 1 they have no `data`.
    let level: Int

    /// - Parameters:
    ///   - tenant: The tenant's name.
    ///   - family: The word after `event` in the policy, such as `OPENID_TOKEN`.
    ///   - route: The route's name.
    ///   - category: The kind of events.
    ///   - level: How much they tell.
    init(
        tenant: String,
        family: String,
        route: String,
        category: String = "openid",
        level: Int = 2
    ) {
        self.level = level
        let type = Array("\",\"type\":\"".utf8) + Self.escaped(family) + Array("_".utf8)
        let middle =
            Array("\",\"category\":\"".utf8) + Self.escaped(category)
            + Array("\",\"version\":\"1\",\"timestamp\":\"".utf8)
        let identity =
            Array("\",\"tenantId\":\"".utf8) + Self.escaped(tenant)
            + Array("\",\"requestId\":\"".utf8)
        head = type + middle + identity
        typeCount = type.count
        categoryCount = middle.count
        details =
            Array(",\"data\":{\"route\":\"".utf8) + Self.escaped(route)
            + Array("\",\"method\":\"".utf8)
    }

    /// `,"path":"TEMPLATE"`; empty for a template too long for an event.
    static func pathMember(_ template: String) -> [UInt8] {
        let text = JSONEscape.escaped(Array(template.utf8))
        guard text.count <= EventLimits.pathBytesMax else { return [] }
        return Array(",\"path\":\"".utf8) + text + Array("\"".utf8)
    }

    private static func escaped(_ name: String) -> [UInt8] {
        JSONEscape.escaped(Array(name.utf8), bytesMax: nameBytesMax)
    }
}
