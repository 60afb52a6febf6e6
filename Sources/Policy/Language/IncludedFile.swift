/// A file that an `include` outside of all blocks named.
public struct IncludedFile: Sendable {
    /// Its number in the `SourceMap`; what it includes in its blocks belongs to it.
    public let file: Int

    /// Its path as shown in errors.
    public let path: String

    /// The `include` that named it.
    public let include: SourcePosition

    /// Everything that was read for it.
    public let recording: RecordedSources

    /// In which form a file is to be read.
    public enum Form: Sendable {
        /// As it was read once.
        case kept(RecordedSources)

        /// Not at all.
        case leftOut
    }
}
