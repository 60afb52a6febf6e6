import HTTP
import Synchronization

/// Where in a mapped segment the next line goes.
@safe struct WritePlace: ~Copyable {
    /// The number of the segment; 0 when there is none.
    private(set) var number = 0

    /// Its size; 0 when there is none.
    private(set) var capacity = 0

    /// Where the next line begins.
    private(set) var cursor = 0

    private var base: UnsafeMutablePointer<UInt8>?

    /// No segment: nothing fits.
    init() { unsafe base = nil }

    /// The beginning of a segment, which the caller keeps mapped for as long as this is used.
    init(_ segment: Segment) {
        number = segment.name.number
        capacity = segment.file.byteCount
        unsafe base = segment.file.baseAddress
    }

    /// Begins a line of at most `bytesMax` bytes behind the place of its first byte.
    @inline(__always)
    func beginLine(_ bytesMax: Int) -> OutputBuffer {
        precondition(bytesMax > 0 && bytesMax <= capacity - cursor)
        guard let base = unsafe base else { preconditionFailure("a line without a segment") }
        return unsafe OutputBuffer(borrowing: base + cursor + 1, capacity: bytesMax - 1)
    }

    /// Makes the line that was written behind the first byte visible: its `{` is stored last.
    @inline(__always)
    mutating func endLine(byteCount: Int) {
        precondition(byteCount > 0 && byteCount <= capacity - cursor)
        guard let base = unsafe base else { preconditionFailure("a line without a segment") }
        unsafe (base + cursor).withMemoryRebound(to: Atomic<UInt8>.self, capacity: 1) { first in
            unsafe first.pointee.store(UInt8(ascii: "{"), ordering: .releasing)
        }
        cursor += byteCount
    }
}
