import Policy

// What no single statement can know: names that refer to other statements, and names given twice.
extension ConfigurationDraft {
    /// The configuration with every reference followed; reports those that lead nowhere.
    func resolved(_ reader: inout StatementReader) -> Configuration {
        var configuration = configuration
        checkAddresses(&reader)
        let upstreams = configuration.upstreams
        Self.checkUnique(upstreams.map { ($0.name, $0.position) }, "upstream", &reader)
        let names = tenants.map { ($0.tenant.name, $0.tenant.position) }
        Self.checkUnique(names, "tenant", &reader)
        let hosts = tenants.flatMap(\.tenant.hosts)
        Self.checkUnique(hosts.map { ($0.name, $0.position) }, "host", &reader)
        let numbers = Dictionary(
            zip(upstreams.map(\.name), upstreams.indices),
            uniquingKeysWith: { first, _ in first }
        )
        let ports = listenerPorts
        configuration.tenants = tenants.map { draft in
            var tenant = draft.tenant
            tenant.upstream = Self.index(of: draft.upstream, numbers, &reader) ?? 0
            tenant.tokens = draft.tokens?.resolved(with: keyUse)
            let proofs = draft.resolvedProofs(ports: ports, &reader)
            tenant.tokens?.proofs = proofs.rules
            tenant.origins = proofs.origins
            return tenant
        }
        configuration.keysCache = keyUse.cache
        if let tokenCacheBytesMax {
            configuration.limits.tokenCacheBytesMax = tokenCacheBytesMax
        }
        checkTokenCache(&reader)
        return configuration
    }

    /// The ports that clients connect to, each once.
    private var listenerPorts: [UInt16] {
        var ports: [UInt16] = []
        for listener in configuration.listeners where listener.address.port != 0 {
            if !ports.contains(listener.address.port) { ports.append(listener.address.port) }
        }
        return ports
    }

    private func checkTokenCache(_ reader: inout StatementReader) {
        guard let tokenCache, let limitsTokenCache else { return }
        let words = [tokenCache, limitsTokenCache].sorted { $0.position < $1.position }
        reader.reportRepeated(words[1], first: words[0].position)
    }

    /// Reports every name but the first of those that are the same.
    ///
    /// An empty name is one that could not be read.
    static func checkUnique(
        _ names: [(name: String, position: SourcePosition)],
        _ what: String,
        _ reader: inout StatementReader
    ) {
        var seen: [String: SourcePosition] = [:]
        for (name, position) in names where !name.isEmpty {
            guard let first = seen[name] else {
                seen[name] = position
                continue
            }
            let place = reader.sources.place(of: first, seenFrom: position)
            let shown = Word.presentable(name)
            reader.report(
                "\(what) `\(shown)` is given twice; the first is on \(place)",
                at: position,
                related: first
            )
        }
    }

    private func checkAddresses(_ reader: inout StatementReader) {
        var names = configuration.listeners.map { ($0.address.description, $0.position) }
        if let admin = configuration.admin {
            names.append((admin.address.description, admin.position))
        }
        Self.checkUnique(names, "address", &reader)
    }

    /// The upstream that a tenant names.
    private static func index(
        of word: Word?,
        _ numbers: [String: Int],
        _ reader: inout StatementReader
    ) -> Int? {
        guard let word, numbers[""] == nil else { return nil }
        if let index = numbers[word.text] { return index }
        reader.reportUnknown("upstream", word, among: numbers.keys.sorted())
        return nil
    }
}
