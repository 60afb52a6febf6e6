extension CompiledPolicy {
    /// Finds the route of a request.
    ///
    /// The most specific template that matches the path decides, fixed before parameter before
    /// rest, segment by segment; only then its methods are looked at.
    ///
    /// - Parameters:
    ///   - method: The request's method.
    ///   - path: The canonical path, without the query.
    ///   - parameters: Set to where the template's parameters stand in `path`.
    /// - Returns: The route, or why there is none.
    public func match(
        method: MethodCode,
        path: Span<UInt8>,
        parameters: inout PathParameters
    ) -> RouteMatch {
        trie.match(method: method, path: path, parameters: &parameters)
    }

    /// Checks the parameters of a matched path against the types that their template names.
    ///
    /// - Parameters:
    ///   - parameters: What `match` set.
    ///   - path: The path given to `match`.
    /// - Returns: Every parameter whose value is not of its type.
    public func parameterFaults(
        _ parameters: PathParameters,
        in path: Span<UInt8>
    ) -> [ParameterFault] {
        var faults: [ParameterFault] = []
        guard parameters.template >= 0 else { return faults }
        let first = Int(self.parameters.starts[Int(parameters.template)])
        for index in 0..<parameters.count {
            let type = self.parameters.types[first + index]
            let value = parameters[index]
            if type.accepts(path, in: value) { continue }
            let name = self.parameters.names[first + index]
            faults.append(ParameterFault(name: name, value: value, expected: type))
        }
        return faults
    }
}
