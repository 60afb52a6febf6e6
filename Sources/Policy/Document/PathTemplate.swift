/// The template of a `match` line: fixed segments, parameters and, last, a rest.
struct PathTemplate: Hashable, Sendable {
    /// One segment between slashes.
    enum Segment: Hashable, Sendable {
        /// These bytes and no others.
        case fixed([UInt8])

        /// `{name}` or `{name:type}`: one segment that is not empty.
        case parameter(name: String, type: ParameterType)

        /// `{name...}`: what is left of the path, which may be nothing.
        case rest(name: String)
    }

    /// Why a template was refused.
    struct Failure: Error {
        /// What was found and what was wanted.
        let message: String

        /// The nearest known word.
        var suggestion: String?
    }

    /// The template as written.
    let text: String
    let segments: [Segment]

    /// The parameters in the order of the path; a rest is a string.
    var parameters: [(name: String, type: ParameterType)] {
        segments.compactMap { segment in
            switch segment {
            case .fixed: nil
            case .parameter(let name, let type): (name, type)
            case .rest(let name): (name, .string)
            }
        }
    }

    /// Reads a template.
    init(_ text: String) throws(Failure) {
        guard text.utf8.first == UInt8(ascii: "/") else {
            throw Failure(message: "template `\(text)` does not begin with `/`")
        }
        let parts = text.utf8.dropFirst()
            .split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map { Array($0) }
        var segments: [Segment] = []
        for (index, part) in parts.enumerated() {
            let isLast = index == parts.count - 1
            segments.append(try Self.segment(part, isLast: isLast, of: text))
        }
        self.text = text
        self.segments = segments
        try checkParameters()
    }

    /// Reads one segment.
    private static func segment(
        _ bytes: [UInt8],
        isLast: Bool,
        of template: String
    ) throws(Failure) -> Segment {
        let text = String(decoding: bytes, as: UTF8.self)
        if bytes.contains(UInt8(ascii: "{")) || bytes.contains(UInt8(ascii: "}")) {
            let inner = text.dropFirst().dropLast()
            guard text.hasPrefix("{"), text.hasSuffix("}"), !inner.isEmpty,
                !inner.contains("{"), !inner.contains("}")
            else {
                throw Failure(message: "a parameter is a whole segment, not `\(text)`")
            }
            return try parameter(String(inner), isLast: isLast)
        }
        if bytes.isEmpty, !isLast {
            throw Failure(message: "template `\(template)` holds an empty segment")
        }
        if let fault = CanonicalPath.segmentFault(of: bytes) {
            throw Failure(message: "no canonical path matches segment `\(text)`: \(fault)")
        }
        return .fixed(bytes)
    }

    /// Reads what stands between the braces.
    private static func parameter(_ text: String, isLast: Bool) throws(Failure) -> Segment {
        if text.hasSuffix("...") {
            let name = String(text.dropLast(3))
            try checkName(name)
            guard isLast else {
                throw Failure(message: "`{\(text)}` takes the rest of the path, so it stands last")
            }
            return .rest(name: name)
        }
        guard let colon = text.firstIndex(of: ":") else {
            try checkName(text)
            return .parameter(name: text, type: .string)
        }
        let name = String(text[..<colon])
        try checkName(name)
        let typeName = String(text[text.index(after: colon)...])
        guard let type = ParameterType(rawValue: typeName) else {
            let known = ParameterType.allCases.map(\.rawValue)
            throw Failure(
                message: "unknown parameter type `\(typeName)`",
                suggestion: NearestWord.of(typeName, among: known)
            )
        }
        return .parameter(name: name, type: type)
    }

    /// A name is a letter or `_`, then letters, digits, `_` and `-`.
    private static func checkName(_ name: String) throws(Failure) {
        guard Identifier.isValid(name) else {
            throw Failure(message: "`\(name)` is not a parameter name")
        }
    }

    /// Names stand once and there are not too many.
    private func checkParameters() throws(Failure) {
        var names: Set<String> = []
        for parameter in parameters where !names.insert(parameter.name).inserted {
            throw Failure(message: "parameter `\(parameter.name)` stands twice in the template")
        }
        guard names.count <= PathParameters.countMax else {
            throw Failure(
                message: "a template has at most \(PathParameters.countMax) parameters"
            )
        }
    }
}
