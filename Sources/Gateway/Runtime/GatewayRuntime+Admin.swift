import Dispatch
import Synchronization

extension GatewayRuntime {
    /// How long a loop may take to tell its numbers.
    private static let reportMilliseconds = 1_000

    /// What the admin listener answers with.
    var adminSource: AdminSource {
        AdminSource(
            readiness: { self.readiness() },
            metrics: { self.metrics() },
            reload: { self.orders.place() },
            changeRevocations: { self.changeRevocations($0) },
            revocations: { self.revocationReport() },
            explain: { self.explain($0) },
            events: { self.eventsReport(.page($0)) },
            eventsSummary: { self.eventsReport(.summary($0)) }
        )
    }

    /// Opens the admin listener, if the configuration names one.
    func startAdmin() throws(GatewayFailure) -> AdminServer? {
        let configuration = state.withLock { $0.snapshot.configuration }
        guard let admin = configuration.admin else { return nil }
        let address = try Listeners.address(admin.address, to: "listen for administration")
        var context: TLSContext?
        if let certificate = admin.certificate {
            do throws(TLSFailure) {
                context = try TLSContext(certificates: [certificate])
            } catch {
                throw .tls(error)
            }
        }
        do throws(Errno) {
            return try AdminServer(
                on: address,
                access: AdminAccess(host: admin.address.host, token: admin.token),
                context: context,
                source: adminSource
            )
        } catch {
            throw .address(
                "listen for administration",
                host: admin.address.host,
                port: admin.address.port,
                reason: error
            )
        }
    }

    func readiness() -> ReadinessReport {
        let (snapshot, refresher, files, isDraining) = state.withLock {
            ($0.snapshot, $0.refresher, $0.tenantFiles, $0.isDraining)
        }
        var report = ReadinessReport()
        report.isDraining = isDraining
        report.refusedFiles = files.refused
        for (index, tenant) in snapshot.configuration.tenants.enumerated() {
            var part = part(of: tenant, refresher?.status(tenant: index))
            if let file = files.oldForms[tenant.name] {
                let words = "in an old form: `\(file)` is refused"
                part.detail = part.detail.map { "\(words); \($0)" } ?? words
            }
            report.tenants.append(part)
        }
        let resting = reports().flatMap(\.restingServers)
        for upstream in snapshot.upstreams {
            let failing = upstream.servers.filter {
                $0.addresses.isEmpty || resting.contains($0.identity)
            }
            report.upstreams.append(
                .init(
                    name: upstream.name,
                    isReady: failing.count < upstream.servers.count,
                    detail: failing.isEmpty
                        ? nil
                        : "\(failing.count) of \(upstream.servers.count) servers do not answer"
                )
            )
        }
        if let journal {
            report.journal = .init(
                name: journal.settings.path,
                isReady: journal.isAvailable,
                detail: journal.isAvailable ? nil : journal.statistics.lastError
            )
        }
        report.shippers = shipperReadiness()
        report.revocations = revocationReadiness()
        return report
    }

    /// Asks every loop; one that does not answer in time is left out.
    func collect<Answer: Sendable>(
        _ question: (@escaping @Sendable (Answer) -> Void) -> LoopMessage
    ) -> [Answer] {
        let received = Received<Answer>()
        let deadline = DispatchTime.now() + .milliseconds(Self.reportMilliseconds)
        for loop in loops { loop.mailbox.post(question { received.add($0) }) }
        return received.wait(for: loops.count, until: deadline)
    }

    private func reports() -> [LoopReport] { collect { .report($0) } }

    func metrics() -> MetricsSnapshot {
        let (snapshot, refresher, files, reloads, failures) = state.withLock {
            ($0.snapshot, $0.refresher, $0.tenantFiles, $0.reloads, $0.reloadFailures)
        }
        let reports = reports()
        var metrics = MetricsSnapshot()
        metrics.version = ProductVersion.text
        metrics.reloads = UInt64(reloads)
        metrics.reloadFailures = UInt64(failures)
        metrics.refusedTenantFiles = UInt64(files.refused.count)
        metrics.tenantsInOldForm = UInt64(files.oldForms.count)
        metrics.add(reports, snapshot)
        for (index, tenant) in snapshot.configuration.tenants.enumerated()
        where tenant.tokens?.keys != nil {
            guard let status = refresher?.status(tenant: index) else { continue }
            metrics.keys.append(MetricsSnapshot.Keys(tenant: tenant.name, status))
        }
        metrics.revocations = revocationReport()
        metrics.revocationFileFailures = UInt64(revocations.troubles.count)
        if snapshot.configuration.tenants.contains(where: { $0.tokens?.introspection != nil }) {
            metrics.introspection = .init(introspector)
        }
        if let statistics = journal?.statistics {
            metrics.journal = .init(
                events: UInt64(statistics.events),
                bytes: UInt64(statistics.bytes),
                failures: UInt64(statistics.failures + statistics.lostEvents),
                openStarts: UInt64(statistics.openStarts),
                unshippedRemoved: UInt64(statistics.unshippedEventsRemoved)
            )
        }
        metrics.shippers = shipperMetrics()
        for certificate in snapshot.listeners.flatMap(\.certificates) {
            metrics.certificates.append(
                .init(
                    name: certificate.names.first ?? "",
                    file: certificate.files.chainPath,
                    notAfter: certificate.notAfter
                )
            )
        }
        metrics.process = MetricsSnapshot.Process(startedAt: Double(startTime))
        return metrics
    }
}

extension MetricsSnapshot.Introspection {
    fileprivate init(_ introspector: Introspector) {
        let counts = introspector.counts
        requests = [
            RequestCount(outcome: "active", count: UInt64(counts.active)),
            RequestCount(outcome: "inactive", count: UInt64(counts.inactive)),
            RequestCount(outcome: "refused", count: UInt64(counts.refused)),
            RequestCount(outcome: "unavailable", count: UInt64(counts.unavailable)),
        ]
        shared = UInt64(counts.shared)
        full = UInt64(counts.full)
        entries = UInt64(introspector.rememberedCount)
    }
}

/// Answers that several loops give, each on its own thread.
private final class Received<Answer: Sendable>: Sendable {
    private let answers = Mutex<[Answer]>([])
    private let arrived = DispatchSemaphore(value: 0)

    func add(_ answer: Answer) {
        answers.withLock { $0.append(answer) }
        arrived.signal()
    }

    func wait(for count: Int, until deadline: DispatchTime) -> [Answer] {
        for _ in 0..<count where arrived.wait(timeout: deadline) != .success { break }
        return answers.withLock { $0 }
    }
}
