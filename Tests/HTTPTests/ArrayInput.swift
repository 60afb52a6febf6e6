import HTTP

// `#expect` cannot capture a span, so these take the bytes as arrays.

extension PathCanonicality {
    static func check(_ path: [UInt8]) -> Bool { check(path.span) }
    static func fault(in path: [UInt8]) -> Fault? { fault(in: path.span) }
}

extension QuerySyntax {
    static func check(_ query: [UInt8]) -> Bool { check(query.span) }
}

extension FormEncoding {
    static func equals(_ encoded: [UInt8], _ text: [UInt8]) -> Bool {
        equals(encoded.span, text.span)
    }

    static func equals(_ encoded: [UInt8], _ text: StaticString) -> Bool {
        equals(encoded.span, text)
    }
}

extension FieldName {
    static func isValid(_ name: [UInt8]) -> Bool { isValid(name.span) }
    static func overrulesCacheControl(_ name: [UInt8]) -> Bool {
        overrulesCacheControl(name.span)
    }

    static func mayStandInTrailer(_ name: [UInt8]) -> Bool { mayStandInTrailer(name.span) }

    static func matches(_ name: [UInt8], _ wanted: [UInt8]) -> Bool {
        matches(name.span, wanted.span)
    }
}

extension FieldValue {
    static func isValid(_ value: [UInt8]) -> Bool { isValid(value.span) }
}

extension MediaType {
    static func matches(_ value: [UInt8], _ wanted: StaticString) -> Bool {
        matches(value.span, wanted)
    }
}

extension ChunkedDecoder {
    mutating func next(_ input: [UInt8]) throws(Failure) -> Step { try next(input.span) }
}
