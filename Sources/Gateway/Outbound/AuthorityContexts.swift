import Synchronization

/// TLS contexts by the file of authorities they trust; one whose file has changed is made anew.
final class AuthorityContexts: Sendable {
    /// The most contexts kept; when there are more, all are made anew.
    static let contextsMax = 256

    private struct Kept {
        let stamp: FileContents.Stamp?
        let context: UpstreamTLSContext
    }

    private let kept = Mutex<[String?: Kept]>([:])

    /// The context for a file, or for the system's store when it is `nil`; it may block.
    ///
    /// - Throws: `tls` when the file cannot be read or holds no certificate.
    func context(caPath: String?) throws(OutboundFailure) -> UpstreamTLSContext {
        // Before the file is read: a change in between is seen the next time.
        let stamp = caPath.flatMap { FileContents.stamp(of: $0) }
        let known = kept.withLock { $0[caPath] }
        if let known, known.stamp == stamp, caPath == nil || stamp != nil { return known.context }
        let context: UpstreamTLSContext
        do throws(TLSFailure) {
            context = try UpstreamTLSContext(caPath: caPath)
        } catch { throw .tls(error.description) }
        kept.withLock { kept in
            if kept.count >= Self.contextsMax { kept.removeAll() }
            kept[caPath] = Kept(stamp: stamp, context: context)
        }
        return context
    }
}
