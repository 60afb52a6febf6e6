import CLinux

/// The memory of this process.
enum ProcessMemory {
    /// Gives back to the system what was freed, which the allocator would keep for later.
    ///
    /// To read a configuration takes several times what is kept of it. It walks the heap: never on an
    /// event loop.
    static func giveBack() { _ = malloc_trim(0) }
}
