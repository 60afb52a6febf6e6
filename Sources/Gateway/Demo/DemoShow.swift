/// The running demonstration: the gateway, what to paste, and the events as they come.
struct DemoShow {
    let scene: DemoScene

    /// Runs until the gateway is told to stop.
    func run() throws(DemoFailure) -> ExitStatus {
        let calls = try calls()
        StandardStream.output.write(introduction(calls))
        return .failed
    }

    private func calls() throws(DemoFailure) -> DemoCalls {
        DemoCalls(scene: scene, issuerToken: "", auditorToken: "", foreignToken: "")
    }

    private func introduction(_ calls: DemoCalls) -> String {
        var text = """
            postern \(VersionCommand.version) guards \(scene.acme.origin(port: scene.port)) and \
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
