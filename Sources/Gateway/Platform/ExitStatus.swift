/// How a command ended, as the shell sees it.
enum ExitStatus: Int32, Sendable {
    case done = 0

    /// A check or a test failed, or the gateway could not go on.
    case failed = 1

    /// The command line or the configuration is wrong.
    case refused = 2
}
