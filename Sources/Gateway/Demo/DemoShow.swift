/// The running demonstration: the gateway, what to paste, and the events as they come.
struct DemoShow {
    let scene: DemoScene

    /// Runs until the gateway is told to stop.
    func run() throws(DemoFailure) -> ExitStatus {
        let calls = try DemoCalls(scene: scene, now: Clock.unixSeconds())
        let begin = Clock.unixMilliseconds()
        return GatewayRuntime.run(path: scene.configurationPath) { _ in
            StandardStream.output.write(introduction(calls))
            printEvents(since: begin)
        }
    }

    /// Prints events as they come, on a thread that ends with the process; those of an earlier
    /// start in the same folder are left out.
    private func printEvents(since milliseconds: Int64) {
        let path = scene.journalPath
        var wanted = EventListing.Filter()
        wanted.sinceMilliseconds = milliseconds
        let filter = wanted
        do throws(Errno) {
            try Thread(name: "events") {
                do throws(JournalFailure) {
                    try EventListing.run(
                        journalPath: path,
                        filter: filter,
                        follows: true,
                        emit: { line in
                            StandardStream.output.writeLine(String(decoding: line, as: UTF8.self))
                        },
                        isStopped: { StandardStream.output.isBroken }
                    )
                } catch {
                    StandardStream.error.writeLine("postern: events cannot be shown: \(error)")
                }
            }.detach()
        } catch {
            StandardStream.error.writeLine("postern: events cannot be shown: \(error)")
        }
    }

    private func introduction(_ calls: DemoCalls) -> String {
        var text = """
            postern \(ProductVersion.text) guards \(scene.acme.origin(port: scene.port)) and \
            \(scene.globex.origin(port: scene.port))
            everything it needs is in \(scene.folder.path)

            Paste these into a second terminal:

            """
        for (number, call) in calls.all.enumerated() {
            text += "\n# \(number + 1). \(call.shows)\n\(call.command)\n"
        }
        return text + """

            Health: curl -sS http://127.0.0.1:\(scene.adminPort)/readyz   (also /metrics)
            The events follow; Ctrl-C ends it.


            """
    }
}
