import HTTP

/// What became of the bytes of a head, however they arrived.
enum HeadOutcome: Equatable, Sendable {
    case complete(length: Int)
    case incomplete
    case refused(HeadFailure)
}

/// Shows a scanner growing parts of `bytes`, as reads from a socket would.
func scan(
    _ bytes: [UInt8],
    growingTo ends: [Int],
    kind: MessageKind = .request,
    limits: HeadLimits = HeadLimits()
) -> HeadOutcome {
    var scanner = HeadScanner(kind)
    for end in ends {
        do throws(HeadFailure) {
            let arrived = bytes.span.extracting(0..<end)
            if let length = try scanner.scan(arrived, limits: limits) {
                return .complete(length: length)
            }
        } catch {
            return .refused(error)
        }
    }
    return .incomplete
}

/// Scans `bytes` whole, at every split and byte by byte.
///
/// - Returns: The outcome of the whole, and every way of arriving that came out differently.
func scanEverySplit(
    _ bytes: [UInt8],
    kind: MessageKind = .request,
    limits: HeadLimits = HeadLimits()
) -> (outcome: HeadOutcome, differing: [Int]) {
    let whole = scan(bytes, growingTo: [bytes.count], kind: kind, limits: limits)
    var differing = (0...bytes.count).filter { split in
        scan(bytes, growingTo: [split, bytes.count], kind: kind, limits: limits) != whole
    }
    let single = scan(bytes, growingTo: Array(0...bytes.count), kind: kind, limits: limits)
    if single != whole { differing.append(-1) }
    return (whole, differing)
}

/// Why a request head is refused by the parser alone, or `nil` when it is accepted.
func failure(
    ofRequest bytes: [UInt8],
    limits: HeadLimits = HeadLimits()
) -> HeadFailure? {
    var head = RequestHead(limits: limits)
    do throws(HeadFailure) {
        try head.parse(bytes.span)
        return nil
    } catch {
        return error
    }
}

/// Why a response head is refused by the parser alone, or `nil` when it is accepted.
func failure(ofResponse bytes: [UInt8], limits: HeadLimits = HeadLimits()) -> HeadFailure? {
    var head = ResponseHead(limits: limits)
    do throws(HeadFailure) {
        try head.parse(bytes.span)
        return nil
    } catch {
        return error
    }
}

/// The text of a part of `bytes`.
func text(_ bytes: [UInt8], _ range: Range<Int>) -> String {
    String(decoding: bytes[range], as: UTF8.self)
}

extension Array where Element == UInt8 {
    /// The bytes of `text`, each character below U+0100 one byte.
    init(latin1 text: String) {
        self = text.unicodeScalars.map { UInt8($0.value) }
    }
}
