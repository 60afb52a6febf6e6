/// The bounds of the configuration language: what a reader takes before it refuses.
public enum LanguageLimits {
    /// The most bytes in one configuration or policy file: 10,000 tenants with lines of their own
    /// for each of 50 routes are half of that.
    public static let fileBytesMax = 67_108_864

    /// The most bytes that one `${file:...}` may bring.
    public static let substitutionBytesMax = 65_536

    /// The most words on one line.
    public static let lineWordsMax = 256

    /// The most blocks inside one another.
    public static let blockDepthMax = 16

    /// The most `${...}` inside one another.
    public static let substitutionDepthMax = 4

    /// The most files that include one another in a chain.
    public static let includeDepthMax = 16

    /// The most faults in the words of one file; a file that is none of ours has no end of them.
    public static let fileFaultsMax = 1_000

    /// The most files of one load.
    public static let filesMax = 16_384
}
