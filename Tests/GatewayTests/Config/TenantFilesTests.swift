import Policy
import Testing

@testable import Gateway

@Suite("Files of tenants")
struct TenantFilesTests {
    static func tenant(_ name: String) -> String {
        "tenant \(name) {\nhost \(name).test\nupstream up\n}\n"
    }

    /// The paths of the files of tenants, less the folder.
    static func files(
        _ includes: String,
        _ files: [String: String],
        _ forms: TenantFileForms = TenantFileForms()
    ) throws -> [String] {
        var files = files
        files["postern.conf"] = smallConfiguration + includes
        files["p.policy"] = "roles a"
        let folder = try ConfigurationFolder(files)
        var found: TenantFiles
        do throws(ConfigurationFailure) {
            found = try ConfigurationLoader.load(
                path: folder.path + "postern.conf",
                forms: forms,
                processors: 1
            ).tenantFiles
        } catch { found = error.tenantFiles }
        return found.recordings.keys.map { $0.replacing(folder.path, with: "") }.sorted()
    }

    @Test func `an included file that holds tenants and upstreams is one`() throws {
        let upstream = "upstream own {\nserver http://a\n}\n"
        let found = try Self.files(
            "include t/*\ninclude limits\n",
            ["t/a": Self.tenant("a"), "t/b": upstream + Self.tenant("b"), "limits": "drain 1s\n"]
        )
        #expect(found == ["t/a", "t/b"])
    }

    @Test func `one that holds anything else too is none`() throws {
        let found = try Self.files(
            "include t/*\n",
            ["t/a": Self.tenant("a"), "t/b": "drain 1s\n" + Self.tenant("b")]
        )
        #expect(found == ["t/a"])
    }

    @Test func `one of which nothing is known is judged by its neighbours`() throws {
        let neighbours = ["t/a": Self.tenant("a"), "t/b": "wrong {{\n"]
        #expect(try Self.files("include t/*\n", neighbours) == ["t/a", "t/b"])
        let mixed = ["t/a": Self.tenant("a"), "t/b": "limts {\n}\n", "t/c": "drain 1s\n"]
        #expect(try Self.files("include t/*\n", mixed) == ["t/a"])
        #expect(try Self.files("include limits\n", ["limits": "limts {\n}\n"]).isEmpty)
    }

    @Test func `a tenant in the main file belongs to none`() throws {
        #expect(try Self.files("", [:]).isEmpty)
    }
}
