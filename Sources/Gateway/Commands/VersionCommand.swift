/// `postern version`.
enum VersionCommand {
    static let command = Command(
        name: "version",
        usage: "",
        summary: "the version of this program and of the TLS library it runs with",
        run: run
    )

    static func run(_ arguments: [String]) throws(UsageFailure) -> ExitStatus {
        _ = try ArgumentReader().read(arguments)
        let library = OpenSSLLibrary.version
        StandardStream.output.writeLine("postern \(ProductVersion.text) with \(library)")
        return .done
    }
}
