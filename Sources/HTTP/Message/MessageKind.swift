/// Which of the two kinds of message is being read.
public enum MessageKind: Equatable, Sendable {
    /// From a client: bytes from 0x80 are refused everywhere in the head.
    case request

    /// From an upstream: bytes from 0x80 (`obs-text`, RFC 9110 section 5.5) pass in field values.
    case response

    /// The high bits of the bytes that may not stand in text, for a word of eight.
    @inline(__always)
    var refusedHighBits: UInt64 {
        switch self {
        case .request: 0x8080_8080_8080_8080
        case .response: 0
        }
    }
}
