import Dispatch
import Synchronization

extension GatewayRuntime {
    /// How often the wait for signals comes back.
    private static let waitMilliseconds = 1_000

    /// How often names of upstreams are looked up again.
    static let resolveMilliseconds: Int64 = 30_000

    /// Runs the gateway until it is told to stop.
    ///
    /// - Parameters:
    ///   - path: The configuration.
    ///   - strictness: What becomes of the start when files of tenants are wrong.
    ///   - started: Called once everything listens.
    /// - Returns: What the process ends with.
    static func run(
        path: String,
        _ strictness: PreparedConfiguration.Strictness = .strict,
        started: (GatewayRuntime) -> Void
    ) -> ExitStatus {
        Signals.block()
        do throws(GatewayFailure) {
            let runtime = try start(path: path, strictness)
            let admin: AdminServer?
            do throws(GatewayFailure) {
                admin = try runtime.startAdmin()
            } catch {
                runtime.drain()
                throw error
            }
            ProcessMemory.giveBack()
            started(runtime)
            runtime.serveSignals()
            admin?.stop()
            return .done
        } catch {
            StandardStream.error.write(error.description)
            return error.exitStatus
        }
    }

    /// What listens, in one line.
    var summary: String {
        let configuration = state.withLock { $0.snapshot.configuration }
        let addresses = configuration.listeners.map { listener in
            let host = listener.address.host
            return (host.contains(":") ? "[\(host)]" : host) + ":\(listener.address.port)"
        }
        return "listening on \(addresses.joined(separator: ", "))"
    }

    private func serveSignals() {
        var nextLookUp = Clock.monotonicMilliseconds() + Self.resolveMilliseconds
        while true {
            if Clock.monotonicMilliseconds() >= nextLookUp {
                DispatchQueue.global(qos: .utility).async { self.lookUpAgain() }
                nextLookUp = Clock.monotonicMilliseconds() + Self.resolveMilliseconds
            }
            freeRetired()
            switch Signals.wait(milliseconds: Self.waitMilliseconds) {
            case .reload: _ = reload()
            case .terminate:
                orders.close()
                exitOnNextSignal()
                drain()
                return
            case .wake, nil: serveOrders()
            }
        }
    }

    private func serveOrders() {
        let waiting = orders.takeAll()
        guard !waiting.isEmpty else { return }
        let result = reload()
        for order in waiting { order.fulfil(result) }
    }

    /// While a drain runs, another signal ends the process at once.
    private func exitOnNextSignal() {
        _ = try? Thread(name: "signals") {
            while true {
                if Signals.wait(milliseconds: Self.waitMilliseconds) == .terminate {
                    OperatingProcess.exit(0)
                }
            }
        }
    }
}
