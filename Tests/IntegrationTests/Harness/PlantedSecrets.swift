import Foundation
import Glibc
import Testing

/// What must never be found in anything that a gateway writes: `s3cret`, which tests put wherever a
/// token, a code, a PIN or a cookie stands, whatever begins like a token, and the signatures of the
/// last tokens that were made.
enum PlantedSecrets {
    private static let signatures = Observed<[String]>([])
    private static let signaturesMax = 8

    /// Takes note of a token that is sent to a gateway.
    static func remember(token: String) {
        guard let signature = token.split(separator: ".").last, signature.count > 40 else { return }
        signatures.update { $0 = $0.suffix(signaturesMax - 1) + [String(signature)] }
    }

    /// What the admin listener says while the gateway runs.
    static func answers(of scene: GatewayScene) -> [String: Data] {
        guard scene.gateway?.isRunning == true else { return [:] }
        var answers: [String: Data] = [:]
        for path in ["/metrics", "/readyz"] {
            guard let answer = try? scene.admin("GET", path, seconds: 5) else { continue }
            answers[path] = Data(answer.body)
        }
        return answers
    }

    /// What it printed, and the files of its journal.
    static func files(of scene: GatewayScene) -> [String: Data] {
        var files = (try? scene.folder.contents(below: "events")) ?? [:]
        files["stderr"] = Data(scene.complaints.utf8)
        files["stdout"] = Data((scene.gateway?.outputText ?? "").utf8)
        return files
    }

    /// Each that holds one is an issue.
    static func expectNone(in outputs: [String: Data]) {
        let needles = ["s3cret", "eyJ"] + signatures.value
        for (place, contents) in outputs {
            for needle in needles where contains(contents, needle) {
                Issue.record("`\(needle)` in \(place)")
            }
        }
    }

    static func contains(_ contents: Data, _ needle: String) -> Bool {
        let wanted = Array(needle.utf8)
        return unsafe contents.withUnsafeBytes { bytes in
            var start = 0
            while start + wanted.count <= bytes.count, let base = bytes.baseAddress {
                let left = bytes.count - start
                guard let found = unsafe memchr(base + start, Int32(wanted[0]), left) else { break }
                let offset = unsafe UnsafeRawPointer(found) - base
                guard offset + wanted.count <= bytes.count else { break }
                if unsafe memcmp(base + offset, wanted, wanted.count) == 0 { return true }
                start = offset + 1
            }
            return false
        }
    }
}
