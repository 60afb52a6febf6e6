extension MetricsSnapshot.Process {
    /// Asks the system about this process, which began at `startTime` (seconds since 1970).
    init(startedAt startTime: Double) {
        self.init(
            cpuSeconds: OperatingProcess.cpuSeconds(),
            residentBytes: OperatingProcess.residentBytes(),
            openDescriptors: OperatingProcess.openDescriptors(),
            descriptorsMax: OperatingProcess.descriptorsMax(),
            startTime: startTime
        )
    }
}
