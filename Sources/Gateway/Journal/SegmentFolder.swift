/// The segments in a journal's folder.
struct SegmentFolder: Sendable {
    /// One segment file as listed; it may be sealed or removed at any time afterwards.
    struct Entry: Hashable, Sendable {
        var name: SegmentName
        var isSealed: Bool
    }

    let path: String

    /// Every segment, by loop, then by number.
    ///
    /// A segment that is sealed while a folder is being listed may be missed under both of its
    /// names; that happens once to each, so two listings together have them all.
    func entries() throws(Errno) -> [Entry] {
        var sealed: [SegmentName: Bool] = [:]
        for _ in 0..<2 {
            for fileName in try FileSystem.names(in: path) {
                guard let name = SegmentName(fileName: fileName) else { continue }
                let isSealed = fileName.hasSuffix(SegmentName.sealedSuffix)
                sealed[name] = isSealed || sealed[name] ?? false
            }
        }
        return sealed.map { Entry(name: $0.key, isSealed: $0.value) }.sorted { $0.name < $1.name }
    }

    func path(of entry: Entry) -> String {
        path + "/" + (entry.isSealed ? entry.name.sealed : entry.name.active)
    }

    /// The index of a sealed segment.
    func indexPath(of name: SegmentName) -> String { path + "/" + name.index }

    /// Opens a segment that may have been sealed since it was listed; `nil` when it is gone, or is
    /// no file at all.
    func open(_ name: SegmentName) throws(Errno) -> DiskFile? {
        for suffix in [
            SegmentName.sealedSuffix, SegmentName.activeSuffix, SegmentName.sealedSuffix,
        ] {
            do {
                let file = try DiskFile(reading: path + "/" + name.text + suffix)
                guard file.isRegular else { return nil }
                return file
            } catch {
                guard error.isMissingFile else { throw error }
            }
        }
        return nil
    }
}
