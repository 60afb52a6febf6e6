/// Where in a path the values of a template's parameters stand.
///
/// It is filled by `CompiledPolicy.match` and holds offsets only, so it costs no allocation and
/// stays valid as long as the path's bytes do.
public struct PathParameters: Sendable {
    /// The most parameters that one template may have.
    public static let countMax = 8

    private var starts = InlineArray<8, Int32>(repeating: 0)
    private var ends = InlineArray<8, Int32>(repeating: 0)

    /// The number of parameters of the template that matched.
    public private(set) var count = 0

    /// The template that matched, an index into `CompiledPolicy.templates`; -1 when none did.
    public internal(set) var template: Int32 = -1

    /// Creates an empty list.
    public init() {}

    /// The bytes of the path that are the value of the parameter at `index`.
    public subscript(index: Int) -> Range<Int> {
        precondition(index < count)
        return Int(starts[index])..<Int(ends[index])
    }

    /// Adds the value of the next parameter; a template has at most `countMax`.
    mutating func append(from start: Int, to end: Int) {
        precondition(count < Self.countMax)
        starts[count] = Int32(truncatingIfNeeded: start)
        ends[count] = Int32(truncatingIfNeeded: end)
        count += 1
    }

    /// Forgets what was added after the list had `count` values.
    mutating func truncate(to count: Int) {
        precondition(count <= self.count)
        self.count = count
    }

    /// Forgets everything.
    mutating func reset() {
        count = 0
        template = -1
    }
}
