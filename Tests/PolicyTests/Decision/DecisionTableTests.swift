import Testing

@testable import Policy

@Suite("The table of decisions")
struct DecisionTableTests {
    static let decisions = DecisionTable.decisions.split(separator: "\n").map(String.init)

    @Test func `every decision is as the page about the language says`() {
        let tests = Self.decisions.map { "test \"\($0.replacing("\"", with: "'"))\" \($0)" }
        let text = DecisionTable.rules + "\n" + tests.joined(separator: "\n")
        let faults = PolicyText(policy: text, tenants: DecisionTable.tenants).faults
        #expect(faults == [])
    }

    @Test func `there are three hundred of them, and none twice`() {
        #expect(Self.decisions.count >= 300)
        #expect(Set(Self.decisions).count == Self.decisions.count)
    }

    @Test func `a wrong outcome would be found`() {
        for decision in Self.decisions.enumerated().filter({ $0.offset % 10 == 0 }).map(\.element) {
            let wrong = decision.hasSuffix("allow") ? "denied" : "allow"
            let line =
                decision.split(separator: " ").dropLast().joined(separator: " ") + " " + wrong
            let text = PolicyText(
                policy: DecisionTable.rules + "\ntest \"wrong\" \(line)",
                tenants: DecisionTable.tenants
            )
            #expect(text.faults.count == 1, "\(decision)")
        }
    }
}
