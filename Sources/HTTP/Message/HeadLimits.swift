/// How large a message head may be before it is refused.
public struct HeadLimits: Equatable, Sendable {
    /// The most bytes of a head, from its first line to the empty line.
    public var headBytesMax: Int

    /// The most bytes of a request target.
    public var targetBytesMax: Int

    /// The most field lines of a head.
    public var fieldsMax: Int

    /// Creates limits; those left out are the gateway's defaults.
    public init(
        headBytesMax: Int = 32_768,
        targetBytesMax: Int = 8_192,
        fieldsMax: Int = 100
    ) {
        precondition(headBytesMax > 0 && headBytesMax <= Int(Int32.max))
        precondition(targetBytesMax > 0)
        precondition(fieldsMax > 0 && fieldsMax <= Int(UInt16.max))
        self.headBytesMax = headBytesMax
        self.targetBytesMax = targetBytesMax
        self.fieldsMax = fieldsMax
    }
}
