import Foundation

/// What the kernel says a process holds.
struct ProcessMeter: Sendable {
    let identifier: pid_t

    /// Open descriptors.
    var descriptors: Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(identifier)/fd").count) ?? -1
    }

    /// Resident memory in bytes.
    var residentBytes: Int {
        let status =
            (try? String(contentsOfFile: "/proc/\(identifier)/status", encoding: .utf8)) ?? ""
        for line in status.split(separator: "\n") where line.hasPrefix("VmRSS:") {
            let digits = line.filter(\.isNumber)
            return (Int(digits) ?? 0) * 1_024
        }
        return 0
    }

    /// Resident memory less what is mapped from files and shared, in bytes.
    ///
    /// The journal's segments are mapped: they are not what a body may cost.
    var anonymousBytes: Int {
        let status =
            (try? String(contentsOfFile: "/proc/\(identifier)/status", encoding: .utf8)) ?? ""
        for line in status.split(separator: "\n") where line.hasPrefix("RssAnon:") {
            let digits = line.filter(\.isNumber)
            return (Int(digits) ?? 0) * 1_024
        }
        return 0
    }
}
