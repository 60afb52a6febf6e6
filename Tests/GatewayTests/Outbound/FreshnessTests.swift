import Testing

@testable import Gateway

@Suite("Freshness")
struct FreshnessTests {
    static let cases: [(cacheControl: [String], age: [String], seconds: Int64?)] = [
        ([], [], nil), (["public"], ["5"], nil), (["max-age=60"], [], 60),
        (["public, MAX-AGE=60"], [], 60), (["max-age=\"60\""], [], 60),
        (["max-age=60"], ["20"], 40),
        (["max-age=60"], ["61"], 0), (["max-age=60"], ["-1"], 60),
        (["max-age=60"], ["1", "9"], 51),
        (["max-age=60,max-age=30"], [], 30), (["max-age=60", "max-age=30"], [], 30),
        (["no-store, max-age=60"], [], 0), (["max-age=60", "No-Cache"], [], 0),
        (["no-cache=\"set-cookie\", max-age=60"], [], 0), (["max-age=0"], [], 0),
        (["max-age"], [], nil), (["max-age="], [], nil), (["max-age=x"], [], nil),
        (["max-age=-1"], [], nil), (["max-age=1.5"], [], nil), (["max-age=\"6"], [], nil),
        (["max-age=60, max-age=x"], [], nil), (["max-age=99999999999999999999999"], [], 1 << 31),
        (["max-age=60"], ["99999999999999999999999"], 0),
        (["x=\"no-store, \\\"\", max-age=7"], [], 7),
        ([" , ,\tmax-age=7 ,"], [], 7), (["xmax-age=7"], [], nil), (["s-maxage=7"], [], nil),
        ([""], [""], nil), (["x=\"\\"], [], nil),
    ]

    @Test("the time an answer may be kept is what Cache-Control and Age leave", arguments: cases)
    func reads(_ cacheControl: [String], _ age: [String], _ seconds: Int64?) {
        var freshness = Freshness()
        for value in cacheControl { freshness.take(cacheControl: Array(value.utf8)) }
        for value in age { freshness.take(age: Array(value.utf8)) }
        #expect(freshness.maxAgeSeconds == seconds)
    }
}
