/// What the templates of a policy say about a method and a path.
public enum RouteMatch: Equatable, Sendable {
    /// This route, an index into `CompiledPolicy.routes`, takes the request.
    case route(Int)

    /// The most specific template that matches the path does not take the method.
    case methodNotAllowed(allow: MethodSet)

    /// No template matches the path.
    case notFound
}
