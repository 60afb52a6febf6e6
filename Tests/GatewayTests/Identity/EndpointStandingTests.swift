import Testing

@testable import Gateway

@Suite("Endpoint standing")
struct EndpointStandingTests {
    @Test func `an endpoint that comes and goes is told of once in a while`() {
        var standing = EndpointStanding()
        let trouble = IntrospectionTrouble.request(.timeout)
        func end(_ trouble: IntrospectionTrouble?, at now: Int64) -> EndpointStanding.Change? {
            let isBegun = standing.begin()
            #expect(isBegun)
            return standing.end(trouble, at: now)
        }
        #expect(end(nil, at: 0) == nil)
        #expect(end(trouble, at: 0) == .fails(trouble))
        #expect(end(trouble, at: 1) == nil)
        #expect(end(nil, at: 2) == .works)
        #expect(end(trouble, at: 3) == nil)
        #expect(end(nil, at: 4) == nil)
        #expect(end(trouble, at: EndpointStanding.quietMilliseconds) == .fails(trouble))
        #expect(standing.underWay == 0)
    }
}
