import Policy

/// How long the parts of an event may be; what is longer is cut at a character.
enum EventLimits {
    static let clientBytesMax = 256
    static let methodBytesMax = 32
    static let codeBytesMax = 64
    static let messageBytesMax = 160

    /// The most bytes of a template, as it stands in an event; a longer one is left out.
    static let pathBytesMax = 1_024

    /// The most bytes of a caller's roles, and of the scopes held and not held, as they stand in an
    /// event; what goes beyond is left out, and `cut` says so.
    static let rolesBytesMax = 1_024
    static let scopesBytesMax = 512

    /// The most bytes that only a START has in its `data`: template and caller.
    ///
    /// (1,024 + 10) + (1,024 + 2 x 512 + 80) = 3,162 at the most.
    static let detailsBytesMax = 4_096

    /// Room for the constant parts between names, with the client's address.
    static let punctuationBytesMax = 128

    /// Room for what an event adds to the parts of its request: `id`, phase, `timestamp`, status,
    /// duration, code, error and what a shadow policy says.
    ///
    /// 47 + 7 + 24 + 13 + 35 + 38 + (9 + 64) + (18 + 64 + 13 + 160) + (12 + 64) + 8 = 576 at the
    /// most.
    static let tailBytesMax = 640

    /// The most bytes of what is captured of a request or of an answer.
    static let capturedBytesMax = CapturedMembers.textBytesMax

    /// No line of the gateway's own is longer: 4 names of 255 bytes, 6 bytes each when escaped, and
    /// the rest.
    static let ownLineBytesMax = 16_384

    /// No line is longer.
    static let lineBytesMax = 32_768
}
