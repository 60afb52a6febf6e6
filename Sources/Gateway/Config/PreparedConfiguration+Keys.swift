import Policy

extension PreparedConfiguration {
    /// Reports authorities that cannot be read and folders that keys cannot be kept in, each word
    /// once.
    static func checkKeyUse(
        of configuration: Configuration,
        _ diagnostics: inout [Diagnostic]
    ) {
        let tokens = configuration.tenants.compactMap(\.tokens)
        var seen: Set<Configuration.NamedPath> = []
        for file in tokens.compactMap(\.authorities) where seen.insert(file).inserted {
            do throws(TLSFailure) {
                _ = try UpstreamTLSContext(caPath: file.path)
            } catch {
                diagnostics.append(Diagnostic("\(error)", at: file.position))
            }
        }
        let folders = [configuration.keysCache] + tokens.map(\.keysCache)
        for folder in folders.compactMap(\.self) where seen.insert(folder).inserted {
            do throws(Errno) {
                try FileSystem.checkWritable(folder: folder.path)
            } catch {
                let words = "keys cannot be kept in `\(folder.path)`: \(error)"
                diagnostics.append(Diagnostic(words, at: folder.position))
            }
        }
    }

    /// The number of keys of each tenant whose key set is a file that can be read, with a warning
    /// for each key in it that is not used.
    static func fileKeys(
        of configuration: Configuration,
        _ diagnostics: inout [Diagnostic],
        _ warnings: inout [Diagnostic]
    ) -> [Int: Int] {
        var counts: [Int: Int] = [:]
        var known: [String: Result<KeySet, KeyFailure>] = [:]
        for (index, tenant) in configuration.tenants.enumerated() {
            guard let tokens = tenant.tokens, case .file(let path) = tokens.keys?.source else {
                continue
            }
            let loaded =
                known[path] ?? Result { () throws(KeyFailure) in try KeySetFetcher.load(path) }
            known[path] = loaded
            do throws(KeyFailure) {
                let keys = try loaded.get()
                counts[index] = keys.keys.count
                for problem in keys.problems {
                    warnings.append(Diagnostic("in `\(path)`, \(problem)", at: tokens.keysPosition))
                }
            } catch {
                let words = "tenant `\(tenant.name)` has no keys from `\(path)`: \(error)"
                diagnostics.append(Diagnostic(words, at: tokens.keysPosition))
            }
        }
        return counts
    }
}
