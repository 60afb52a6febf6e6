import HTTP
import Policy

/// The scopes that the policies of one tenant ask for.
///
/// Events say of these whether a token had them; what else a token's `scope` says is recorded nowhere.
struct AskedScopes: Sendable {
    /// A scope and the fact that it is held.
    struct Scope: Sendable {
        /// As the inside of a JSON string.
        let name: [UInt8]
        let fact: Int

        /// Whether the fact is one of the shadow policy.
        let isShadow: Bool
    }

    let scopes: [Scope]

    /// Takes the scopes out of what the two policies ask of the tenant's callers.
    init(_ enforced: [Condition], shadow: [Condition]) {
        var scopes: [Scope] = []
        var known: Set<String> = []
        for (conditions, isShadow) in [(enforced, false), (shadow, true)] {
            for (fact, condition) in conditions.enumerated() {
                guard case .scope(let name) = condition, known.insert(name).inserted else {
                    continue
                }
                let text = JSONEscape.escaped(Array(name.utf8))
                scopes.append(Scope(name: text, fact: fact, isShadow: isShadow))
            }
        }
        self.scopes = scopes
    }
}

extension OutputBuffer {
    /// Appends `,"caller":{"roles":[...],"scope":"...","withoutScope":"...","cut":true}`.
    @inline(__always)
    mutating func append(caller: Principal, _ asked: AskedScopes) {
        append(",\"caller\":{\"roles\":[")
        let roles = caller.roles
        var isCut = append(roles: roles.span)
        append("]")
        if !asked.scopes.isEmpty {
            isCut = append(",\"scope\":\"", asked, of: caller, held: true) || isCut
            isCut = append(",\"withoutScope\":\"", asked, of: caller, held: false) || isCut
        }
        append(isCut ? ",\"cut\":true}" : "}")
    }

    /// Appends names with commas between them as JSON strings; true when some were left out.
    private mutating func append(roles list: Span<UInt8>) -> Bool {
        let end = count + EventLimits.rolesBytesMax
        var start = 0
        while start < list.count {
            var next = start
            while next < list.count, list[next] != UInt8(ascii: ",") { next += 1 }
            // Each byte is printable ASCII, so it becomes two at the most.
            guard count + (next - start) * 2 + 3 <= end else { return true }
            if start > 0 { append(UInt8(ascii: ",")) }
            append(UInt8(ascii: "\""))
            append(jsonEscaped: list.extracting(start..<next), bytesMax: EventLimits.rolesBytesMax)
            append(UInt8(ascii: "\""))
            start = next + 1
        }
        return false
    }

    /// Appends a member with those scopes that a caller has, or does not have; nothing without any,
    /// and true when some were left out.
    private mutating func append(
        _ member: StaticString,
        _ asked: AskedScopes,
        of caller: Principal,
        held: Bool
    ) -> Bool {
        let end = count + member.utf8CodeUnitCount + EventLimits.scopesBytesMax
        var isBegun = false
        var isCut = false
        for scope in asked.scopes {
            let facts = scope.isShadow ? caller.shadowFacts : caller.facts
            guard facts.contains(scope.fact) == held else { continue }
            guard count + scope.name.count + 2 <= end else {
                isCut = true
                continue
            }
            if isBegun { append(UInt8(ascii: " ")) } else { append(member) }
            append(scope.name)
            isBegun = true
        }
        if isBegun { append(UInt8(ascii: "\"")) }
        return isCut
    }
}
