import HTTP

/// Proof that one START is in the journal, and the duty to write its outcome.
///
/// Only `OpenStarts` can make one and it cannot be copied: `JournalWriter.finish` consumes it, so
/// a START cannot get two outcomes.
struct StartReceipt: ~Copyable, Sendable {
    let slot: Int
    let generation: UInt32

    fileprivate init(slot: Int, generation: UInt32) {
        self.slot = slot
        self.generation = generation
    }
}

/// The requests whose START is written and whose outcome is not, with the bytes that both share.
///
/// The bytes of a slot are kept when it is freed, so a START on a warm writer allocates nothing.
@safe struct OpenStarts: ~Copyable {
    /// One open request.
    @safe struct Record {
        /// Bytes kept for the parts, one after the other: type, category, identity, details.
        fileprivate var bytes: UnsafeMutablePointer<UInt8>
        fileprivate var capacity: Int
        var typeEnd = 0
        var categoryEnd = 0
        var identityEnd = 0
        var detailsEnd = 0

        /// Whether its events have `data`.
        var hasData = false

        /// Room that the segment keeps for the outcome.
        var reservedBytes = 0

        /// The segment that holds the START.
        var segment = 0
        fileprivate var generation: UInt32 = 0
        fileprivate var isOpen = false
        fileprivate var nextFree = -1
    }

    /// The most requests open at once; the place must fit into an event's `id`.
    static let countMax = EventStamp.slotNone

    /// How many are open.
    private(set) var count = 0

    /// How many places there are; those below it may be open.
    private(set) var slotCount = 0

    private var records: UnsafeMutablePointer<Record>
    private var capacity: Int
    private var firstFree = -1

    init() {
        capacity = 64
        unsafe records = .allocate(capacity: capacity)
    }

    deinit {
        for slot in 0..<slotCount { unsafe records[slot].bytes.deallocate() }
        unsafe records.deallocate()
    }

    /// Takes a place whose parts may have `bytesMax` bytes; `nil` when all are taken.
    mutating func open(bytesMax: Int) -> StartReceipt? {
        guard let slot = takeSlot() else { return nil }
        if unsafe records[slot].capacity < bytesMax { enlarge(slot, to: bytesMax) }
        unsafe records[slot].isOpen = true
        count += 1
        return StartReceipt(slot: slot, generation: unsafe records[slot].generation)
    }

    /// Frees a place.
    mutating func close(_ slot: Int) {
        precondition(isOpen(slot))
        unsafe records[slot].isOpen = false
        unsafe records[slot].generation &+= 1
        unsafe records[slot].nextFree = firstFree
        firstFree = slot
        count -= 1
    }

    /// Whether `receipt` names a request that is still open.
    func holds(_ receipt: borrowing StartReceipt) -> Bool {
        unsafe isOpen(receipt.slot) && records[receipt.slot].generation == receipt.generation
    }

    func isOpen(_ slot: Int) -> Bool {
        unsafe slot >= 0 && slot < slotCount && records[slot].isOpen
    }

    /// The record at an open place.
    subscript(slot: Int) -> Record {
        @inline(__always)
        unsafeAddress {
            precondition(slot >= 0 && slot < slotCount)
            return unsafe UnsafePointer(records + slot)
        }
        @inline(__always)
        unsafeMutableAddress {
            precondition(slot >= 0 && slot < slotCount)
            return unsafe records + slot
        }
    }

    /// Writes the parts of a request into its place.
    ///
    /// The caller asked `open` for enough room: `partsBytesMax` of the same arguments.
    @inline(__always)
    mutating func fill(
        _ slot: Int,
        _ scope: borrowing EventScope,
        request: borrowing RequestID,
        address: borrowing AddressText,
        client: Span<UInt8>,
        method: Span<UInt8>
    ) {
        precondition(isOpen(slot))
        var buffer = unsafe OutputBuffer(
            borrowing: records[slot].bytes,
            capacity: records[slot].capacity
        )
        buffer.append(scope.head)
        buffer.append(request.span)
        if address.count > 0 {
            buffer.append("\",\"requestIp\":\"")
            buffer.append(address.span)
        }
        if client.count > 0 {
            buffer.append("\",\"clientId\":\"")
            buffer.append(jsonEscaped: client, bytesMax: EventLimits.clientBytesMax)
        }
        buffer.append(UInt8(ascii: "\""))
        let identityEnd = buffer.count
        let hasData = scope.level > 1
        if hasData {
            buffer.append(scope.details)
            buffer.append(jsonEscaped: method, bytesMax: EventLimits.methodBytesMax)
            buffer.append(UInt8(ascii: "\""))
        }
        precondition(!buffer.overflowed)
        unsafe records[slot].typeEnd = scope.typeCount
        unsafe records[slot].categoryEnd = scope.typeCount + scope.categoryCount
        unsafe records[slot].identityEnd = identityEnd
        unsafe records[slot].detailsEnd = buffer.count
        unsafe records[slot].hasData = hasData
    }

    /// The most bytes that `fill` writes for these arguments.
    @inline(__always)
    static func partsBytesMax(
        _ scope: borrowing EventScope,
        request: borrowing RequestID,
        client: Span<UInt8>,
        method: Span<UInt8>
    ) -> Int {
        let client = min(client.count, EventLimits.clientBytesMax) * JSONEscape.growthMax
        let method = min(method.count, EventLimits.methodBytesMax) * JSONEscape.growthMax
        return scope.head.count + scope.details.count + request.count + client + method
            + EventLimits.punctuationBytesMax
    }

    /// A stretch of the parts of an open place.
    @inline(__always)
    func append(_ range: Range<Int>, of slot: Int, to buffer: inout OutputBuffer) {
        precondition(slot >= 0 && slot < slotCount)
        precondition(range.upperBound <= self[slot].detailsEnd)
        let part = unsafe Span(
            _unsafeStart: UnsafePointer(records[slot].bytes) + range.lowerBound,
            count: range.count
        )
        buffer.append(part)
    }

    private mutating func takeSlot() -> Int? {
        if firstFree >= 0 {
            let slot = firstFree
            firstFree = unsafe records[slot].nextFree
            return slot
        }
        guard slotCount < Self.countMax else { return nil }
        if slotCount == capacity { grow() }
        unsafe (records + slotCount).initialize(
            to: Record(bytes: .allocate(capacity: 512), capacity: 512)
        )
        slotCount += 1
        return slotCount - 1
    }

    private mutating func grow() {
        let larger = UnsafeMutablePointer<Record>.allocate(capacity: capacity * 2)
        unsafe larger.moveInitialize(from: records, count: slotCount)
        unsafe records.deallocate()
        unsafe records = larger
        capacity *= 2
    }

    private mutating func enlarge(_ slot: Int, to bytesMax: Int) {
        unsafe records[slot].bytes.deallocate()
        unsafe records[slot].bytes = .allocate(capacity: bytesMax)
        unsafe records[slot].capacity = bytesMax
    }
}
