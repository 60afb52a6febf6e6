import HTTP
import Policy

/// A request that is kept until its body is here whole: only then is it known to be valid.
struct HeldRequest {
    /// The head as it will be forwarded, without a length for the body.
    let head: [UInt8]

    /// What is wrong with path and query; the answer waits for what is wrong with the body.
    let faults: [RequestFault]

    /// The most bytes of the body.
    let bodyBytesMax: Int

    /// What has come of the body, without the client's framing.
    private(set) var body: [UInt8] = []

    /// Whether all of it has come.
    var isWhole = false

    /// The START, while it is not written.
    var start: PendingStart?

    init(head: [UInt8], faults: [RequestFault], bodyBytesMax: Int) {
        self.head = head
        self.faults = faults
        self.bodyBytesMax = bodyBytesMax
    }

    /// The memory that it takes.
    var bytes: Int { head.capacity + body.capacity }

    /// Adds what has come of the body; false, and nothing added, when that is too much.
    mutating func append(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count <= bodyBytesMax - body.count else { return false }
        unsafe bytes.withUnsafeBufferPointer { unsafe body.append(contentsOf: $0) }
        return true
    }

    /// The decoded value of the first field of this name in a form; `nil` when there is none, or
    /// when it is malformed.
    func field(_ name: [UInt8]) -> [UInt8]? {
        var parameters = QueryParameters(body.indices)
        let form = body.span
        while let parameter = parameters.next(in: form) {
            let value = form.extracting(parameter.value)
            guard FormEncoding.equals(form.extracting(parameter.name), name.span) else { continue }
            var decoded = OutputBuffer(capacity: max(1, value.count))
            return FormEncoding.decode(value, into: &decoded) ? decoded.span.copied : nil
        }
        return nil
    }

    /// Writes the head with the body's length, and behind it the body, if all is at most
    /// `gatherBytesMax`.
    ///
    /// - Returns: Whether the body is in `output` too.
    func write(to output: inout OutputBuffer, gatherBytesMax: Int) -> Bool {
        // The empty line comes after the length.
        output.append(head.span.extracting(droppingLast: 2))
        HeadWriter.appendField("Content-Length", decimal: body.count, to: &output)
        output.append("\r\n")
        guard body.isEmpty || output.count + body.count <= gatherBytesMax else { return false }
        output.append(body)
        return true
    }
}
