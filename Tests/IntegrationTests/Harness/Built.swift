import Foundation

/// Where things are that the build and the repository hold.
enum Built {
    /// The gateway beside this test bundle; `POSTERN` in the environment names another.
    static let postern: String = {
        if let named = ProcessInfo.processInfo.environment["POSTERN"] { return named }
        let bundle = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let sibling = bundle.deletingLastPathComponent().appendingPathComponent("postern").path
        if FileManager.default.isExecutableFile(atPath: sibling) { return sibling }
        return repository + "/.build/debug/postern"
    }()

    static let repository: String = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    /// A Python program of this suite.
    static func client(_ name: String) -> String {
        repository + "/Tests/IntegrationTests/Clients/" + name
    }
}
