import Policy

/// Gets a tenant's key set from where the configuration says; it blocks.
struct KeySetFetcher: Sendable {
    /// Certificate authorities for https; `nil` is the system's store.
    let caPath: String?

    init(caPath: String? = nil) { self.caPath = caPath }

    /// A key set and for how long its server allows it to be kept.
    struct Fetched: Sendable {
        let keys: KeySet
        let maxAgeSeconds: Int64?
    }

    /// Gets the keys of `source`.
    func fetch(_ source: Configuration.KeySource) throws(KeyFailure) -> Fetched {
        switch source {
        case .file(let path): Fetched(keys: try Self.load(path), maxAgeSeconds: nil)
        case .url(let url): try fetch(Self.url(url))
        case .discovery(let issuer): try fetch(discover(issuer))
        }
    }

    /// Reads a key set from a file.
    static func load(_ path: String) throws(KeyFailure) -> KeySet {
        let text: [UInt8]
        do throws(Errno) {
            text = try FileContents.read(path, bytesMax: KeySet.bytesMax)
        } catch { throw .unreadable(path: path, because: error.description) }
        return try KeySet(text)
    }

    private func fetch(_ url: OutboundURL) throws(KeyFailure) -> Fetched {
        let document = try KeyDownload(caPath: caPath).get(url)
        return Fetched(keys: try KeySet(document.body), maxAgeSeconds: document.maxAgeSeconds)
    }

    /// Asks the issuer where its key set is.
    ///
    /// The second place is asked only when the first has no document.
    func discover(_ issuer: String) throws(KeyFailure) -> OutboundURL {
        var first: KeyFailure?
        for url in try Self.metadata(ofIssuer: issuer) {
            do throws(KeyFailure) {
                let document = try KeyDownload(caPath: caPath).get(url)
                return try Self.keysURL(in: document.body, issuer: issuer)
            } catch {
                guard case .status = error else { throw error }
                if first == nil { first = error }
            }
        }
        throw first ?? .discovery("there is none")
    }

    /// The `jwks_uri` of metadata whose `issuer` is ours, character for character: the defence
    /// against a server that answers for somebody else, RFC 8414 section 3.3.
    static func keysURL(in text: [UInt8], issuer: String) throws(KeyFailure) -> OutboundURL {
        guard let document = try? JSONDocument(text) else { throw .discovery("it is not JSON") }
        guard let named = document.member("issuer", of: document.root),
            document.equals(named, Array(issuer.utf8))
        else { throw .discovery("its `issuer` is not `\(issuer)`") }
        guard let node = document.member("jwks_uri", of: document.root),
            let text = document.string(of: node)
        else { throw .discovery("it has no `jwks_uri`") }
        return try url(String(decoding: text, as: UTF8.self))
    }
}
