import Policy

extension Introspector {
    /// What is remembered, what is under way, and how the endpoints stand.
    struct State {
        /// The most lookups at a time, of all endpoints.
        static let lookupsMax = 768

        /// The most endpoints remembered; when there are more, those without a lookup are forgotten.
        static let endpointsMax = 1_024

        private(set) var counts = Counts()
        private var waiting: [Lookup.Key: [Completion]] = [:]
        private var standings: [IntrospectionEndpoint: EndpointStanding] = [:]

        /// Good answers; apart from the others, so that no flood of bad tokens pushes them out.
        private var active = AnswerMemory<Lookup.Key, IntrospectionOutcome>(
            entriesMax: 32_768,
            bytesMax: 32 * 1_048_576
        )
        private var refused = AnswerMemory<Lookup.Key, IntrospectionOutcome>(
            entriesMax: 32_768,
            bytesMax: 8 * 1_048_576
        )

        /// What an entry takes besides what was read from the answer, roughly.
        private static let entryBytes = 256

        var rememberedCount: Int { active.count + refused.count }

        /// What a lookup begins with.
        enum Beginning {
            case known(IntrospectionOutcome)

            /// Somebody else asks already.
            case joined

            /// A request has to be made.
            case asks

            /// There is no room.
            case full
        }

        /// How a lookup ends.
        struct Ending {
            let outcome: IntrospectionOutcome
            let waiting: [Completion]
            let news: IntrospectionNews?
        }

        /// Takes a lookup on; `now` is in seconds since 1970.
        mutating func begin(
            _ lookup: Lookup,
            _ completion: @escaping Completion,
            now: Int64
        ) -> Beginning {
            let known = active.value(for: lookup.key, at: now)
            if let known = known ?? refused.value(for: lookup.key, at: now) {
                counts.shared += 1
                return .known(known)
            }
            if waiting[lookup.key] != nil {
                counts.shared += 1
                waiting[lookup.key]?.append(completion)
                return .joined
            }
            if standings.count >= Self.endpointsMax {
                standings = standings.filter { $0.value.underWay > 0 }
            }
            guard waiting.count < Self.lookupsMax,
                standings[lookup.endpoint, default: EndpointStanding()].begin()
            else {
                counts.full += 1
                return .full
            }
            waiting[lookup.key] = [completion]
            return .asks
        }

        /// Takes the answer of a lookup.
        ///
        /// - Parameters:
        ///   - lookup: The lookup.
        ///   - answer: What was answered, or why not.
        ///   - bytes: The length of the answer.
        ///   - now: Seconds since 1970.
        ///   - moment: Monotonic milliseconds.
        /// - Returns: Who is to be told what.
        mutating func end(
            _ lookup: Lookup,
            _ answer: Result<IntrospectionAnswer, IntrospectionTrouble>,
            bytes: Int,
            now: Int64,
            at moment: Int64
        ) -> Ending {
            var outcome = IntrospectionOutcome.refused(.introspectionUnavailable)
            var trouble: IntrospectionTrouble?
            switch answer {
            case .failure(let failure): trouble = failure
            case .success(let answer):
                outcome = answer.outcome
                remember(answer, lookup.key, bytes: bytes, now: now)
            }
            count(outcome)
            let change = standings[lookup.endpoint]?.end(trouble, at: moment)
            return Ending(
                outcome: outcome,
                waiting: waiting.removeValue(forKey: lookup.key) ?? [],
                news: change.map { IntrospectionNews(url: lookup.introspection.url, $0) }
            )
        }

        private mutating func remember(
            _ answer: IntrospectionAnswer,
            _ key: Lookup.Key,
            bytes: Int,
            now: Int64
        ) {
            switch answer.outcome {
            case .active:
                // The text, what was found in it, and the principal made of it.
                active.keep(
                    answer.outcome,
                    for: key,
                    until: answer.usableUntil,
                    bytes: bytes * 4 + Self.entryBytes,
                    now: now
                )
            case .refused:
                refused.keep(
                    answer.outcome,
                    for: key,
                    until: answer.usableUntil,
                    bytes: Self.entryBytes,
                    now: now
                )
            }
        }

        private mutating func count(_ outcome: IntrospectionOutcome) {
            switch outcome {
            case .active: counts.active += 1
            case .refused(.inactive): counts.inactive += 1
            case .refused(.introspectionUnavailable): counts.unavailable += 1
            case .refused: counts.refused += 1
            }
        }
    }
}

extension IntrospectionNews {
    init(url: String, _ change: EndpointStanding.Change) {
        switch change {
        case .fails(let trouble): self.init(url: url, trouble: trouble)
        case .works: self.init(url: url, trouble: nil)
        }
    }
}
