import Policy
import Synchronization

extension GatewayRuntime {
    /// Reads the configuration again and lets it take effect, or changes nothing.
    ///
    /// On the main thread, so one after the other.
    func reload() -> ReloadResult {
        let result = reloadOnce()
        switch result {
        case .done: state.withLock { $0.reloads += 1 }
        case .partial(let refused, _):
            state.withLock {
                $0.reloads += 1
                $0.reloadFailures += 1
            }
            Self.show(refused)
        case .refused(let diagnostics):
            state.withLock { $0.reloadFailures += 1 }
            for text in diagnostics { StandardStream.error.write(text) }
            StandardStream.error.writeLine("postern: reload refused, the old configuration goes on")
        }
        return result
    }

    /// Prints what `check` would warn of, and returns it.
    @discardableResult
    static func showWarnings(of prepared: PreparedConfiguration) -> [String] {
        let warnings = prepared.shownWarnings(at: Clock.unixSeconds())
        for words in warnings { StandardStream.error.writeLine("postern: warning: " + words) }
        return warnings
    }

    /// Prints what is wrong with files of tenants, and what becomes of them.
    static func show(_ refused: [RefusedTenantFile]) {
        for file in refused { StandardStream.error.write(file.text) }
        for file in refused { StandardStream.error.writeLine("postern: " + file.consequence) }
    }

    private func reloadOnce() -> ReloadResult {
        let (current, files) = state.withLock { ($0.snapshot, $0.tenantFiles) }
        let prepared: PreparedConfiguration
        do throws(PreparedConfiguration.Failure) {
            prepared = try .lenient(path: configurationPath, running: files.recordings)
        } catch {
            switch error {
            case .invalid(let text), .testsFailed(let text): return .refused(diagnostics: [text])
            }
        }
        if let fixed = fixedChange(from: current.configuration, prepared) {
            return .refused(diagnostics: [fixed])
        }
        let snapshot: Snapshot
        do throws(TLSFailure) {
            snapshot = try SnapshotBuilder.build(prepared, replacing: current)
        } catch {
            return .refused(diagnostics: ["postern: \(error)\n"])
        }
        do throws(Attempts.Failure) {
            try openAttempts(snapshot)
        } catch {
            return .refused(diagnostics: ["postern: \(error)\n"])
        }
        do throws(Revocations.AdoptionFailure) {
            try revocations.adopt(
                prepared.revocationFiles,
                folder: snapshot.configuration.revocationsFolders.first
            )
        } catch {
            return .refused(diagnostics: ["postern: \(error)\n"])
        }
        do throws(GatewayFailure) {
            try adoptShippers(snapshot.configuration)
        } catch { return .refused(diagnostics: [error.description]) }
        state.withLock {
            $0.snapshot = snapshot
            $0.tenantFiles = TenantFileStanding(prepared)
        }
        let identities = adoptKeys(snapshot)
        rates.reserve(for: snapshot.policy)
        haveAdopted(retiring: current, identities)
        let warnings = Self.showWarnings(of: prepared)
        guard prepared.refusedFiles.isEmpty else {
            return .partial(refused: prepared.refusedFiles, warnings: warnings)
        }
        return .done(warnings: warnings)
    }

    /// What a running process cannot change, if the new configuration asks for it.
    private func fixedChange(
        from old: Configuration,
        _ prepared: PreparedConfiguration
    ) -> String? {
        let new = prepared.loaded.configuration
        guard old.listeners.map(\.address) == new.listeners.map(\.address) else {
            return restartWanted(
                "`listen` addresses change",
                new.listeners.first?.position,
                prepared
            )
        }
        guard old.workers == new.workers else {
            return restartWanted("`workers` changes", nil, prepared)
        }
        guard old.analytics.journal?.path == new.analytics.journal?.path else {
            return restartWanted(
                "the path of the `journal` changes",
                new.analytics.journal?.position,
                prepared
            )
        }
        guard Self.isSame(old.analytics, new.analytics) else {
            return restartWanted(
                "`keep`, `limit` and `durability` change",
                new.analytics.journal?.position,
                prepared
            )
        }
        guard Self.isSame(old.admin, new.admin) else {
            return restartWanted("`admin` changes", new.admin?.position, prepared)
        }
        return nil
    }

    private static func isSame(
        _ old: Configuration.Analytics,
        _ new: Configuration.Analytics
    ) -> Bool {
        old.journal?.keepSeconds == new.journal?.keepSeconds
            && old.journal?.limitBytes == new.journal?.limitBytes
            && old.durability == new.durability
    }

    private static func isSame(_ old: Configuration.Admin?, _ new: Configuration.Admin?) -> Bool {
        old?.address == new?.address && old?.token == new?.token
            && old?.certificate?.chainPath == new?.certificate?.chainPath
            && old?.certificate?.keyPath == new?.certificate?.keyPath
    }

    private func restartWanted(
        _ what: String,
        _ position: SourcePosition?,
        _ prepared: PreparedConfiguration
    ) -> String {
        let words = "\(what) at a restart only"
        guard let position else { return "postern: \(words)\n" }
        return prepared.loaded.render([Diagnostic(words, at: position)])
    }

    /// Works out what each tenant's tokens are validated with and begins to keep the keys fresh.
    ///
    /// - Returns: What was in use before.
    @discardableResult
    func adoptKeys(_ snapshot: Snapshot) -> [TenantIdentity?] {
        // Worked out before the lock is taken, which loops wait for.
        var generations = state.withLock { $0.generations }
        let identities = Self.identities(of: snapshot, &generations)
        let (old, retired, epoch) = state.withLock { state in
            let retired = state.identities
            state.generations = generations
            state.identities = identities
            state.epoch += 1
            return (state.refresher, retired, state.epoch)
        }
        let sources = snapshot.configuration.tenants.enumerated().compactMap { index, tenant in
            tenant.tokens?.keys.map { (tenant: index, place: $0) }
        }
        let names = snapshot.configuration.tenants.map(\.name)
        let refresher = KeyRefresher(
            sources: sources,
            previous: old,
            fetch: KeyRefresher.fetcher(KeySetFetcher(client: outbound)),
            report: { [weak self] news in self?.report(news, tenantNames: names) },
            publish: { [weak self] tenant, standing in
                self?.publish(standing, tenant: tenant, epoch: epoch)
            }
        )
        refresher.start()
        state.withLock { $0.refresher = refresher }
        // Not before: a token of a new key that comes meanwhile waits, and is judged again when the
        // loops adopt the configuration.
        old?.stop()
        return retired
    }

    /// What each tenant's tokens are checked against, as yet without keys.
    private static func identities(
        of snapshot: Snapshot,
        _ generations: inout RulesGenerations
    ) -> [TenantIdentity?] {
        let tenants = snapshot.configuration.tenants
        let rulesets = tenants.enumerated().map { index, tenant in
            tenant.tokens.map {
                RulesGenerations.Ruleset(
                    tenant: tenant.name,
                    rules: $0.rules,
                    conditions: snapshot.policy.conditions(ofTenant: index),
                    looksUp: $0.introspection != nil,
                    shadowConditions: snapshot.shadow?.conditions(ofTenant: index) ?? []
                )
            }
        }
        let numbers = generations.renew(rulesets)
        return tenants.enumerated().map { index, tenant in
            guard let tokens = tenant.tokens else { return nil }
            return TenantIdentity(
                index: index,
                name: tenant.name,
                rules: CompiledTokenRules(tokens.rules),
                conditions: CompiledConditions(snapshot.policy.conditions(ofTenant: index)),
                shadowConditions: snapshot.shadow.map {
                    CompiledConditions($0.conditions(ofTenant: index))
                },
                rulesGeneration: numbers[index],
                tokenBytesMax: snapshot.limits.tokenBytesMax,
                proofs: tokens.proofs,
                introspection: tokens.introspection,
                standing: KeyStanding(source: tokens.keys == nil ? .none : .loading)
            )
        }
    }

    /// Tells the loops of a tenant's new keys.
    private func publish(_ standing: KeyStanding, tenant: Int, epoch: Int) {
        state.withLock { state in
            guard state.epoch == epoch, tenant < state.identities.count,
                let identity = state.identities[tenant]?.with(standing)
            else { return }
            state.identities[tenant] = identity
            guard state.postedEpoch == epoch else { return }
            // Within the lock, so that it comes to the loops in order with `adopt`.
            for loop in loops {
                loop.mailbox.post(.identify(epoch: epoch, tenant: tenant, identity))
            }
        }
    }
}
