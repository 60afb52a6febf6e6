/// The parameters of all templates, laid out flat.
struct ParameterTable: Sendable {
    /// Where the parameters of each template begin.
    private(set) var starts: [Int32] = []
    private(set) var types: [ParameterType] = []
    private(set) var names: [String] = []

    /// Adds the parameters of the next template.
    mutating func add(_ template: PathTemplate) {
        starts.append(Int32(types.count))
        for parameter in template.parameters {
            types.append(parameter.type)
            names.append(parameter.name)
        }
    }
}
