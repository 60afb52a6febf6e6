extension EventsCommand {
    /// `postern events verify`: whether the segments are those that were sealed.
    static func verify(_ arguments: [String]) throws(UsageFailure) -> ExitStatus {
        let read = try ArgumentReader(valued: JournalChoice.options).read(arguments)
        return try JournalChoice(read).use { path throws(JournalFailure) in
            let verification: SealVerification
            do throws(Errno) {
                verification = try SealVerification(journalPath: path) { RunningSHA256() }
            } catch {
                throw .file(path: path, operation: .verify, reason: error)
            }
            if let fault = verification.fault {
                StandardStream.output.writeLine("altered: \(fault)")
                return .failed
            }
            StandardStream.output.writeLine(
                "\(verification.verified) segments are as they were sealed, "
                    + "\(verification.removed) were removed in their time, "
                    + "\(verification.open) are not sealed yet"
            )
            return .done
        }
    }
}
