import CLinux
import Glibc

/// Searches that the C library does many bytes at a time.
extension Span<UInt8> {
    /// Where `byte` stands first from `start` on; `nil` when it does not.
    func firstIndex(of byte: UInt8, from start: Int = 0) -> Int? {
        guard start >= 0, start < count else { return nil }
        return unsafe withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress,
                let found = unsafe memchr(base + start, Int32(byte), bytes.count - start)
            else { return nil }
            return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
        }
    }

    /// Where `byte` stands last before `end`; `nil` when it does not.
    func lastIndex(of byte: UInt8, before end: Int) -> Int? {
        guard end > 0, end <= count else { return nil }
        return unsafe withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress,
                let found = unsafe postern_last_byte(base, Int32(byte), end)
            else { return nil }
            return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
        }
    }

    /// Whether `needle`, which has at least one byte, stands somewhere in `range`.
    func contains(_ needle: Span<UInt8>, in range: Range<Int>) -> Bool {
        precondition(range.lowerBound >= 0 && range.upperBound <= count && !needle.isEmpty)
        return unsafe withUnsafeBufferPointer { bytes in
            unsafe needle.withUnsafeBufferPointer { wanted in
                guard let base = bytes.baseAddress, let first = wanted.baseAddress else {
                    return false
                }
                let start = unsafe base + range.lowerBound
                return unsafe postern_find(start, range.count, first, wanted.count) != nil
            }
        }
    }
}
