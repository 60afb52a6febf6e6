import Foundation
import Policy

@testable import Gateway

/// What must hold of any bytes that are read as JSON; Foundation is the other opinion.
enum JSONOracle {
    /// Checks one text.
    ///
    /// - Returns: What does not hold, or `nil`.
    static func broken(_ bytes: [UInt8]) -> String? {
        let document: JSONDocument
        do throws(JSONFailure) {
            document = try JSONDocument(bytes)
        } catch { return brokenRefusal(error, of: bytes) }
        guard (try? JSONDocument(bytes))?.isSame(as: document) == true else {
            return "the same text is read in two ways"
        }
        if (try? JSONDocument(bytes, nodesMax: document.nodesCount)) == nil {
            return "a limit that is not passed refuses"
        }
        if (try? JSONDocument(bytes, nodesMax: document.nodesCount - 1)) != nil {
            return "a limit that is passed does not refuse"
        }
        guard
            let other = try? JSONSerialization.jsonObject(
                with: Data(bytes),
                options: .allowFragments
            )
        else {
            // It has no number for 1e400.
            return document.hasHugeNumber(document.root) ? nil : "Foundation refuses what is read"
        }
        return document.difference(document.root, other)
    }

    /// What both call a wrong text must be wrong for the other too; what only this reader wants (no
    /// member twice, limits, UTF-8 and nothing else) is its own business.
    private static func brokenRefusal(_ failure: JSONFailure, of bytes: [UInt8]) -> String? {
        guard (0...bytes.count).contains(failure.offset) else { return "an offset outside" }
        switch failure.reason {
        case .repeatedMember, .tooDeep, .tooManyNodes, .tooLarge, .badUTF8: return nil
        case .truncated, .unexpectedByte, .trailingBytes, .badEscape: break
        }
        // Foundation takes UTF-16 and UTF-32 too, and tells them by their zeros or their mark.
        guard !bytes.contains(0), bytes.first.map({ $0 < 0x80 }) ?? true else { return nil }
        // It also forgives a comma in front of the end of a container.
        if failure.offset < bytes.count, bytes[failure.offset] | 0x20 == UInt8(ascii: "}") {
            return nil
        }
        let other = try? JSONSerialization.jsonObject(with: Data(bytes), options: .allowFragments)
        return other == nil ? nil : "Foundation reads what is refused: \(failure)"
    }
}

extension JSONDocument {
    /// How many values there are, member names included.
    var nodesCount: Int { count(of: root) }

    private func count(of node: JSONNode) -> Int {
        switch kind(of: node) {
        case .array: elements(of: node).reduce(1) { $0 + count(of: $1) }
        case .object: members(of: node).reduce(1) { $0 + 1 + count(of: $1.value) }
        default: 1
        }
    }

    func isSame(as other: JSONDocument) -> Bool {
        nodesCount == other.nodesCount && text(of: root) == other.text(of: other.root)
    }

    /// Whether some number has more than 300 digits or an exponent of three.
    func hasHugeNumber(_ node: JSONNode) -> Bool {
        switch kind(of: node) {
        case .array: return elements(of: node).contains { hasHugeNumber($0) }
        case .object: return members(of: node).contains { hasHugeNumber($0.value) }
        case .number:
            let text = text(of: node)
            let exponent = text.split { $0 | 0x20 == UInt8(ascii: "e") }.dropFirst().first
            let digits = exponent?.drop { !(0x31...0x39 ~= $0) } ?? []
            return text.count > 300 || digits.count > 2
        default: return false
        }
    }

    /// Where the value at `node` says something else than `other`; `nil` when nowhere.
    func difference(_ node: JSONNode, _ other: Any) -> String? {
        switch kind(of: node) {
        case .null: return other is NSNull ? nil : "null differs"
        case .true, .false:
            let isTrue = kind(of: node) == .true
            return (other as? Bool) == isTrue ? nil : "a boolean differs"
        case .number: return numberDifference(node, other)
        case .string:
            guard let said = string(of: node), let text = other as? String else {
                return "a string differs in kind"
            }
            guard equals(node, said), !equals(node, said + [0x41]) else {
                return "a string is not what it says"
            }
            return Self.isSame(said, Array(text.utf8)) ? nil : "a string differs"
        case .array:
            guard let list = other as? [Any] else { return "an array differs in kind" }
            let nodes = Array(elements(of: node))
            guard nodes.count == list.count else { return "an array differs in length" }
            return zip(nodes, list).lazy.compactMap { difference($0, $1) }.first
        case .object: return objectDifference(node, other)
        }
    }

    /// Foundation leaves out byte order marks that a string, or what follows an escape, begins with.
    private static func isSame(_ said: [UInt8], _ text: [UInt8]) -> Bool {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        return said == text || said.replacing(mark, with: []) == text.replacing(mark, with: [])
    }

    private func objectDifference(_ node: JSONNode, _ other: Any) -> String? {
        guard let dictionary = other as? [String: Any] else { return "an object differs in kind" }
        let members = members(of: node)
        // Swift takes two spellings of one character for the same name.
        let names = Set(
            members.compactMap { string(of: $0.name) }.map { String(decoding: $0, as: UTF8.self) }
        )
        guard names.count == members.count, !names.contains(where: { $0.utf16.contains(0xFEFF) })
        else { return nil }
        guard members.count == dictionary.count else { return "an object differs in size" }
        for (name, value) in members {
            guard let text = string(of: name),
                let wanted = dictionary[String(decoding: text, as: UTF8.self)]
            else { return "an object differs in its names" }
            if member(text, of: node) != value { return "a member is not found by its name" }
            if let difference = difference(value, wanted) { return difference }
        }
        return nil
    }

    private func numberDifference(_ node: JSONNode, _ other: Any) -> String? {
        guard let number = other as? NSNumber, let date = date(of: node) else {
            return "a number differs in kind"
        }
        let value = number.doubleValue
        let limit = Double(NumericDate.limit)
        let wanted = min(max(value, -limit), limit)
        // A double has 53 bits, so both sides of it count from 2^53 on.
        let slack = abs(wanted) > 9e15 ? abs(wanted) / 4e15 : 0
        let low = wanted.rounded(.down) - slack
        let high = wanted.rounded(.up) + slack
        // 0.1e-400 is above zero and no double.
        let isTiny = value == 0
        guard Double(date.floor) >= low - (isTiny ? 1 : 0),
            Double(date.ceiling) <= high + (isTiny ? 1 : 0),
            date.floor <= date.ceiling, date.ceiling - date.floor <= 1
        else { return "a date differs" }
        return nil
    }
}
