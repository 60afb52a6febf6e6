extension BodyRule {
    /// Everything that is wrong with a JSON body; empty when nothing is.
    ///
    /// A body without declared fields may be any JSON value, else it is an object. Members that
    /// nobody declared are not looked at.
    public func faults(inJSON text: [UInt8]) -> [RequestFault] { check(json: text).faults }

    /// Reads a JSON body and looks for what is wrong with it.
    func check(json text: [UInt8]) -> CheckedBody {
        do throws(JSONFailure) {
            let document = try JSONDocument(text)
            return CheckedBody(faults: faults(in: document), document: document)
        } catch {
            let fault = RequestFault("body", in: .body, message: "Invalid value, \(error)")
            return CheckedBody(faults: [fault])
        }
    }

    private func faults(in document: JSONDocument) -> [RequestFault] {
        guard !fields.isEmpty else { return [] }
        guard document.kind(of: document.root) == .object else {
            return [RequestFault("body", in: .body, message: "Invalid value, wanted object")]
        }
        var check = MemberCheck(document: document)
        check.run(fields, on: document.root, at: "")
        return check.faults
    }
}

/// Checks the members of objects, all the way down.
private struct MemberCheck {
    let document: JSONDocument
    private(set) var faults: [RequestFault] = []

    init(document: JSONDocument) { self.document = document }

    mutating func run(_ fields: [FieldRule], on object: JSONNode, at path: String) {
        for field in fields where faults.count < RequestFault.countMax {
            let name = String(decoding: field.name, as: UTF8.self)
            let place = path.isEmpty ? name : path + "." + name
            guard let node = document.member(field.name, of: object) else {
                if field.isRequired { faults.append(.missing(place, in: .body)) }
                continue
            }
            check(node, field.value, field.fields, at: place)
        }
    }

    /// A null stands for an absent member only where it says so itself: nowhere.
    private mutating func check(
        _ node: JSONNode,
        _ rule: ValueRule,
        _ fields: [FieldRule],
        at place: String
    ) {
        guard faults.count < RequestFault.countMax else { return }
        guard rule.accepts(node, in: document) else {
            return faults.append(.invalid(place, in: .body, rule))
        }
        switch rule.type {
        case .object: run(fields, on: node, at: place)
        case .array(let type):
            let element = ValueRule(type: type, choices: rule.elementChoices)
            for (index, value) in document.elements(of: node).enumerated() {
                check(value, element, fields, at: "\(place)[\(index)]")
            }
        default: break
        }
    }
}
