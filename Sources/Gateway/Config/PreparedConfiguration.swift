import Policy

/// A configuration with everything that a start makes of it, short of binding and asking others.
struct PreparedConfiguration {
    private(set) var loaded: LoadedConfiguration
    let policy: CompiledPolicy

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
        documents = Self.documents(of: loaded)
        policy = try Self.compiled(loaded, documents, without: refused, adding: diagnostics)
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

    /// Compiles the policy; `diagnostics` are reported with what is wrong in it.
    private static func compiled(
        _ loaded: LoadedConfiguration,
        _ documents: [PolicyDocument],
        without refused: [RefusedTenantFile],
        adding diagnostics: [Diagnostic]
    ) throws(ConfigurationFailure) -> CompiledPolicy {
        let tenants = loaded.configuration.tenants.map {
            TenantPolicyInput(
                name: $0.name,
                routes: $0.routes,
                mappedRoles: $0.tokens?.mappedRoles ?? [],
                clients: $0.clients,
                position: $0.position
            )
        }
        var absent = Set(refused.flatMap(\.tenants))
        if !absent.isEmpty { absent.subtract(tenants.map(\.name)) }
        do throws(InvalidPolicy) {
            let policy = try PolicyCompiler.compile(
                documents,
                tenants: tenants,
                absent: absent,
                sources: loaded.sources
            )
            if diagnostics.isEmpty { return policy }
        } catch {
            var failure = loaded.failure(diagnostics + error.diagnostics)
            failure.isOfTests = error.cause == .tests && diagnostics.isEmpty
            throw failure
        }
        throw loaded.failure(diagnostics)
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
