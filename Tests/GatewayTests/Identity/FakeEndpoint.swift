import Policy
import Synchronization

@testable import Gateway

/// An introspection endpoint whose answers a test gives one by one.
final class FakeEndpoint: Sendable {
    private struct Question: Sendable {
        let request: OutboundRequest
        let completion: OutboundClient.Completion
    }

    private let questions = Mutex<[Question]>([])
    private let asked = Mutex<[OutboundRequest]>([])
    private let time = Mutex(IdentityScene.now)
    private let told = Mutex<[IntrospectionNews]>([])

    /// All requests so far.
    var requests: [OutboundRequest] { asked.withLock { $0 } }

    /// All news so far.
    var news: [IntrospectionNews] { told.withLock { $0 } }

    func introspector() -> Introspector {
        Introspector(
            now: { self.time.withLock { $0 } },
            report: { news in self.told.withLock { $0.append(news) } },
            send: { request, completion in
                self.asked.withLock { $0.append(request) }
                self.questions.withLock {
                    $0.append(Question(request: request, completion: completion))
                }
            }
        )
    }

    func pass(seconds: Int64) { time.withLock { $0 += seconds } }

    /// Ends the oldest request.
    func end(_ result: Result<OutboundAnswer, OutboundFailure>) {
        let question = questions.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        question?.completion(result)
    }

    func answer(_ json: String, status: Int = 200) {
        end(.success(OutboundAnswer(status: status, body: Array(json.utf8), maxAgeSeconds: 3_600)))
    }
}

/// What became of a lookup, in words.
final class Words: Sendable {
    private let words = Mutex<[String]>([])

    var all: [String] { words.withLock { $0 } }

    func add(_ outcome: IntrospectionOutcome) {
        let word =
            switch outcome {
            case .active(let principal, _, _):
                "active " + String(decoding: principal.client, as: UTF8.self)
            case .refused(let refusal): "\(refusal)"
            }
        words.withLock { $0.append(word) }
    }
}
