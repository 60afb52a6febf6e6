import Foundation
import Testing

/// The seeds of the fuzz targets and what they found, looked at again.
@Suite("Fuzz findings")
struct FindingsTests {
    /// The inputs of a target, by name.
    static func inputs(_ target: String) -> [(String, [UInt8])] {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return ["corpus", "findings"].flatMap { kind in
            let folder = root.appending(path: "Fuzz/\(kind)/\(target)")
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
            return names.sorted().map { name in
                let content = try? Data(contentsOf: folder.appending(path: name))
                return ("\(kind)/\(name)", content.map { Array($0) } ?? [])
            }
        }
    }

    @Test func `every JSON text is read as another reader would`() {
        let inputs = Self.inputs("json")
        #expect(inputs.count >= 10)
        for (name, bytes) in inputs { #expect(JSONOracle.broken(bytes) == nil, "\(name)") }
    }

    @Test func `every JWK set gives sound keys or none`() {
        let inputs = Self.inputs("keys")
        #expect(inputs.count >= 5)
        for (name, bytes) in inputs { #expect(KeySetOracle.broken(bytes) == nil, "\(name)") }
    }

    @Test func `every token has one verdict`() throws {
        let inputs = Self.inputs("token")
        #expect(inputs.count >= 5)
        let oracle = try TokenOracle.shared()
        for (name, bytes) in inputs { #expect(oracle.broken(bytes) == nil, "\(name)") }
    }

    @Test func `every text is a policy and a configuration, or says why not`() {
        let inputs = Self.inputs("language")
        #expect(inputs.count >= 10)
        for (name, bytes) in inputs { #expect(LanguageOracle.broken(bytes) == nil, "\(name)") }
    }

    @Test func `every target is taken as it came, or not at all`() throws {
        let inputs = Self.inputs("target")
        #expect(inputs.count >= 10)
        let oracle = try TargetOracle.shared()
        for (name, bytes) in inputs { #expect(oracle.broken(bytes) == nil, "\(name)") }
    }
}
