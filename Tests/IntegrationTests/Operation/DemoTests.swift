import Foundation
import Glibc
import Testing

@Suite("The demonstration")
struct DemoTests {
    @Test func `what it prints can be pasted and does what it says`() throws {
        let port = try FreePort.next()
        let folder = try TemporaryFolder("demo")
        let demo = try ChildProcess(
            Built.postern,
            ["demo", "--port", "\(port)", "--dir", folder.path(of: "scene")]
        )
        defer { demo.end() }
        let commands = try commands(of: demo)
        #expect(commands.count >= 5)
        var statuses: Set<Int> = []
        for command in commands {
            let outcome = try Command.run("bash", ["-c", withStatus(command)], folder: folder.path)
            #expect(outcome.status == 0, "\(command): \(outcome.errors)")
            let last = outcome.output.split(separator: "\n").last.flatMap { Int($0.suffix(3)) }
            statuses.insert(last ?? 0)
        }
        #expect(statuses.isSuperset(of: [204, 401, 403, 302]), "\(statuses)")
        #expect(statuses.contains(200) || statuses.contains(201), "\(statuses)")
        #expect(demo.waitForOutput("OPENID_PRE_AUTHORIZED_OFFER_CREATE_START"))
        #expect(demo.waitForOutput("OPENID_PRE_AUTHORIZED_OFFER_CREATE_SUCCESS"))
        #expect(demo.waitForOutput("OPENID_PRE_AUTHORIZED_OFFER_DELETE_SUCCESS"))
        demo.signal(SIGINT)
        #expect(demo.waitForEnd(seconds: 10) == .exited(0), "\(demo.errorText)")
        #expect((try? Socket.connected(to: port)) == nil)
    }

    @Test func `a port in use is named`() throws {
        let occupier = try Socket.listening()
        defer { occupier.close() }
        let folder = try TemporaryFolder("demo")
        let outcome = try Command.postern(
            ["demo", "--port", "\(occupier.port)", "--dir", folder.path],
            seconds: 20
        )
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("\(occupier.port)"), "\(outcome.errors)")
    }

    @Test func `it can be ended and started again in the same folder`() throws {
        let folder = try TemporaryFolder("demo")
        let port = try FreePort.next()
        for number in 0..<2 {
            let demo = try ChildProcess(
                Built.postern,
                ["demo", "--port", "\(port)", "--dir", folder.path(of: "scene")]
            )
            defer { demo.end() }
            let commands = try commands(of: demo)
            #expect(commands.count >= 5)
            if number == 0 {
                _ = try Command.run("bash", ["-c", withStatus(commands[0])])
                #expect(demo.waitForOutput("OPENID_PRE_AUTHORIZED_OFFER_CREATE_SUCCESS"))
            } else {
                #expect(!demo.waitForOutput("OPENID_PRE_AUTHORIZED_OFFER", seconds: 1))
            }
            demo.signal(SIGTERM)
            #expect(demo.waitForEnd(seconds: 10) == .exited(0), "\(demo.errorText)")
        }
    }

    /// The curl commands it prints, continued lines joined.
    private func commands(of demo: ChildProcess) throws -> [String] {
        func found() -> [String] {
            demo.outputText.replacingOccurrences(of: "\\\n", with: " ")
                .split(separator: "\n").map(\.trimmed).filter { $0.hasPrefix("curl ") }
        }
        let isThere = demo.output.wait(seconds: 30) { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            return text.split(separator: "\n").filter { $0.trimmed.hasPrefix("curl ") }.count >= 5
                ? true : nil
        }
        guard isThere == true else {
            throw Trouble.unavailable("no commands: \(demo.outputText) \(demo.errorText)")
        }
        // The last command's continued lines arrive with it or right after it.
        _ = demo.output.wait(seconds: 0.3) { _ in nil as Bool? }
        return found()
    }

    private func withStatus(_ command: String) -> String {
        "curl() { command curl --noproxy '*' --max-time 20 -w '\\n%{http_code}' \"$@\"; }; "
            + command
    }
}
