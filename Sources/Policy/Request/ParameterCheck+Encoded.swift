extension ParameterCheck {
    /// Checks all of a query or a form as it was sent, `application/x-www-form-urlencoded`.
    ///
    /// - Returns: Every fault; one that names the whole when a `%` is not followed by two
    ///   hexadecimal digits, because readers take such text apart in different ways.
    consuming func faults(in encoded: Span<UInt8>) -> [RequestFault] {
        var pairs = EncodedPairs(encoded.count)
        var name: [UInt8] = []
        var value: [UInt8] = []
        while let pair = pairs.next(in: encoded) {
            guard EncodedPairs.decode(encoded.extracting(pair.name), into: &name),
                EncodedPairs.decode(encoded.extracting(pair.value), into: &value)
            else { return [.malformed(location)] }
            take(name: name.span, value: value.span)
        }
        return finish()
    }
}

extension RequestFault {
    /// A query or a form that cannot be taken apart.
    public static func malformed(_ location: Location) -> RequestFault {
        RequestFault(location.rawValue, in: location)
    }
}
