/// Requests in an order that no cache foresees: routes, tenants and facts are drawn at random, each
/// as likely as any other.
struct Requests {
    private static let count = 65_536

    private var paths: [UInt8] = []
    private var all: [Request] = []

    private struct Request {
        let path: Range<Int>
        let method: MethodCode
        let tenant: Int
        let facts: FactSet
    }

    init(_ policy: CompiledPolicy, _ tenantCount: Int) {
        let routes = (0..<Decisions.routeCount / 2).map { area in
            let path = "/v1/area\(area)/items"
            return (place(path), place(path + "/8241400f-de3b-42c5-ad7c-8a380039e796"))
        }
        let conditions = (0..<tenantCount).map { policy.conditions(ofTenant: $0).count }
        for _ in 0..<Self.count {
            let area = Int.random(in: 0..<routes.count)
            let isItem = Bool.random()
            let tenant = Int.random(in: 0..<tenantCount)
            var facts = FactSet()
            for fact in 0..<conditions[tenant] where Int.random(in: 0..<3) == 0 {
                facts.insert(fact)
            }
            all.append(
                Request(
                    path: isItem ? routes[area].1 : routes[area].0,
                    method: MethodCode(name: isItem ? "GET" : "POST"),
                    tenant: tenant,
                    facts: facts
                )
            )
        }
    }

    private mutating func place(_ path: String) -> Range<Int> {
        let start = paths.count
        paths += path.utf8
        return start..<paths.count
    }

    /// Decides each of them four times.
    func nanosecondsEach(_ policy: CompiledPolicy) -> Double {
        var allowed = 0
        var parameters = PathParameters()
        let start = Machine.processorSeconds()
        for _ in 0..<4 {
            for request in all {
                let path = paths.span.extracting(request.path)
                let match = policy.match(
                    method: request.method,
                    path: path,
                    parameters: &parameters
                )
                guard case .route(let route) = match else { continue }
                let verdict = policy.decide(
                    route: route,
                    tenant: request.tenant,
                    facts: request.facts
                )
                if case .allow = verdict, policy.parameterFaults(parameters, in: path).isEmpty {
                    allowed += 1
                }
            }
        }
        let seconds = Machine.processorSeconds() - start
        precondition(allowed > 0)
        return seconds * 1e9 / Double(4 * all.count)
    }
}

/// Hosts of tenants, in an order that no cache foresees.
struct Hosts {
    private let table: HostTable
    private var names: [UInt8] = []
    private var order: [Range<Int>] = []

    init(_ tenantCount: Int) {
        let position = SourcePosition(file: 0, line: 1, column: 1)
        var diagnostics: [Diagnostic] = []
        let hosts = (0..<tenantCount).map { "tenant\($0).vii.example" }
        table = HostTable(
            hosts.enumerated().map { HostEntry(name: $1, tenant: $0, position: position) },
            &diagnostics
        )
        for _ in 0..<65_536 {
            let start = names.count
            names += hosts[Int.random(in: 0..<tenantCount)].utf8
            order.append(start..<names.count)
        }
    }

    func nanosecondsEach() -> Double {
        var sum = 0
        let start = Machine.processorSeconds()
        for range in order { sum += table.tenant(ofHost: names.span.extracting(range)) ?? -1 }
        let seconds = Machine.processorSeconds() - start
        precondition(sum >= 0)
        return seconds * 1e9 / Double(order.count)
    }
}
