/// Finds the most specific template that matches a path: fixed before parameter before rest,
/// segment by segment.
///
/// A node is a position in some template, an edge a fixed segment. Each node is visited at most
/// once for a path, so the work is bounded by the size of the policy whatever the path is.
struct RouteTrie: Sendable {
    /// One position in the templates; indices are -1 where there is nothing.
    struct Node: Sendable {
        /// The fixed segments that may follow: a stretch of `edges`, sorted by length and bytes.
        var edgeStart: Int32 = 0
        var edgeEnd: Int32 = 0

        /// The node after a segment that is a parameter.
        var parameterChild: Int32 = -1

        /// The endpoint of templates that end here.
        var endpoint: Int32 = -1

        /// The endpoint of templates whose last segment, a rest, stands here.
        var restEndpoint: Int32 = -1
    }

    /// A fixed segment: a stretch of `literals` and the node after it.
    struct Edge: Sendable {
        var literalStart: Int32
        var literalCount: Int32
        var child: Int32
    }

    /// Slots an endpoint has in `templatesByMethod`: one for each method but the last.
    static let methodSlots = Int(MethodCode.neverForwarded.rawValue)

    /// The first is the root, which stands before the first segment.
    let nodes: [Node]
    let edges: [Edge]
    let literals: [UInt8]

    /// `methodSlots` entries an endpoint: the template that takes the method, or -1.
    let templatesByMethod: [Int32]

    /// The methods that an endpoint takes.
    let methods: [MethodSet]

    /// The route of each template.
    let routes: [Int32]

    /// Matches a canonical path; anything that does not begin with `/` is not found.
    func match(
        method: MethodCode,
        path: Span<UInt8>,
        parameters: inout PathParameters
    ) -> RouteMatch {
        parameters.reset()
        guard path.count > 0, path[0] == UInt8(ascii: "/") else { return .notFound }
        let endpoint = Int(search(from: 0, at: 1, in: path, &parameters))
        guard endpoint >= 0 else { return .notFound }
        guard method != .neverForwarded else {
            return .methodNotAllowed(allow: methods[endpoint])
        }
        let template = templatesByMethod[endpoint * Self.methodSlots + Int(method.rawValue)]
        guard template >= 0 else { return .methodNotAllowed(allow: methods[endpoint]) }
        parameters.template = template
        return .route(Int(routes[Int(template)]))
    }

    /// Searches below the node at `index`; a `start` beyond the path's end means no segment is left.
    ///
    /// Answers the endpoint of the most specific template that matches the path from the segment
    /// at `start` on, or -1.
    private func search(
        from index: Int,
        at start: Int,
        in path: Span<UInt8>,
        _ parameters: inout PathParameters
    ) -> Int32 {
        let node = nodes[index]
        guard start <= path.count else {
            if node.endpoint < 0, node.restEndpoint >= 0 {
                parameters.append(from: path.count, to: path.count)
                return node.restEndpoint
            }
            return node.endpoint
        }
        let end = Self.segmentEnd(in: path, from: start)
        let child = fixedChild(of: node, path, start, end)
        if child >= 0 {
            let found = search(from: Int(child), at: end + 1, in: path, &parameters)
            if found >= 0 { return found }
        }
        if node.parameterChild >= 0, end > start {
            let count = parameters.count
            parameters.append(from: start, to: end)
            let next = Int(node.parameterChild)
            let found = search(from: next, at: end + 1, in: path, &parameters)
            if found >= 0 { return found }
            parameters.truncate(to: count)
        }
        if node.restEndpoint >= 0 { parameters.append(from: start, to: path.count) }
        return node.restEndpoint
    }

    /// The offset of the `/` that ends the segment at `start`, or the path's length.
    private static func segmentEnd(in path: Span<UInt8>, from start: Int) -> Int {
        var end = start
        while end < path.count, path[end] != UInt8(ascii: "/") { end += 1 }
        return end
    }

    /// The node after the fixed segment `path[start..<end]`, or -1.
    private func fixedChild(
        of node: Node,
        _ path: Span<UInt8>,
        _ start: Int,
        _ end: Int
    ) -> Int32 {
        var low = Int(node.edgeStart)
        var high = Int(node.edgeEnd)
        while low < high {
            let middle = (low + high) / 2
            let order = order(of: edges[middle], path, start, end)
            if order == 0 { return edges[middle].child }
            if order < 0 { low = middle + 1 } else { high = middle }
        }
        return -1
    }

    /// Below 0 when the edge sorts before `path[start..<end]`, 0 when it is the same.
    private func order(of edge: Edge, _ path: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
        let count = Int(edge.literalCount)
        guard count == end - start else { return count - (end - start) }
        let literal = Int(edge.literalStart)
        for offset in 0..<count {
            let difference = Int(literals[literal + offset]) - Int(path[start + offset])
            if difference != 0 { return difference }
        }
        return 0
    }
}
