/// The policy files of a load as written, with the position of everything in them.
///
/// `PolicyReader` makes it, `PolicyCompiler` turns it into something that decides. What could not
/// be read is in `diagnostics` and left out of the rest; a document with any never compiles.
public struct PolicyDocument: Sendable {
    /// The roles that `roles` lines declare.
    var roles: [Word] = []

    /// The `group NAME = ROLE...` lines.
    var groups: [RoleGroup] = []
    var routes: [RouteDeclaration] = []
    var tests: [PolicyTest] = []

    /// What is wrong in the files themselves.
    public internal(set) var diagnostics: [Diagnostic] = []

    /// The names of the roles that are declared.
    public var roleNames: [String] { roles.map(\.text) }

    /// The names of the routes.
    public var routeNames: [String] { routes.map(\.name.text) }

    /// The number of `test` lines.
    public var testCount: Int { tests.count }
}
