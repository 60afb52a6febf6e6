/// The Prometheus text format, version 0.0.4.
struct MetricsText {
    /// What is written so far.
    private(set) var text = ""

    /// What a metric means for a scraper.
    enum Kind: String {
        case counter
        case gauge
        case histogram
    }

    /// Writes one metric with all its samples; without samples nothing is written.
    ///
    /// Of samples with the same labels the first stands: two make the whole page invalid.
    mutating func add(_ name: String, _ kind: Kind, _ help: String, _ samples: [Sample]) {
        guard !samples.isEmpty else { return }
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
        var series: Set<String> = []
        for sample in samples where series.insert(Self.text(of: sample.labels)).inserted {
            addLine(name, sample)
        }
    }

    /// Writes a metric that has one sample without labels.
    mutating func add(_ name: String, _ kind: Kind, _ help: String, _ value: Double) {
        add(name, kind, help, [Sample(value)])
    }

    /// Writes a counter or gauge that is a whole number.
    mutating func add(_ name: String, _ kind: Kind, _ help: String, _ value: UInt64) {
        add(name, kind, help, [Sample(value)])
    }

    /// Writes a histogram: cumulative buckets, sum and count.
    mutating func add(_ name: String, _ help: String, _ histogram: MetricsSnapshot.Histogram) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) histogram\n"
        var total: UInt64 = 0
        for (index, count) in histogram.counts.enumerated() {
            total += count
            let isLast = index >= histogram.bounds.count
            let bound = isLast ? "+Inf" : Sample.format(histogram.bounds[index])
            addLine(name + "_bucket", Sample(total, ["le": bound]))
        }
        if histogram.counts.isEmpty {
            addLine(name + "_bucket", Sample(0 as UInt64, ["le": "+Inf"]))
        }
        addLine(name + "_sum", Sample(histogram.sumSeconds))
        addLine(name + "_count", Sample(total))
    }

    private mutating func addLine(_ name: String, _ sample: Sample) {
        text += "\(name)\(Self.text(of: sample.labels)) \(sample.value)\n"
    }

    private static func text(of labels: KeyValuePairs<String, String>) -> String {
        guard !labels.isEmpty else { return "" }
        let pairs = labels.map { "\($0.key)=\"\(escape($0.value))\"" }
        return "{" + pairs.joined(separator: ",") + "}"
    }

    /// A label value between quotes.
    private static func escape(_ value: String) -> String {
        var escaped = ""
        for character in value.unicodeScalars {
            switch character {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}

extension MetricsText {
    /// One line of a metric.
    struct Sample {
        /// Names and values, in the order written.
        let labels: KeyValuePairs<String, String>

        /// The number as it is written.
        let value: String

        init(_ value: UInt64, _ labels: KeyValuePairs<String, String> = [:]) {
            self.labels = labels
            self.value = String(value)
        }

        init(_ value: Double, _ labels: KeyValuePairs<String, String> = [:]) {
            self.labels = labels
            self.value = Self.format(value)
        }

        /// A number without a fraction where it has none, so that `1.0` reads `1`.
        static func format(_ value: Double) -> String {
            if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
            if let whole = Int64(exactly: value) { return String(whole) }
            return "\(value)"
        }
    }
}
