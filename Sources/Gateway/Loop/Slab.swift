/// Values that move in and out of numbered places without allocation.
///
/// A slot that is freed and taken again has another generation, so a late event for the value
/// that was there before is recognised and dropped.
@safe struct Slab<Element: ~Copyable>: ~Copyable {
    /// Names one value for as long as it is in the slab.
    struct Key: Hashable, Sendable {
        let slot: UInt32

        /// At most 24 bits, so that a key and a kind fit into an event token.
        let generation: UInt32
    }

    /// The most values.
    let capacity: Int

    /// How many values there are.
    private(set) var count = 0

    private let chunks: UnsafeMutablePointer<UnsafeMutablePointer<Element>?>
    private var generations: [UInt32] = []
    private var occupied: [Bool] = []
    private var free: [UInt32] = []

    private static var chunkElements: Int { 64 }

    /// Creates an empty slab for at most `capacity` values; memory is taken as it fills.
    init(capacity: Int) {
        precondition(capacity > 0 && capacity < Int(UInt32.max))
        self.capacity = capacity
        let chunkCount = (capacity + Self.chunkElements - 1) / Self.chunkElements
        unsafe chunks = .allocate(capacity: chunkCount)
        unsafe chunks.initialize(repeating: nil, count: chunkCount)
    }

    deinit {
        for slot in 0..<occupied.count where occupied[slot] {
            unsafe address(slot)?.deinitialize(count: 1)
        }
        let chunkCount = (capacity + Self.chunkElements - 1) / Self.chunkElements
        for index in 0..<chunkCount {
            unsafe chunks[index]?.deallocate()
        }
        unsafe chunks.deallocate()
    }

    /// Moves a value in; `nil`, and the value destroyed, when the slab is full.
    mutating func insert(_ element: consuming Element) -> Key? {
        guard let slot = takeSlot(), let place = unsafe address(Int(slot)) else { return nil }
        unsafe place.initialize(to: element)
        occupied[Int(slot)] = true
        count += 1
        return Key(slot: slot, generation: generations[Int(slot)])
    }

    /// Moves a value out.
    mutating func remove(_ key: Key) -> Element? {
        guard contains(key), let place = unsafe address(Int(key.slot)) else { return nil }
        occupied[Int(key.slot)] = false
        generations[Int(key.slot)] = (generations[Int(key.slot)] &+ 1) & 0xFF_FFFF
        free.append(key.slot)
        count -= 1
        return unsafe place.move()
    }

    /// Whether the value that `key` names is still there.
    @inline(__always)
    func contains(_ key: Key) -> Bool {
        let slot = Int(key.slot)
        return slot < occupied.count && occupied[slot] && generations[slot] == key.generation
    }

    /// The key of the value in `slot`; `nil` when it is free.
    func key(at slot: Int) -> Key? {
        guard slot < occupied.count, occupied[slot] else { return nil }
        return Key(slot: UInt32(slot), generation: generations[slot])
    }

    /// The slots that may be occupied.
    var slots: Range<Int> { 0..<occupied.count }

    /// The value in an occupied slot.
    @inline(__always)
    subscript(slot: UInt32) -> Element {
        @inline(__always)
        unsafeAddress {
            precondition(Int(slot) < occupied.count && occupied[Int(slot)])
            return unsafe UnsafePointer(place(Int(slot)))
        }
        @inline(__always)
        unsafeMutableAddress {
            precondition(Int(slot) < occupied.count && occupied[Int(slot)])
            return unsafe place(Int(slot))
        }
    }

    private func address(_ slot: Int) -> UnsafeMutablePointer<Element>? {
        guard let chunk = unsafe chunks[slot / Self.chunkElements] else { return nil }
        return unsafe chunk + slot % Self.chunkElements
    }

    @inline(__always)
    private func place(_ slot: Int) -> UnsafeMutablePointer<Element> {
        guard let place = unsafe address(slot) else { preconditionFailure("slot without memory") }
        return unsafe place
    }

    private mutating func takeSlot() -> UInt32? {
        if let slot = free.popLast() { return slot }
        guard occupied.count < capacity else { return nil }
        let slot = occupied.count
        if slot % Self.chunkElements == 0 {
            unsafe chunks[slot / Self.chunkElements] = .allocate(capacity: Self.chunkElements)
        }
        occupied.append(false)
        generations.append(0)
        return UInt32(slot)
    }
}
