extension PathTemplate {
    /// Paths that the template matches: one, or where a rest ends it, one with nothing, one with a
    /// segment and one with two in its place.
    ///
    /// A value is one that no fixed segment is likely to be.
    var samples: [[UInt8]] {
        var paths: [[UInt8]] = [[]]
        for segment in segments {
            switch segment {
            case .fixed(let bytes): Self.append([bytes], to: &paths)
            case .parameter(_, let type): Self.append([Array(type.sample.utf8)], to: &paths)
            case .rest:
                let one = Array(ParameterType.string.sample.utf8)
                let slash = UInt8(ascii: "/")
                paths +=
                    paths.map { $0 + [slash] + one }
                    + paths.map {
                        $0 + [slash] + one + [slash] + one
                    }
            }
        }
        return paths.map { $0.isEmpty ? [UInt8(ascii: "/")] : $0 }
    }

    private static func append(_ segments: [[UInt8]], to paths: inout [[UInt8]]) {
        paths = paths.flatMap { path in segments.map { path + [UInt8(ascii: "/")] + $0 } }
    }
}

extension ParameterType {
    /// A value of this type.
    fileprivate var sample: String {
        switch self {
        case .string: "-any-value-of-a-parameter-"
        case .uuid: "8f0b9c52-6d3e-4a71-b2c4-93e57a10d86f"
        case .int: "-907315486230157"
        case .slug: "any-value-of-a-parameter-"
        }
    }
}
