import Foundation

/// Measures one decision (which route, parameters, allow and deny lines; no input or output) under
/// a policy of 50 routes for one tenant and for many, and what loading such a configuration takes.
@main
enum Decisions {
    static let routeCount = 50
    static let requestCount = 4_096
    static let rounds = 15

    static func main() throws {
        let tenantCount = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 10_000
        print("\(routeCount) routes; a decision, median of \(rounds) rounds:")
        let one = try measured(tenantCount: 1, ownLines: true)
        let shared = try measured(tenantCount: tenantCount, ownLines: false)
        let own = try measured(tenantCount: tenantCount, ownLines: true)
        print("goals: under 300 ns, and 1.3 times that of one tenant at most")
        let isMet = [one, shared, own].allSatisfy { $0 < 300 } && max(shared, own) <= one * 1.3
        print(isMet ? "both met" : "NOT met")
        exit(isMet ? 0 : 1)
    }

    /// Loads a configuration and decides under it.
    private static func measured(tenantCount: Int, ownLines: Bool) throws -> Double {
        let before = residentKilobytes()
        let (policy, seconds) = try loaded(tenantCount, ownLines)
        let megabytes = Double(residentKilobytes() - before) / 1_024
        let requests = Requests(policy, tenantCount)
        var times = (0..<rounds).map { _ in requests.nanosecondsEach(policy) }
        times.sort()
        let each = times[rounds / 2]
        let lines = ownLines ? "own lines for each route" : "the policy's lines"
        print(
            String(
                format: "%7d tenants, %@: %6.1f ns (%.1f to %.1f); parsed in %.2f s, "
                    + "compiled in %.2f s, %.0f MB",
                tenantCount,
                lines,
                each,
                times[0],
                times[rounds - 1],
                seconds.parsing,
                seconds.compiling,
                megabytes
            )
        )
        return each
    }

    private static func loaded(
        _ tenantCount: Int,
        _ ownLines: Bool
    ) throws -> (CompiledPolicy, (parsing: Double, compiling: Double)) {
        var sources = SourceMap()
        let texts = (0..<tenantCount).map { ownLines ? Array(tenantText($0).utf8) : [] }
        let start = processorSeconds()
        let document = PolicyReader.read(
            statements(Array(policyText.utf8), "bench.policy", &sources),
            sources: sources
        )
        let tenants = texts.enumerated().map { index, text in
            let routes = statements(text, "\(index).conf", &sources)
            return TenantPolicyInput(name: "t\(index)", statements: routes, sources: sources)
        }
        let parsed = processorSeconds()
        let policy = try PolicyCompiler.compile([document], tenants: tenants, sources: sources)
        return (policy, (parsed - start, processorSeconds() - parsed))
    }

    private static func statements(
        _ bytes: [UInt8],
        _ path: String,
        _ sources: inout SourceMap
    ) -> [Statement] {
        let file = sources.add(path: path, bytes: bytes)
        return StatementParser.parse(bytes, file: file) { _ in .failure(SourceFailure("")) }
            .statements
    }

    /// Fifty routes as an issuer's interface has them.
    private static let policyText: String = {
        var text = "roles admin issuer auditor suspended\n"
        for index in 0..<routeCount / 2 {
            let path = "/v1/area\(index)/items"
            text += """
                route create\(index) {
                    match POST \(path)
                    allow role admin issuer
                    deny role suspended
                }
                route item\(index) {
                    match GET \(path)/{id:uuid}
                    match DELETE \(path)/{id:uuid}
                    allow role admin
                    allow role issuer and scope area\(index % 8)
                }

                """
        }
        return text
    }()

    private static func tenantText(_ tenant: Int) -> String {
        var text = ""
        for index in 0..<routeCount / 2 {
            text += """
                route create\(index) {
                    allow role admin
                    allow client console-\(tenant)
                }
                route item\(index) {
                    allow role admin auditor
                    deny role suspended
                }

                """
        }
        return text
    }

    /// The time that the processor spent on this process, which others on the machine do not change.
    static func processorSeconds() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func residentKilobytes() -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
        return line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    }
}

/// Requests in an order that no cache foresees.
struct Requests {
    private var paths: [UInt8] = []
    private var all: [Request] = []

    private struct Request {
        let path: Range<Int>
        let method: MethodCode
        let tenant: Int
        let facts: FactSet
    }

    init(_ policy: CompiledPolicy, _ tenantCount: Int) {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<Decisions.requestCount {
            let start = paths.count
            let area = Int.random(in: 0..<Decisions.routeCount / 2, using: &random)
            let isItem = Bool.random(using: &random)
            let path = "/v1/area\(area)/items"
            paths += (isItem ? path + "/8241400f-de3b-42c5-ad7c-8a380039e796" : path).utf8
            let tenant = Int.random(in: 0..<tenantCount, using: &random)
            var facts = FactSet()
            for fact in policy.conditions(ofTenant: tenant).indices
            where Int.random(in: 0..<3, using: &random) == 0 {
                facts.insert(fact)
            }
            all.append(
                Request(
                    path: start..<paths.count,
                    method: MethodCode(name: isItem ? "GET" : "POST"),
                    tenant: tenant,
                    facts: facts
                )
            )
        }
    }

    /// Decides each of them a hundred times.
    func nanosecondsEach(_ policy: CompiledPolicy) -> Double {
        var allowed = 0
        var parameters = PathParameters()
        let start = Decisions.processorSeconds()
        for _ in 0..<100 {
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
                if case .allow = verdict, policy.parameterFault(parameters, in: path) == nil {
                    allowed += 1
                }
            }
        }
        let seconds = Decisions.processorSeconds() - start
        precondition(allowed > 0)
        return seconds * 1e9 / Double(100 * all.count)
    }
}
