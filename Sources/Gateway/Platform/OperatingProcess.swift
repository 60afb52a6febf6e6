import CLinux
import Glibc

/// This process, as the operating system sees it.
enum OperatingProcess {
    /// Ends the process with an exit status, at once.
    ///
    /// Nothing is buffered that exit handlers would have to write, and those of OpenSSL would take
    /// away what threads that still run use.
    static func exit(_ status: Int32) -> Never { _exit(status) }

    /// The value of an environment variable.
    static func environment(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }

    /// Makes a write to a peer that has gone away an error instead of the process's end.
    static func ignoreBrokenPipes() { _ = signal(SIGPIPE, SIG_IGN) }

    /// Allows as many open descriptors as the system lets this process have.
    static func raiseDescriptorLimit() {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(7), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        _ = unsafe setrlimit(__rlimit_resource_t(7), &limit)
    }

    /// CPU time used so far, user and system, in seconds.
    static func cpuSeconds() -> Double {
        var usage = rusage()
        guard unsafe getrusage(RUSAGE_SELF.rawValue, &usage) == 0 else { return 0 }
        let seconds = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
        let microseconds = usage.ru_utime.tv_usec + usage.ru_stime.tv_usec
        return Double(seconds) + Double(microseconds) / 1_000_000
    }

    /// Memory that is resident, in bytes: the second number of `/proc/self/statm`, in pages.
    static func residentBytes() -> UInt64 {
        let numbers = read("/proc/self/statm").split(separator: " ")
        let pages = numbers.count > 1 ? UInt64(numbers[1]) ?? 0 : 0
        return pages * UInt64(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// How many descriptors are open.
    static func openDescriptors() -> UInt64 {
        guard let folder = unsafe opendir("/proc/self/fd") else { return 0 }
        defer { unsafe closedir(folder) }
        var count: UInt64 = 0
        while unsafe readdir(folder) != nil { count += 1 }
        // Neither `.`, `..` nor the folder itself.
        return max(count, 3) - 3
    }

    /// The most descriptors that may be open.
    static func descriptorsMax() -> UInt64 {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(7), &limit) == 0 else { return 0 }
        return UInt64(limit.rlim_cur)
    }

    private static func read(_ path: String) -> String {
        let number = unsafe open(path, O_RDONLY)
        guard number >= 0 else { return "" }
        let file = FileDescriptor(owning: number)
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = unsafe bytes.withUnsafeMutableBytes {
            unsafe Glibc.read(file.number, $0.baseAddress, $0.count)
        }
        return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
    }
}
