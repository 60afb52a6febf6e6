import Synchronization

extension GatewayRuntime {
    /// Why the request with an identifier was refused; `nil` when no loop remembers it.
    func explain(_ identifier: String) -> RefusalReport? {
        let bytes = Array(identifier.utf8)
        guard RequestID(wellFormed: bytes.span) != nil else { return nil }
        let found = collect { receive in .explain(bytes, receive) }
        guard
            let newest = found.compactMap(\.self).max(by: {
                $0.unixMilliseconds < $1.unixMilliseconds
            })
        else { return nil }
        return RefusalReport(newest, state.withLock { $0.snapshot })
    }
}
