import Dispatch
import Policy

extension KeySetFetcher {
    /// The requests of one fetch, which share one deadline.
    struct Steps: Sendable {
        let send: Send
        let reading: DispatchQueue

        /// Certificate authorities for https; `nil` is the system's store.
        let caPath: String?

        /// In milliseconds of the clock that only goes forward.
        let deadline: Int64

        /// Gets the key set at `url`.
        func keys(_ url: OutboundURL, then completion: @escaping Completion) {
            get(url) { result in
                completion(result.flatMap { Self.read($0) })
            }
        }

        /// Asks the issuer where its key set is, one place after the other, and gets that.
        func discover(
            _ issuer: String,
            _ places: ArraySlice<OutboundURL>,
            first: String? = nil,
            then completion: @escaping Completion
        ) {
            guard let place = places.first else {
                return completion(.failure(.discovery(first ?? "there is none")))
            }
            get(place) { result in
                do throws(KeyFailure) {
                    switch try Self.metadata(result, issuer: issuer) {
                    case .keys(let url): keys(url, then: completion)
                    case .none(let because):
                        discover(
                            issuer,
                            places.dropFirst(),
                            first: first ?? because,
                            then: completion
                        )
                    }
                } catch { completion(.failure(error)) }
            }
        }

        /// What an answer says of where the keys are.
        private static func metadata(
            _ result: Result<OutboundAnswer, KeyFailure>,
            issuer: String
        ) throws(KeyFailure) -> Metadata {
            do throws(KeyFailure) {
                return try KeySetFetcher.metadata(try result.get().body, issuer: issuer)
            } catch {
                switch error {
                case .status, .redirected: return .none(because: "\(error)")
                case .tooLarge: throw .discovery("it is larger than allowed")
                default: throw error
                }
            }
        }

        private static func read(_ answer: OutboundAnswer) -> Result<Fetched, KeyFailure> {
            do throws(KeyFailure) {
                let keys = try KeySet(reading: answer.body)
                return .success(
                    Fetched(keys: keys, text: answer.body, maxAgeSeconds: answer.maxAgeSeconds)
                )
            } catch { return .failure(error) }
        }

        /// Gets a document, whose answer must have status 200, in what is left of the time.
        private func get(
            _ url: OutboundURL,
            then completion: @escaping @Sendable (Result<OutboundAnswer, KeyFailure>) -> Void
        ) {
            let left = deadline - Clock.monotonicMilliseconds()
            guard left > 0 else { return completion(.failure(.timeout)) }
            var request = OutboundRequest(url)
            request.fields = [
                OutboundRequest.RequestField(
                    name: "Accept",
                    value: "application/json, application/jwk-set+json"
                )
            ]
            request.caPath = caPath
            request.deadlineMilliseconds = left
            request.answerBytesMax = KeySet.bytesMax
            request.redirectsMax = KeySetFetcher.redirectsMax
            send(request) { result in
                reading.async { completion(Self.checked(result)) }
            }
        }

        private static func checked(
            _ result: Result<OutboundAnswer, OutboundFailure>
        ) -> Result<OutboundAnswer, KeyFailure> {
            switch result {
            case .success(let answer) where answer.status == 200: .success(answer)
            case .success(let answer): .failure(.status(answer.status))
            case .failure(let failure): .failure(KeyFailure(failure))
            }
        }
    }
}
