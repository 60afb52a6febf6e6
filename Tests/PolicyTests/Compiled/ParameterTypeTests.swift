import Testing

@testable import Policy

@Suite("Parameter types")
struct ParameterTypeTests {
    static let values: [(ParameterType, String, Bool)] = [
        (.string, "anything%20at~all", true),
        (.uuid, "8241400f-de3b-42c5-ad7c-8a380039e796", true),
        (.uuid, "8241400F-DE3B-42C5-AD7C-8A380039E796", true),
        (.uuid, "8241400g-de3b-42c5-ad7c-8a380039e796", false),
        (.uuid, "8241400fde3b42c5ad7c8a380039e796", false),
        (.uuid, "8241400f-de3b-42c5-ad7c-8a380039e79", false),
        (.uuid, "8241400f-de3b-42c5-ad7c-8a380039e7966", false),
        (.uuid, "8241400f-de3b-42c5-ad7c8-a380039e796", false),
        (.uuid, "8241400f-de3b-42c5-ad7c-8a38003%3796", false),
        (.int, "0", true),
        (.int, "007", true),
        (.int, "-12", true),
        (.int, "123456789012345678", true),
        (.int, "-123456789012345678", true),
        (.int, "1234567890123456789", false),
        (.int, "-", false),
        (.int, "+1", false),
        (.int, "1.0", false),
        (.int, "1-2", false),
        (.slug, "a", true),
        (.slug, "0-a-b", true),
        (.slug, "a-", true),
        (.slug, "-a", false),
        (.slug, "A", false),
        (.slug, "a_b", false),
        (.slug, "a%20", false),
    ]

    @Test("A value is of a type or not", arguments: values)
    func accepts(_ type: ParameterType, _ value: String, _ isAccepted: Bool) {
        let path = Array("/\(value)/".utf8)
        #expect(type.accepts(path.span, in: 1..<path.count - 1) == isAccepted)
    }

    @Test func `nothing but a string is empty`() {
        let path = Array("/".utf8)
        for type in ParameterType.allCases {
            #expect(type.accepts(path.span, in: 1..<1) == (type == .string))
        }
    }

    @Test func `every parameter of the wrong type is named with its place`() throws {
        let text =
            "route r {\nmatch GET /{a}/{b:int}/{c:uuid}\nmatch PUT /{x:int}/{y}/{z}\npublic\n}"
        let policy = try PolicyText(policy: text).compile()
        let path = Array("/1/two/three".utf8)
        var parameters = PathParameters()
        #expect(policy.parameterFaults(parameters, in: path.span).isEmpty)
        _ = policy.match(method: .get, path: path.span, parameters: &parameters)
        #expect(
            policy.parameterFaults(parameters, in: path.span) == [
                ParameterFault(name: "b", value: 3..<6, expected: .int),
                ParameterFault(name: "c", value: 7..<12, expected: .uuid),
            ]
        )
        _ = policy.match(method: .put, path: path.span, parameters: &parameters)
        #expect(policy.parameterFaults(parameters, in: path.span).isEmpty)
    }
}
