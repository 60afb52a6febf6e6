import HTTP
import Testing

@Suite("Field names and values")
struct FieldNameTests {
    @Test func `exactly the tchar of RFC 9110 make a name`() {
        let tchar = Set(
            "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8
        )
        for byte in UInt8.min...UInt8.max {
            #expect(FieldName.isValid([0x78, byte]) == tchar.contains(byte), "\(byte)")
        }
        #expect(!FieldName.isValid([]))
    }

    static let alike = [
        ("X-API-Key", "x-api-key"), ("x_api_key", "x-api-key"), ("X.Api-Key", "x-api-key"),
        ("x-api-key", "X_API.KEY"), ("a", "A"), ("-", "_"),
    ]

    @Test("spellings of one name match", arguments: alike)
    func match(_ names: (one: String, other: String)) {
        #expect(FieldName.matches(Array(names.one.utf8), Array(names.other.utf8)))
    }

    static let different = [
        ("x-api-key", "x-api-keys"), ("x-api-key", "xapikey"), ("x-api-key", "x-api-kez"),
        ("x~api", "x-api"), ("@", "`"), ("x-api", "x api"), ("", "a"),
    ]

    @Test("different names do not match", arguments: different)
    func mismatch(_ names: (one: String, other: String)) {
        #expect(!FieldName.matches(Array(names.one.utf8), Array(names.other.utf8)))
    }

    static let forbiddenTrailers = [
        "Host", "content-length", "Content_Type", "content-encoding", "Content-Range",
        "transfer-encoding", "Trailer", "te", "authorization", "Cookie", "set-cookie",
        "www-authenticate", "WWW_Authenticate", "cache-control", "expect", "max-forwards",
        "if-match", "if-none-match", "range", "age", "date", "expires", "location", "retry-after",
        "vary", "warning", "x-forwarded-for", "x-postern-tenant", "traceparent", "x-request-id",
        "dpop", "connection", "access-control-allow-origin", "strict-transport-security", "", "a b",
    ]

    @Test(
        "names that frame, route or authenticate are refused in a trailer",
        arguments: forbiddenTrailers
    )
    func forbiddenInTrailer(_ name: String) {
        #expect(!FieldName.mayStandInTrailer(Array(name.utf8)))
    }

    @Test func `caches may be told to keep an answer by more than one name`() {
        for name in [
            "CDN-Cache-Control", "a-cache-control", "X_Cache_Control", "Surrogate-Control",
        ] {
            #expect(FieldName.overrulesCacheControl(Array(name.utf8)), "\(name)")
        }
        for name in [
            "cache-control", "-cache-control", "x-cache-controls", "cachecontrol", "", "age",
        ] {
            #expect(!FieldName.overrulesCacheControl(Array(name.utf8)), "\(name)")
        }
    }

    @Test(
        "other names may stand in a trailer",
        arguments: ["grpc-status", "digest", "x-checksum", "etag"]
    )
    func allowedInTrailer(_ name: String) {
        #expect(FieldName.mayStandInTrailer(Array(name.utf8)))
    }

    @Test func `a value is anything that does not end its line`() {
        for byte in UInt8.min...UInt8.max {
            let isAllowed = byte == 0x09 || byte >= 0x20 && byte != 0x7F
            for length in [1, 9] {
                let value = [UInt8](repeating: 0x61, count: length) + [byte]
                #expect(FieldValue.isValid(value) == isAllowed, "\(byte)")
            }
        }
        #expect(FieldValue.isValid([]))
    }

    static let mediaTypes: [(value: String, matches: Bool)] = [
        ("application/json", true), ("Application/JSON", true),
        ("application/json;charset=utf-8", true), ("application/json ; charset=utf-8", true),
        ("application/json;", true), ("application/jsonp", false), ("application/json-seq", false),
        ("application/json, text/html", false), ("text/json", false), ("application", false),
        ("", false), ("application/json charset", false), ("xapplication/json", false),
    ]

    @Test("a media type is compared without its parameters", arguments: mediaTypes)
    func mediaType(_ example: (value: String, matches: Bool)) {
        let value = Array(example.value.utf8)
        #expect(MediaType.matches(value, "application/json") == example.matches)
    }
}
