import Policy

/// How long the parts of an event may be; what is longer is cut at a character.
enum EventLimits {
    static let clientBytesMax = 256
    static let methodBytesMax = 32
    static let codeBytesMax = 64
    static let messageBytesMax = 160

    /// Room for the constant parts between names, with the client's address.
    static let punctuationBytesMax = 128

    /// Room for what an event adds to the parts of its request: `id`, phase, `timestamp`, status,
    /// duration, code and error.
    ///
    /// 47 + 7 + 24 + 13 + 35 + 38 + (9 + 64) + (18 + 64 + 13 + 160) + 8 = 500 at the most.
    static let tailBytesMax = 512

    /// The most bytes of what is captured of a request or of an answer.
    static let capturedBytesMax = CapturedMembers.textBytesMax

    /// No line of the gateway's own is longer: 4 names of 255 bytes, 6 bytes each when escaped, and
    /// the rest.
    static let ownLineBytesMax = 16_384

    /// No line is longer.
    static let lineBytesMax = 32_768
}
