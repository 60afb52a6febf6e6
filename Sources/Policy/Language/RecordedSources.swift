/// What was read for one file and what it includes, so that it can be read again as it was.
///
/// It holds the text of files and the values of `${...}`, which may be secrets: it is kept in
/// memory and shown to nobody.
public struct RecordedSources: SourceReading, Hashable, Sendable {
    private enum Question: Hashable, Sendable {
        case contents(String)
        case paths(String)
        case isFolder(String)
        case value(String)
    }

    private enum Answer: Hashable, Sendable {
        case contents([UInt8])
        case paths([String])
        case isFolder(Bool)
        case value(String?)
        case failure(SourceFailure)
    }

    private struct Entry: Hashable, Sendable {
        let question: Question
        let answer: Answer
    }

    /// A few: the file itself, and what it names.
    private var entries: [Entry] = []

    private static let unknown = SourceFailure("it was not read before")

    private func answer(_ question: Question) -> Answer? {
        entries.first { $0.question == question }?.answer
    }

    /// What a file held, or why it could not be read.
    public func contents(ofFile path: String, bytesMax: Int) throws(SourceFailure) -> [UInt8] {
        switch answer(.contents(path)) {
        case .contents(let bytes): return bytes
        case .failure(let failure): throw failure
        default: throw Self.unknown
        }
    }

    /// What a pattern matched.
    public func paths(matching pattern: String) throws(SourceFailure) -> [String] {
        switch answer(.paths(pattern)) {
        case .paths(let paths): return paths
        case .failure(let failure): throw failure
        default: throw Self.unknown
        }
    }

    /// Whether a path was a folder.
    public func isFolder(_ path: String) throws(SourceFailure) -> Bool {
        switch answer(.isFolder(path)) {
        case .isFolder(let isFolder): return isFolder
        case .failure(let failure): throw failure
        default: throw Self.unknown
        }
    }

    /// The value that a variable had.
    public func environmentValue(_ name: String) -> String? {
        guard case .value(let value) = answer(.value(name)) else { return nil }
        return value
    }
}

extension RecordedSources {
    /// Reads for somebody and notes what was read.
    final class Recorder: SourceReading {
        private let reading: any SourceReading
        private(set) var sources = RecordedSources()

        init(_ reading: any SourceReading) { self.reading = reading }

        func contents(ofFile path: String, bytesMax: Int) throws(SourceFailure) -> [UInt8] {
            do throws(SourceFailure) {
                let bytes = try reading.contents(ofFile: path, bytesMax: bytesMax)
                note(.contents(path), .contents(bytes))
                return bytes
            } catch {
                note(.contents(path), .failure(error))
                throw error
            }
        }

        func paths(matching pattern: String) throws(SourceFailure) -> [String] {
            do throws(SourceFailure) {
                let paths = try reading.paths(matching: pattern)
                note(.paths(pattern), .paths(paths))
                return paths
            } catch {
                note(.paths(pattern), .failure(error))
                throw error
            }
        }

        func isFolder(_ path: String) throws(SourceFailure) -> Bool {
            do throws(SourceFailure) {
                let isFolder = try reading.isFolder(path)
                note(.isFolder(path), .isFolder(isFolder))
                return isFolder
            } catch {
                note(.isFolder(path), .failure(error))
                throw error
            }
        }

        func environmentValue(_ name: String) -> String? {
            let value = reading.environmentValue(name)
            note(.value(name), .value(value))
            return value
        }

        private func note(_ question: Question, _ answer: Answer) {
            guard sources.answer(question) == nil else { return }
            sources.entries.append(Entry(question: question, answer: answer))
        }
    }
}
