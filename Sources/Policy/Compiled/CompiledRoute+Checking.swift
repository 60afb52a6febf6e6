extension CompiledRoute {
    /// The most bytes of a body, as far as the policy says.
    public var bodyBytesMax: Int {
        min(schema.body.bytesMax ?? .max, holdsBody ? BodyRule.checkedBytesMax : .max)
    }

    /// Everything that is wrong with a query, which is empty when the request has none.
    ///
    /// A declared parameter never stands twice; with `errors oauth` no parameter does, RFC 6749
    /// section 3.1.
    public func faults(inQuery query: Span<UInt8>) -> [RequestFault] {
        // What is pushed stands in the form; which of two places counts is not for the issuer to guess.
        guard !checksPushedAuthorization || query.isEmpty else { return [.unwantedQuery] }
        return schema.queryCheck(refusesRepeats: errorStyle == .oauth).faults(in: query)
    }

    /// Looks at a whole body.
    public func check(body: [UInt8]) -> CheckedBody {
        switch schema.body.kind {
        case .unchecked: CheckedBody(faults: [])
        case .none: CheckedBody(faults: body.isEmpty ? [] : [.unwantedBody])
        case .json: schema.body.check(json: body)
        case .form: CheckedBody(faults: formCheck.faults(in: body.span))
        }
    }

    /// Everything that is wrong with a whole body.
    public func faults(inBody body: [UInt8]) -> [RequestFault] { check(body: body).faults }
}

/// A body that was looked at.
public struct CheckedBody: Sendable {
    /// Everything that is wrong with it.
    public let faults: [RequestFault]

    /// What it says, of a body that is to be JSON and is.
    public private(set) var document: JSONDocument?
}

extension CompiledRoute {
    /// Begins to check a form.
    private var formCheck: ParameterCheck {
        let rules = schema.body.fields.map {
            ParameterRule(name: $0.name, isRequired: $0.isRequired, value: $0.value)
        }
        return ParameterCheck(
            rules,
            in: .body,
            refusesRepeats: errorStyle == .oauth,
            attempts: attempts
        )
    }
}

extension RequestFault {
    /// A body where there must be none.
    public static let unwantedBody = RequestFault("body", in: .body)

    /// A query where there must be none.
    static let unwantedQuery = RequestFault(
        "query",
        in: .query,
        message: "Invalid value, it belongs in the body"
    )
}

extension RequestSchema {
    /// Begins to check a query.
    func queryCheck(refusesRepeats: Bool) -> ParameterCheck {
        ParameterCheck(query, in: .query, refusesRepeats: refusesRepeats)
    }
}
