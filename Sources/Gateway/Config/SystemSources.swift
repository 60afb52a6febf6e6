import FoundationEssentials
import Policy

/// The files and environment variables of this process, for the configuration language.
struct SystemSources: SourceReading {
    func contents(ofFile path: String, bytesMax: Int) throws(SourceFailure) -> [UInt8] {
        do {
            return try FileReader.contents(of: path, bytesMax: bytesMax)
        } catch {
            throw SourceFailure(error.description)
        }
    }

    func paths(matching pattern: String) throws(SourceFailure) -> [String] {
        do {
            return try FileReader.paths(matching: pattern)
        } catch {
            throw SourceFailure(error.description)
        }
    }

    func isFolder(_ path: String) throws(SourceFailure) -> Bool {
        do {
            return try FileReader.isFolder(path)
        } catch {
            throw SourceFailure(error.description)
        }
    }

    func environmentValue(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name]
    }
}
