import HTTP

extension OutboundRequest {
    /// The whole message, as sent to `url`.
    func message(to url: OutboundURL) -> [UInt8] {
        let fieldsBytes = fields.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 }
        let capacity = 512 + url.description.utf8.count * 2 + fieldsBytes + body.count
        var output = OutputBuffer(capacity: capacity)
        output.append(method.name)
        output.append(UInt8(ascii: " "))
        output.append(Array(url.target.utf8))
        output.append(" HTTP/1.1\r\n")
        append("Host", url.authority, to: &output)
        append("User-Agent", "postern/\(ProductVersion.text)", to: &output)
        HeadWriter.appendField("Accept-Encoding", "identity", to: &output)
        for field in fields { append(field.name, field.value, to: &output) }
        if method == .post || !body.isEmpty {
            HeadWriter.appendField("Content-Length", decimal: body.count, to: &output)
        }
        HeadWriter.appendEmptyLine(to: &output)
        output.append(body)
        precondition(!output.overflowed)
        let written = output.span
        return written.indices.map { written[$0] }
    }

    private func append(_ name: String, _ value: String, to output: inout OutputBuffer) {
        let (name, value) = (Array(name.utf8), Array(value.utf8))
        let isWritten = HeadWriter.appendField(name.span, value.span, to: &output)
        precondition(isWritten, "a field of ours is well formed")
    }
}
