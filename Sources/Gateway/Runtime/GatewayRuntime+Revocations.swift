import Dispatch
import Synchronization

extension GatewayRuntime {
    /// How long an event loop may take to adopt a list.
    private static let revocationMilliseconds = 5_000

    /// Does what `POST` or `DELETE /revocations` asks for.
    func changeRevocations(_ request: RevocationRequest) -> RevocationResult {
        let order: RevocationOrder
        do throws(RevocationOrder.Fault) {
            let tenants = state.withLock { $0.snapshot.configuration.tenants.map(\.name) }
            order =
                request.isText
                ? try RevocationOrder(text: request.body)
                : try RevocationOrder(json: request.body, tenants: tenants)
        } catch {
            switch error {
            case .malformed(let words): return .refused(.malformed, words)
            case .unknownTenant(let words): return .refused(.unprocessable, words)
            }
        }
        // One that has ended serves nobody.
        let loopsCount = loops.count { !$0.wait(until: .now()) }
        let adopted = DispatchSemaphore(value: 0)
        let change: Revocations.Change
        do throws(Revocations.Refusal) {
            change =
                switch request.action {
                case .revoke: try revocations.add(order.revocations) { adopted.signal() }
                case .takeBack: try revocations.remove(order.revocations) { adopted.signal() }
                }
        } catch { return Self.result(of: error) }
        let deadline = DispatchTime.now() + .milliseconds(Self.revocationMilliseconds)
        for index in 0..<loopsCount where adopted.wait(timeout: deadline) != .success {
            return .refused(
                .unavailable,
                "it is kept and in force, but \(loopsCount - index) of \(loopsCount) event loops"
                    + " have not confirmed it yet"
            )
        }
        return .done(count: change.count, total: change.total)
    }

    private static func result(of refusal: Revocations.Refusal) -> RevocationResult {
        switch refusal {
        case .noPlace:
            .refused(
                .noPlace,
                "nothing can be kept over a restart without `journal` or `keys-cache`"
            )
        case .tooManyEntries:
            .refused(.unprocessable, "there would be more than \(Revocations.entriesMax) entries")
        case .tooManyBytes:
            .refused(
                .unprocessable,
                "posted entries would take more than \(PostedRevocations.bytesMax) bytes"
            )
        case .unwritable(let path, let error):
            .refused(.unavailable, "nothing has changed: cannot write `\(path)`: \(error)")
        }
    }

    /// How many entries are in force.
    func revocationReport() -> RevocationReport {
        let counts = revocations.counts
        return RevocationReport(file: Self.tally(counts.files), posted: Self.tally(counts.posted))
    }

    private static func tally(_ counts: RevocationCounts) -> RevocationReport.Tally {
        RevocationReport.Tally(
            token: counts.token,
            subject: counts.subject,
            client: counts.client,
            any: counts.any
        )
    }

    /// How the `revoked` files stand; `nil` when nothing is revoked and no file named.
    func revocationReadiness() -> ReadinessReport.Part? {
        let report = revocationReport()
        let troubles = revocations.troubles.files
        guard report.total > 0 || revocations.hasFiles else { return nil }
        var words = ["\(report.total) in force"]
        for file in troubles {
            let trouble = file.trouble?.description ?? ""
            words.append("`\(file.path)` cannot be used: \(trouble)")
        }
        return .init(
            name: "revocations",
            isReady: troubles.isEmpty,
            detail: words.joined(separator: "; ")
        )
    }
}
