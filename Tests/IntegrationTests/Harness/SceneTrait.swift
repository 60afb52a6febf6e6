import Testing

/// Starts one gateway for a suite, or for a test, and ends it afterwards.
struct SceneTrait: SuiteTrait, TestTrait, TestScoping {
    typealias TestScopeProvider = Self

    let make: @Sendable () throws -> GatewayScene

    /// Once around a whole suite, or around each case of a test.
    func scopeProvider(for test: Test, testCase: Test.Case?) -> Self? {
        test.isSuite == (testCase == nil) ? self : nil
    }

    @concurrent
    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        let scene = try make()
        defer { scene.end() }
        try await GatewayScene.$current.withValue(scene) { try await function() }
    }
}

extension Trait where Self == SceneTrait {
    /// A serving gateway.
    static func scene(
        _ settings: SceneSettings = SceneSettings(),
        upstream script: @escaping RecordingUpstream.Script = RecordingUpstream.echo
    ) -> Self {
        SceneTrait { try GatewayScene.serving(settings, upstream: script) }
    }

    /// A scene with nothing running yet.
    static func stillScene(_ settings: SceneSettings = SceneSettings()) -> Self {
        SceneTrait { try GatewayScene(settings) }
    }
}

extension SceneSettings {
    /// The standard settings with something changed.
    static func with(_ change: (inout SceneSettings) -> Void) -> SceneSettings {
        var settings = SceneSettings()
        change(&settings)
        return settings
    }
}
