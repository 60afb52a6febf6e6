/// Which folder of the gateway may know which: the compiler sees one module and cannot say.
struct Layers {
    /// The folders that the files of a folder may speak of, besides their own.
    static let knowledge: [String: Set<String>] = [
        "Platform": [],
        "Loop": ["Platform"],
        "Config": ["Platform", "TLS", "Identity", "Journal", "Limits"],
        "TLS": ["Platform", "Config"],
        "Outbound": ["Platform", "Loop", "TLS", "Connection", "Config"],
        "Identity": ["Platform", "TLS", "Config", "Journal", "Outbound"],
        "Limits": ["Platform", "Identity"],
        "Journal": ["Platform", "Config"],
        "Shipping": ["Platform", "Config", "Journal", "Outbound"],
        "Connection": ["Platform", "Loop", "TLS", "Config"],
        "Admin": ["Platform", "TLS", "Config"],
        "Proxy": [
            "Platform", "Loop", "TLS", "Identity", "Outbound", "Connection", "Journal", "Config",
            "Limits",
        ],
        "Runtime": [
            "Platform", "Loop", "TLS", "Identity", "Connection", "Journal", "Config", "Proxy",
            "Admin", "Outbound", "Limits", "Shipping",
        ],
        "Demo": ["Platform", "TLS", "Identity", "Journal", "Config", "Admin", "Runtime"],
        "Commands": [
            "Platform", "Loop", "TLS", "Identity", "Connection", "Journal", "Config", "Proxy",
            "Admin", "Runtime", "Demo", "Outbound",
        ],
    ]

    /// The folders that declare a type outside of any other, by the type's name.
    private let homes: [String: Set<String>]

    /// The types declared in a folder, nested ones too.
    private let types: [String: Set<String>]

    init(_ files: [SourceFile]) {
        var homes: [String: Set<String>] = [:]
        var types: [String: Set<String>] = [:]
        for file in files {
            guard let folder = file.gatewayFolder else { continue }
            types[folder, default: []].formUnion(file.declaredTypes)
            for type in file.outerTypes { homes[type, default: []].insert(folder) }
        }
        self.homes = homes
        self.types = types
    }

    /// The types that `file` speaks of and must not know.
    func violations(in file: SourceFile) -> [String] {
        guard let folder = file.gatewayFolder else { return [] }
        guard let known = Self.knowledge[folder] else { return ["\(folder) has no layer"] }
        let own = types[folder] ?? []
        let spoken = Set(file.codeLines.flatMap(\.words))
        return spoken.filter { word in
            guard let homes = homes[word], !own.contains(word) else { return false }
            return homes.isDisjoint(with: known)
        }
        .sorted().map { "speaks of \($0)" }
    }
}
