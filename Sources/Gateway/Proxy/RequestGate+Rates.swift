import Policy

extension RequestGate {
    /// Counts a request by its address and its tenant, once however often it waits for something.
    @inline(__always)
    mutating func count(
        _ exchange: inout Exchange,
        _ snapshot: Snapshot,
        _ caller: borrowing Caller,
        _ now: LoopTime
    ) -> Refusal? {
        guard !snapshot.rates[exchange.route].isEmpty, !exchange.isCounted else { return nil }
        exchange.isCounted = true
        let tenant = snapshot.tenants[exchange.tenant].bucketName
        for line in snapshot.rates[exchange.route] {
            let name =
                switch line.limit.key {
                case .address: BucketName(line.name, tenant: tenant, address: caller.address)
                case .tenant: BucketName(line.name, tenant: tenant)
                case .client: BucketName?.none
                }
            guard let name, let refusal = take(name, line.limit, now) else { continue }
            return refusal
        }
        return nil
    }

    /// Counts a request by its client, once its token was found valid.
    @inline(__always)
    mutating func countClient(
        _ exchange: borrowing Exchange,
        _ snapshot: Snapshot,
        _ now: LoopTime
    ) -> Refusal? {
        guard let line = snapshot.rates[exchange.route].last, line.limit.key == .client,
            let client = principal?.client
        else { return nil }
        let name = BucketName(
            line.name,
            tenant: snapshot.tenants[exchange.tenant].bucketName,
            client: rates.digest(of: client.span)
        )
        return take(name, line.limit, now)
    }

    private mutating func take(
        _ name: BucketName,
        _ limit: RateLimit,
        _ now: LoopTime
    ) -> Refusal? {
        guard let wait = rates.take(name, limit, now: now.microseconds * 1_000) else { return nil }
        retryAfterSeconds = wait.seconds
        return .rateExceeded
    }
}
