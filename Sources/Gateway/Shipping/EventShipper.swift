/// One kind of receiver: what it is sent for a batch of events, and what its answers mean.
///
/// Everything else is common to all receivers: following the journal, retries, splitting, places
/// that are kept. It knows no time and no files.
protocol EventShipper: Sendable {
    /// The request that carries a batch: the same one for the same events.
    ///
    /// - Returns: The URL, the body and the fields that belong to the format; `nil` when the URL
    ///   becomes too long.
    func request(for batch: EventBatch) -> OutboundRequest?

    /// What an answer says of the batch.
    mutating func verdict(on answer: OutboundAnswer, to batch: EventBatch) -> ShippingVerdict
}

/// What a receiver says of a batch.
enum ShippingVerdict: Hashable, Sendable {
    /// It has every event.
    case accepted

    /// It has taken the batch but for some events, and does not say which.
    case partly(rejected: Int)

    /// It will never take the batch as it is.
    case refused(status: Int)

    /// It may take it later, or when somebody puts the address or the credentials right.
    case failed(status: Int)

    /// It takes the same events in another form, which the shipper knows by now.
    case sendAgain

    /// What a status says by itself (RFC 9110 section 15).
    ///
    /// Only a 4xx that can be the fault of an event refuses a batch: that credentials, a path or a
    /// method are wrong says nothing of events, and would put all of them aside.
    init(status: Int) {
        switch status {
        case 200...299: self = .accepted
        case 401, 402, 403, 404, 405, 407, 408, 421, 425, 426, 429, 451:
            self = .failed(status: status)
        case 400...499: self = .refused(status: status)
        default: self = .failed(status: status)
        }
    }
}

extension Configuration.Shipper {
    /// What speaks to the receiver; `nil` when the URL is none, which the configuration refuses.
    func makeShipper() -> (any EventShipper)? {
        switch receiver {
        case .otlp(let text): OutboundURL(text).map(OTLPShipper.init)
        case .ndjson(let text): OutboundURL(text).map(NDJSONShipper.init)
        case .clickHouse(let text, let table):
            OutboundURL(text) == nil ? nil : ClickHouseShipper(address: text, table: table)
        case nil: nil
        }
    }
}
