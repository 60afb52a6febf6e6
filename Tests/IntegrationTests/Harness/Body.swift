/// How a message says where its body ends.
enum BodyFraming: Hashable, Sendable {
    case none
    case length(Int)
    case chunked
    case untilEnd
}

/// How a body did end.
enum BodyEnd: Hashable, Sendable {
    /// Where its framing said.
    case whole

    /// The connection ended first.
    case cutShort
}

extension MessageHead {
    /// The framing of a request; anything but exactly one of the two is an error.
    func requestFraming() throws -> BodyFraming {
        try declaredFraming() ?? .none
    }

    /// The framing of the answer to a request with this method.
    func responseFraming(to method: String, status: Int) throws -> BodyFraming {
        if method == "HEAD" || status == 204 || status == 304 || status < 200 { return .none }
        return try declaredFraming() ?? .untilEnd
    }

    private func declaredFraming() throws -> BodyFraming? {
        let lengths = values("Content-Length")
        let codings = values("Transfer-Encoding")
        switch (lengths.count, codings.count) {
        case (0, 0): return nil
        case (1, 0):
            guard let length = Int(lengths[0]), length >= 0 else {
                throw Trouble.malformed("Content-Length `\(lengths[0])`")
            }
            return .length(length)
        case (0, 1) where codings[0].lowercased() == "chunked": return .chunked
        default: throw Trouble.malformed("framing \(lengths) \(codings)")
        }
    }
}

/// Reads bodies, piece by piece.
struct BodyReader {
    let stream: ByteStream
    var secondsPerRead = 10.0

    /// Hands every piece to `sink`; answers how the body ended and its trailers.
    func read(
        _ framing: BodyFraming,
        into sink: (ArraySlice<UInt8>) throws -> Void
    ) throws -> (end: BodyEnd, trailers: [Field]) {
        switch framing {
        case .none: return (.whole, [])
        case .length(let length): return (try counted(length, into: sink), [])
        case .untilEnd:
            while let piece = try next(65_536) { try sink(piece) }
            return (.whole, [])
        case .chunked: return try chunks(into: sink)
        }
    }

    private func next(_ limit: Int) throws -> ArraySlice<UInt8>? {
        try stream.some(upTo: limit, Deadline(seconds: secondsPerRead))
    }

    private func counted(
        _ length: Int,
        into sink: (ArraySlice<UInt8>) throws -> Void
    ) throws -> BodyEnd {
        var left = length
        while left > 0 {
            do {
                guard let piece = try next(left) else { return .cutShort }
                left -= piece.count
                try sink(piece)
            } catch Trouble.reset {
                return .cutShort
            }
        }
        return .whole
    }

    private func chunks(
        into sink: (ArraySlice<UInt8>) throws -> Void
    ) throws -> (end: BodyEnd, trailers: [Field]) {
        do {
            while let size = try chunkSize() {
                guard try counted(size, into: sink) == .whole else { return (.cutShort, []) }
                guard try stream.line(Deadline(seconds: secondsPerRead)).isEmpty else {
                    throw Trouble.malformed("no CRLF after a chunk")
                }
            }
            return (.whole, try trailers())
        } catch Trouble.closed {
            return (.cutShort, [])
        } catch Trouble.reset {
            return (.cutShort, [])
        }
    }

    /// `nil` for the last chunk.
    private func chunkSize() throws -> Int? {
        let line = String(latin1: try stream.line(Deadline(seconds: secondsPerRead)))
        let digits = line.prefix { $0 != ";" }
        guard let size = Int(digits, radix: 16), size >= 0, !digits.hasPrefix("+") else {
            throw Trouble.malformed("chunk size `\(line)`")
        }
        return size == 0 ? nil : size
    }

    private func trailers() throws -> [Field] {
        var trailers: [Field] = []
        while true {
            let line = try stream.line(Deadline(seconds: secondsPerRead))
            if line.isEmpty { return trailers }
            trailers.append(try Field(line: line))
        }
    }
}
