import HTTP

/// Events as they are in the journal, one JSON object a line, to any collector that speaks HTTP.
struct NDJSONShipper: EventShipper {
    let url: OutboundURL

    func request(for batch: EventBatch) -> OutboundRequest? {
        var request = OutboundRequest(url)
        request.method = .post
        request.fields = [.init(name: "Content-Type", value: "application/x-ndjson")]
        for line in batch.events {
            request.body += line
            request.body.append(0x0A)
        }
        return request
    }

    mutating func verdict(on answer: OutboundAnswer, to batch: EventBatch) -> ShippingVerdict {
        ShippingVerdict(status: answer.status)
    }
}
