import Glibc

/// The two clocks of the system.
enum Clock {
    /// Milliseconds of a clock that only goes forward; its zero means nothing.
    static func monotonicMilliseconds() -> Int64 { monotonicMicroseconds() / 1_000 }

    /// Microseconds of the same clock.
    static func monotonicMicroseconds() -> Int64 { read(CLOCK_MONOTONIC) / 1_000 }

    /// Milliseconds since 1970 in UTC.
    static func unixMilliseconds() -> Int64 { read(CLOCK_REALTIME) / 1_000_000 }

    /// Seconds since 1970 in UTC.
    static func unixSeconds() -> Int64 { read(CLOCK_REALTIME) / 1_000_000_000 }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        unsafe clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
