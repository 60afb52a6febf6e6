import Policy

/// A configuration with everything that a start makes of it, short of binding and asking others.
struct PreparedConfiguration {
    let loaded: LoadedConfiguration
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

    /// Why a configuration cannot be used.
    enum Failure: Error, Sendable {
        /// What is wrong, ready to be shown.
        case invalid(String)

        /// Policy `test` lines that fail, ready to be shown.
        case testsFailed(String)
    }

    /// Loads and prepares the configuration at `path`, reporting all that is wrong at once.
    init(path: String) throws(Failure) {
        loaded = try Self.load(path: path)
        var diagnostics: [Diagnostic] = []
        let configuration = loaded.configuration
        hosts = Self.hosts(of: configuration, &diagnostics)
        certificates = Self.certificates(of: configuration, &diagnostics)
        var warnings: [Diagnostic] = []
        fileKeyCounts = Self.fileKeys(of: configuration, &diagnostics, &warnings)
        revocationFiles = Self.revocationFiles(of: configuration, &diagnostics)
        Self.checkUpstreams(of: configuration, &diagnostics)
        Self.checkClients(of: configuration, &diagnostics)
        Self.checkKeyUse(of: configuration, &diagnostics)
        Self.checkShippers(of: configuration, &diagnostics)
        documents = Self.documents(of: loaded)
        policy = try Self.policy(of: loaded, documents, adding: diagnostics)
        self.warnings = warnings + Self.clientWarnings(of: loaded, policy)
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

    /// Compiles the policy; `diagnostics` are reported with what is wrong in it.
    static func policy(
        of loaded: LoadedConfiguration,
        _ documents: [PolicyDocument],
        adding diagnostics: [Diagnostic]
    ) throws(Failure) -> CompiledPolicy {
        let tenants = loaded.configuration.tenants.map {
            TenantPolicyInput(
                name: $0.name,
                routes: $0.routes,
                mappedRoles: $0.tokens?.mappedRoles ?? [],
                clients: $0.clients
            )
        }
        do throws(InvalidPolicy) {
            let policy = try PolicyCompiler.compile(
                documents,
                tenants: tenants,
                sources: loaded.sources
            )
            if diagnostics.isEmpty { return policy }
        } catch {
            let text = loaded.render(diagnostics + error.diagnostics)
            throw error.cause == .tests && diagnostics.isEmpty ? .testsFailed(text) : .invalid(text)
        }
        throw .invalid(loaded.render(diagnostics))
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
