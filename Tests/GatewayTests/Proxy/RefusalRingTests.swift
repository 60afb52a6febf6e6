import HTTP
import Policy
import Testing

@testable import Gateway

@Suite("Refusal ring")
struct RefusalRingTests {
    private func refused(_ name: String, at time: Int64) throws -> RefusedRequest {
        let bytes = Array(name.utf8)
        let identifier = RequestID(wellFormed: bytes.span)
        return RefusedRequest(
            requestID: try #require(identifier),
            unixMilliseconds: time,
            generation: 1,
            tenant: 0,
            route: 0,
            method: .get,
            refusal: .denied,
            facts: FactSet(),
            client: [],
            roles: []
        )
    }

    @Test func `the newest of a name is found, and nothing in an empty ring`() throws {
        var ring = RefusalRing()
        #expect(ring.last(of: Array("a".utf8)) == nil)
        ring.add(try refused("a", at: 1))
        ring.add(try refused("b", at: 2))
        ring.add(try refused("a", at: 3))
        #expect(ring.last(of: Array("a".utf8))?.unixMilliseconds == 3)
        #expect(ring.last(of: Array("b".utf8))?.unixMilliseconds == 2)
        #expect(ring.last(of: Array("ab".utf8)) == nil)
        #expect(ring.last(of: []) == nil)
    }

    @Test func `a full ring forgets the oldest only`() throws {
        var ring = RefusalRing()
        let count = RefusalRing.entriesMax
        for index in 0..<count + 5 { ring.add(try refused("r\(index)", at: Int64(index))) }
        for index in 0..<5 { #expect(ring.last(of: Array("r\(index)".utf8)) == nil) }
        for index in [5, 6, count - 1, count, count + 4] {
            let found = ring.last(of: Array("r\(index)".utf8))
            #expect(found?.unixMilliseconds == Int64(index))
        }
    }

    @Test func `every refusal is that of a check`() {
        #expect(Refusal.headersTooLarge.check == .framing)
        #expect(Refusal.upgradeNotSupported.check == .framing)
        #expect(Refusal.upstreamTimeout.check == .upstream)
        #expect(Refusal.gatewayShutdown.check == .upstream)
        #expect(Refusal.clientClosed.check == .upstream)
        #expect(Refusal.proofNonceWanted.check == .token)
        #expect(Refusal.tenantReadOnly.check == .change)
        #expect(Refusal.bodyTooLarge.check == .request)
    }
}
