import Foundation

/// What the machine and its memory say.
enum Machine {
    /// The time that the processor spent on this process, which others on the machine do not change.
    static func processorSeconds() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// What is allocated now, to a page: free memory goes back to the system before the count.
    static func residentBytes() -> Int {
        typealias Trim = @convention(c) (Int) -> Int32
        if let symbol = unsafe dlsym(nil, "malloc_trim") {
            _ = unsafe unsafeBitCast(symbol, to: Trim.self)(0)
        }
        let status = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        let pages = status.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * Int(getpagesize())
    }

    /// What one load costs that waits for the one before, by the memory that they are spread over:
    /// a tenant that was not asked for lately costs that much for each line of the cache.
    static func printLoads() {
        for kilobytes in [32, 1_024, 4_096, 32_768] {
            let words = kilobytes * 1_024 / 64
            var next = [Int](repeating: 0, count: words * 8)
            let order = (0..<words).shuffled()
            for index in order.indices { next[order[index] * 8] = order[(index + 1) % words] * 8 }
            var times: [Double] = []
            for _ in 0..<5 {
                let start = processorSeconds()
                var place = 0
                for _ in 0..<500_000 { place = next[place] }
                times.append((processorSeconds() - start) * 1e9 / 500_000)
                precondition(place >= 0)
            }
            let format = "%7d KB, a load that waits for the last: %.1f ns"
            print(String(format: format, kilobytes, times.min() ?? 0))
        }
    }
}
