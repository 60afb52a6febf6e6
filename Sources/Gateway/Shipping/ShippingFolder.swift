/// The files of one shipper in the journal's folder.
struct ShippingFolder: Sendable {
    let path: String
    let name: String

    private static let bytesMax = 1_048_576

    var segments: SegmentFolder { SegmentFolder(path: path) }
    var deadLetters: DeadLetterFile { DeadLetterFile(path: "\(path)/dead-\(name).jsonl") }
    private var placesPath: String { "\(path)/ship-\(name).places" }

    /// Reads how far the shipper has come.
    ///
    /// - Returns: `nil` when there is a file that says nothing sensible; no file is a beginning.
    func load() -> ShippingProgress? {
        do throws(Errno) {
            let bytes = try PrivateFile.read(placesPath, bytesMax: Self.bytesMax)
            return ShippingProgress(text: String(decoding: bytes, as: UTF8.self))
        } catch { return error.isMissingFile ? ShippingProgress() : nil }
    }

    /// Writes down how far the shipper has come; it is on the disk afterwards.
    func save(_ progress: ShippingProgress) throws(Errno) {
        try PrivateFile.replace(placesPath, with: Array(progress.text.utf8))
    }
}
