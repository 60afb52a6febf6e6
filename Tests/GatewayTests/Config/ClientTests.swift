import Policy
import Testing

@testable import Gateway

@Suite("Client blocks")
struct ClientTests {
    private static func faults(_ block: String) throws -> [String] {
        try faultsOfSmallConfiguration("    upstream up\n    tokens", "\(block)upstream up\ntokens")
    }

    @Test func `a client has its redirect URIs`() throws {
        let blocks = """
                upstream up
                client wallet-app {
                    redirect https://wallet.example/cb
                    redirect http://127.0.0.1/cb
                    redirect com.example.app:/cb
                }
                client "https://other.example/a b" {
                    redirect https://other.example
                }
                tokens {
            """
        let text = smallConfiguration.replacing("    upstream up\n    tokens {", with: blocks)
        let folder = try ConfigurationFolder(["postern.conf": text, "p.policy": "roles a"])
        #expect(folder.faults() == [])
        let clients = try folder.load().configuration.tenants[0].clients
        #expect(clients.map(\.identifier) == ["wallet-app", "https://other.example/a b"])
        #expect(
            clients[0].redirects.map(\.text) == [
                "https://wallet.example/cb", "http://127.0.0.1/cb", "com.example.app:/cb",
            ]
        )
    }

    @Test func `what is wrong with one is named with its place`() throws {
        let block = """
            client wallet {
            redirect javascript:alert(1)
            redirect https://wallet.example/#x
            redirect http://wallet.example/cb
            redirect https://*.example/cb
            redirect https://wallet.example/cb
            redirect https://wallet.example/cb
            }
            client wallet {
            redirect https://wallet.example/cb
            }
            client empty {
            }
            client "" {
            redirect https://wallet.example/cb
            }

            """
        #expect(
            try Self.faults(block) == [
                "11:10 redirect URI `javascript:alert(1)` has the scheme `javascript`: wanted "
                    + "`https`, `http` on this machine, or one with a dot, the app's domain in "
                    + "reverse",
                "12:10 redirect URI `https://wallet.example/#x` has a fragment, RFC 6749 section "
                    + "3.1.2",
                "13:10 redirect URI `http://wallet.example/cb` is plain http to another machine",
                "14:10 redirect URI `https://*.example/cb` has a `*`: a redirect URI stands for "
                    + "itself only",
                "16:10 `https://wallet.example/cb` is given twice; the first is on line 15",
                "18:8 client `wallet` is given twice in this tenant",
                "21:1 a `client` block needs a line `redirect URI`",
                "23:8 `\"\"` is no client: wanted 1 to 512 characters of ASCII",
            ]
        )
    }

    @Test func `a misspelt word in one is named`() throws {
        let faults = try Self.faults("client a {\nredirekt https://a.example\n}\n")
        #expect(faults.contains { $0.contains("`redirekt`") && $0.contains("(redirect?)") })
    }
}
