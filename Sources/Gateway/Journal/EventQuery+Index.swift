extension EventQuery {
    /// Of longer lists each segment is read: looking up every value would take longer.
    private static let lookedUpMax = 64
    private static let wordsMax = 8

    /// Whether a segment with this index may have events that are asked for.
    func mayHaveEvents(in index: borrowing SegmentIndex) -> Bool {
        let head = index.head
        guard head.timeFrom <= timeTo, head.timeTo >= timeFrom else { return false }
        if let before, EventKey(time: head.timeFrom, id: head.idFrom) >= before { return false }
        if !ids.isEmpty, !ids.contains(where: { Self.isWithin(head, id: $0) }) { return false }
        return Self.mayHold(requests, .request, index) && Self.mayHold(tenants, .tenant, index)
            && (Self.mayHold(categories, .category, index, ifNone: types.isEmpty)
                || Self.mayHold(types, .type, index, ifNone: categories.isEmpty))
    }

    /// Whether the events of a segment with this index are all asked for, but for those that its
    /// table tells apart.
    func isAnswered(byTableOf head: SegmentIndex.Head) -> Bool {
        ids.isEmpty && requests.isEmpty && managementUsers.isEmpty && head.timeFrom >= timeFrom
            && head.timeTo <= timeTo
    }

    /// Whether the events of a group are asked for, as far as groups tell.
    func matches(_ group: EventGroup) -> Bool {
        guard tenants.isEmpty || tenants.contains(group.tenant) else { return false }
        return categories.isEmpty && types.isEmpty || categories.contains(group.category)
            || types.contains(group.type)
    }

    /// Short lists of values of which each line that is asked for holds one.
    var wordsOfLines: [[UInt8]] {
        for values in [requests, ids] where (1...Self.wordsMax).contains(values.count) {
            return Array(values)
        }
        return []
    }

    private static func mayHold(
        _ values: Set<[UInt8]>,
        _ member: KeyFilter.Member,
        _ index: borrowing SegmentIndex,
        ifNone answer: Bool = true
    ) -> Bool {
        if values.isEmpty { return answer }
        if values.count > lookedUpMax { return true }
        for value in values where index.mayHold(value.span, member) { return true }
        return false
    }

    /// Whether an `id` lies between the least and the greatest of a segment.
    private static func isWithin(_ head: SegmentIndex.Head, id: [UInt8]) -> Bool {
        let number = EventKey.number(ofID: id.span)
        return number >= head.idFrom && number <= head.idTo
    }
}
