import Policy

/// A configuration with everything that a start makes of it, short of binding and asking others.
struct PreparedConfiguration {
    private(set) var loaded: LoadedConfiguration
    let policy: CompiledPolicy

    /// The policy that only looks on; `nil` without one.
    let shadow: ShadowPolicy?

    /// What the policy was compiled from.
    let documents: [PolicyDocument]
    let hosts: HostTable

    /// The certificates of all listeners and of the admin listener.
    let certificates: [Certificate]

    /// The number of keys of each tenant whose key set is a file that could be read.
    let fileKeyCounts: [Int: Int]

    /// The files of revoked tokens, subjects and clients.
    let revocationFiles: [RevocationFile]

    /// What is worth knowing and stops nothing: single keys of key files that cannot be used.
    let warnings: [Diagnostic]

    /// The files of tenants that are not used as they are.
    let refusedFiles: [RefusedTenantFile]

    /// Why a configuration cannot be used.
    enum Failure: Error, Sendable {
        /// What is wrong, ready to be shown.
        case invalid(String)

        /// Policy `test` lines that fail, ready to be shown.
        case testsFailed(String)
    }

    /// Loads and prepares a configuration whose files of tenants are read in the forms given.
    init(
        _ path: String,
        _ forms: TenantFileForms,
        without refused: [RefusedTenantFile]
    ) throws(ConfigurationFailure) {
        loaded = try ConfigurationLoader.load(path: path, forms: forms)
        refusedFiles = refused
        var diagnostics: [Diagnostic] = []
        let configuration = loaded.configuration
        hosts = Self.hosts(of: configuration, &diagnostics)
        certificates = Self.certificates(of: configuration, &diagnostics)
        var warnings: [Diagnostic] = []
        var keyFaults: [Diagnostic] = []
        fileKeyCounts = Self.fileKeys(of: configuration, &keyFaults, &warnings)
        Self.checkKeyUse(of: configuration, &keyFaults)
        diagnostics += loaded.faultsBeyondKeptFiles(keyFaults)
        revocationFiles = Self.revocationFiles(of: configuration, &diagnostics)
        Self.checkUpstreams(of: configuration, &diagnostics)
        Self.checkClients(of: configuration, &diagnostics)
        Self.checkShippers(of: configuration, &diagnostics)
        documents = Self.documents(of: loaded)
        var shadowFaults: InvalidPolicy?
        shadow = Self.shadow(of: loaded, without: refused, &shadowFaults)
        policy = try Self.compiled(
            loaded,
            documents,
            without: refused,
            adding: diagnostics,
            and: shadowFaults
        )
        self.warnings = warnings + Self.clientWarnings(of: loaded, policy)
        loaded.forgetRoutes()
    }

    /// Reads a configuration and the policies it names.
    static func load(path: String) throws(Failure) -> LoadedConfiguration {
        do throws(ConfigurationFailure) {
            return try ConfigurationLoader.load(path: path)
        } catch {
            throw .invalid(error.description)
        }
    }

    /// The policy files, read.
    static func documents(of loaded: LoadedConfiguration) -> [PolicyDocument] {
        loaded.policyFiles.map { PolicyReader.read($0.statements, sources: loaded.sources) }
    }

    /// Compiles the policy of a configuration that is not prepared.
    static func policy(
        of loaded: LoadedConfiguration,
        _ documents: [PolicyDocument]
    ) throws(Failure) -> CompiledPolicy {
        do throws(ConfigurationFailure) {
            return try compiled(loaded, documents, without: [], adding: [])
        } catch {
            throw Failure(error)
        }
    }

    /// Compiles the shadow policy; `faults` is set to what is wrong with it.
    private static func shadow(
        of loaded: LoadedConfiguration,
        without refused: [RefusedTenantFile],
        _ faults: inout InvalidPolicy?
    ) -> ShadowPolicy? {
        do throws(InvalidPolicy) {
            return try ShadowPolicy(of: loaded, absent: loaded.absentTenants(refused))
        } catch {
            faults = error
            return nil
        }
    }

    /// Compiles the policy; `diagnostics` and what is wrong with a shadow policy are reported with
    /// what is wrong in it.
    private static func compiled(
        _ loaded: LoadedConfiguration,
        _ documents: [PolicyDocument],
        without refused: [RefusedTenantFile],
        adding diagnostics: [Diagnostic],
        and shadow: InvalidPolicy? = nil
    ) throws(ConfigurationFailure) -> CompiledPolicy {
        var faults = shadow.map { [$0] } ?? []
        do throws(InvalidPolicy) {
            let policy = try PolicyCompiler.compile(
                documents,
                tenants: loaded.configuration.tenants.map { TenantPolicyInput($0) },
                absent: loaded.absentTenants(refused),
                sources: loaded.sources
            )
            if diagnostics.isEmpty, faults.isEmpty { return policy }
        } catch {
            faults.append(error)
        }
        var all = diagnostics
        // A tenant's line can be wrong for both policies in the same words.
        for fault in faults.flatMap(\.diagnostics) where !all.contains(fault) { all.append(fault) }
        var failure = loaded.failure(all)
        failure.isOfTests = diagnostics.isEmpty && faults.allSatisfy { $0.cause == .tests }
        throw failure
    }
}

extension LoadedConfiguration {
    fileprivate func failure(_ diagnostics: [Diagnostic]) -> ConfigurationFailure {
        ConfigurationFailure(
            diagnostics: diagnostics,
            sources: sources,
            tenantFiles: tenantFiles
        )
    }

    /// The tenants of refused files that no other file has.
    fileprivate func absentTenants(_ refused: [RefusedTenantFile]) -> Set<String> {
        var absent = Set(refused.flatMap(\.tenants))
        if !absent.isEmpty { absent.subtract(configuration.tenants.map(\.name)) }
        return absent
    }

    /// Faults without those of tenants that go on in the form they had: they have their keys.
    fileprivate func faultsBeyondKeptFiles(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
        diagnostics.filter { !(tenantFiles.file(at: $0.position, in: sources)?.isKept ?? false) }
    }

    /// Gives the memory of the tenants' `route` blocks back, which the policy is compiled from.
    fileprivate mutating func forgetRoutes() {
        for index in configuration.tenants.indices {
            configuration.tenants[index].routes = TenantRoutes()
        }
    }
}

extension PreparedConfiguration {
    private static func hosts(
        of configuration: Configuration,
        _ diagnostics: inout [Diagnostic]
    ) -> HostTable {
        var entries: [HostEntry] = []
        for (index, tenant) in configuration.tenants.enumerated() {
            for host in tenant.hosts {
                entries.append(HostEntry(name: host.name, tenant: index, position: host.position))
            }
        }
        return HostTable(entries, &diagnostics)
    }

    private static func certificates(
        of configuration: Configuration,
        _ diagnostics: inout [Diagnostic]
    ) -> [Certificate] {
        let listeners = configuration.listeners.map(\.certificates)
        let admin = configuration.admin?.certificate.map { [[$0]] } ?? []
        var found: [Certificate] = []
        for files in (listeners + admin).flatMap(\.self) {
            do throws(TLSFailure) {
                found += try TLSContext(certificates: [files]).certificates
            } catch {
                diagnostics.append(Diagnostic("\(error)", at: error.position(in: files)))
            }
        }
        return found
    }

    private static func checkClients(
        of configuration: Configuration,
        _ diagnostics: inout [Diagnostic]
    ) {
        for listener in configuration.listeners where listener.clientCAPath != nil {
            do throws(TLSFailure) {
                try listener.clientTrust.check()
            } catch {
                let position = listener.clientCAPosition ?? listener.position
                diagnostics.append(Diagnostic("\(error)", at: position))
            }
        }
    }

    private static func checkUpstreams(
        of configuration: Configuration,
        _ diagnostics: inout [Diagnostic]
    ) {
        for upstream in configuration.upstreams where upstream.servers.contains(where: \.isTLS) {
            do throws(TLSFailure) {
                _ = try UpstreamTLSContext(caPath: upstream.caPath)
            } catch {
                diagnostics.append(
                    Diagnostic("\(error)", at: upstream.caPosition ?? upstream.position)
                )
            }
        }
    }
}

extension PreparedConfiguration {
    private static func checkShippers(
        of configuration: Configuration,
        _ diagnostics: inout [Diagnostic]
    ) {
        for authorities in configuration.analytics.shippers.compactMap(\.authorities) {
            do throws(TLSFailure) {
                _ = try UpstreamTLSContext(caPath: authorities.path)
            } catch { diagnostics.append(Diagnostic("\(error)", at: authorities.position)) }
        }
    }
}

extension TLSFailure {
    /// The word at fault in the `certificate` statement of `files`.
    fileprivate func position(in files: Configuration.CertificateFiles) -> SourcePosition {
        switch reason {
        case .noPrivateKey, .keyMismatch: files.keyPosition
        case .unreadable(let path, _) where path != files.chainPath: files.keyPosition
        case .refused(let path, _) where path != files.chainPath: files.keyPosition
        default: files.position
        }
    }
}
