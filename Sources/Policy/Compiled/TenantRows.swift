/// Which rule set each tenant has for each route.
///
/// A tenant's row is cut into blocks of 16 routes, 64 bytes of which each decision touches four.
/// Blocks that are equal are kept once: tenants with the same lines share theirs, and one with
/// lines of its own for a single route costs one block, however many routes there are.
struct TenantRows: Sendable {
    private static let blockShift = 4
    private static let blockRoutes = 1 << blockShift

    /// Blocks in a row.
    private var rowBlocks = 0

    /// The number of each block of each tenant.
    private var numbers: [UInt32] = []

    /// The rule sets of each block, by route.
    private var ruleSets: [UInt32] = []

    /// The number of each block, while the rows are built.
    private var places: [[UInt32]: UInt32] = [:]

    /// The rule set that a route has for a tenant.
    @inline(__always)
    func ruleSet(ofRoute route: Int, tenant: Int) -> UInt32 {
        let block = numbers[tenant * rowBlocks + route >> Self.blockShift]
        return ruleSets[Int(block) << Self.blockShift | route & (Self.blockRoutes - 1)]
    }

    /// The number of different blocks.
    var blockCount: Int { ruleSets.count >> Self.blockShift }

    /// Adds the row of the next tenant; rows are equally long.
    mutating func add(_ row: [UInt32]) {
        rowBlocks = (row.count + Self.blockRoutes - 1) >> Self.blockShift
        for start in stride(from: 0, to: row.count, by: Self.blockRoutes) {
            let routes = row[start..<min(start + Self.blockRoutes, row.count)]
            let padding = repeatElement(0 as UInt32, count: Self.blockRoutes - routes.count)
            numbers.append(number(of: routes + padding))
        }
    }

    private mutating func number(of block: ArraySlice<UInt32>) -> UInt32 {
        let block = Array(block)
        if let number = places[block] { return number }
        let number = UInt32(truncatingIfNeeded: blockCount)
        ruleSets += block
        places[block] = number
        return number
    }

    /// Forgets what only building needs.
    mutating func finish() { places = [:] }
}
