import Foundation

/// A folder of one test's own, gone when the test is.
final class TemporaryFolder: Sendable {
    let path: String

    init(_ name: String = "scene") throws {
        path = "/tmp/postern-\(name)-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: true
        )
    }

    deinit {
        guard ProcessInfo.processInfo.environment["KEEP_SCENES"] == nil else { return }
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The absolute path of something in the folder.
    func path(of name: String) -> String { path + "/" + name }

    /// Writes a file, making the folders it is in.
    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        let url = URL(fileURLWithPath: path(of: name))
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: url, options: .atomic)
        return url.path
    }

    func copy(_ source: String, to name: String) throws {
        try write(
            name,
            String(decoding: try Data(contentsOf: URL(fileURLWithPath: source)), as: UTF8.self)
        )
    }

    func remove(_ name: String) throws {
        try FileManager.default.removeItem(atPath: path(of: name))
    }

    /// Every byte of every file below a folder of this one.
    func contents(below name: String) throws -> [String: Data] {
        let root = path(of: name)
        var contents: [String: Data] = [:]
        for file in FileManager.default.enumerator(atPath: root)?.allObjects ?? [] {
            guard let file = file as? String else { continue }
            contents[file] = try? Data(contentsOf: URL(fileURLWithPath: root + "/" + file))
        }
        return contents
    }
}
