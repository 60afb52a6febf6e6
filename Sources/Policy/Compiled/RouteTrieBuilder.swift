/// Gathers the templates of a policy and lays them out as a `RouteTrie`.
struct RouteTrieBuilder {
    private struct Node {
        var fixed: [[UInt8]: Int] = [:]
        var parameterChild = -1
        var endpoint = -1
        var restEndpoint = -1
    }

    /// What ends at one position: templates of one shape, by method.
    private struct Endpoint {
        var templates = [Int](repeating: -1, count: RouteTrie.methodSlots)
        var methods = MethodSet()
    }

    private var nodes = [Node()]
    private var endpoints: [Endpoint] = []
    private var routes: [Int32] = []

    /// Adds a template, and returns the earlier one that takes one of its methods on the same
    /// paths with the same specificity; nothing is replaced then.
    mutating func add(_ template: PathTemplate, methods: MethodSet, route: Int) -> Int? {
        let endpoint = endpoint(of: template)
        let number = routes.count
        routes.append(Int32(route))
        var earlier: Int?
        for code in MethodCode.allCases where methods.contains(code) {
            let slot = Int(code.rawValue)
            let taken = endpoints[endpoint].templates[slot]
            if taken >= 0 {
                earlier = earlier ?? taken
            } else {
                endpoints[endpoint].templates[slot] = number
                endpoints[endpoint].methods.insert(code)
            }
        }
        return earlier
    }

    /// The endpoint of a template's shape, made when there is none yet.
    private mutating func endpoint(of template: PathTemplate) -> Int {
        var node = 0
        for segment in template.segments {
            switch segment {
            case .fixed(let bytes): node = fixedChild(of: node, bytes)
            case .parameter: node = parameterChild(of: node)
            case .rest:
                if nodes[node].restEndpoint < 0 { nodes[node].restEndpoint = newEndpoint() }
                return nodes[node].restEndpoint
            }
        }
        if nodes[node].endpoint < 0 { nodes[node].endpoint = newEndpoint() }
        return nodes[node].endpoint
    }

    private mutating func fixedChild(of node: Int, _ bytes: [UInt8]) -> Int {
        if let child = nodes[node].fixed[bytes] { return child }
        nodes.append(Node())
        nodes[node].fixed[bytes] = nodes.count - 1
        return nodes.count - 1
    }

    private mutating func parameterChild(of node: Int) -> Int {
        if nodes[node].parameterChild < 0 {
            nodes.append(Node())
            nodes[node].parameterChild = nodes.count - 1
        }
        return nodes[node].parameterChild
    }

    private mutating func newEndpoint() -> Int {
        endpoints.append(Endpoint())
        return endpoints.count - 1
    }

    /// Lays the nodes out flat.
    func build() -> RouteTrie {
        var flat: [RouteTrie.Node] = []
        var edges: [RouteTrie.Edge] = []
        var literals: [UInt8] = []
        for node in nodes {
            let start = edges.count
            for (bytes, child) in node.fixed.sorted(by: { Self.isOrdered($0.key, $1.key) }) {
                edges.append(
                    RouteTrie.Edge(
                        literalStart: Int32(literals.count),
                        literalCount: Int32(bytes.count),
                        child: Int32(child)
                    )
                )
                literals += bytes
            }
            flat.append(
                RouteTrie.Node(
                    edgeStart: Int32(start),
                    edgeEnd: Int32(edges.count),
                    parameterChild: Int32(node.parameterChild),
                    endpoint: Int32(node.endpoint),
                    restEndpoint: Int32(node.restEndpoint)
                )
            )
        }
        return RouteTrie(
            nodes: flat,
            edges: edges,
            literals: literals,
            templatesByMethod: endpoints.flatMap { $0.templates.map { Int32($0) } },
            methods: endpoints.map(\.methods),
            routes: routes
        )
    }

    /// The order of `RouteTrie.Node`'s edges: shorter first, then by bytes.
    private static func isOrdered(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.count == right.count ? left.lexicographicallyPrecedes(right) : left.count < right.count
    }
}
