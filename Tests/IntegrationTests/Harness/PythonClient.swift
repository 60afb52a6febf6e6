import Foundation

/// Programs of `Clients/`, run against a gateway.
enum PythonClient {
    /// The first Python that has the modules the programs import.
    private static let interpreter: String? = ["python3", "/usr/bin/python3"].first { program in
        let arguments = ["-c", "import requests, cryptography"]
        return (try? Command.run(program, arguments).status) == 0
    }

    /// Starts a program that goes on.
    static func start(_ name: String, _ arguments: [String]) throws -> ChildProcess {
        guard let interpreter else {
            throw Trouble.unavailable("no python3 with requests and cryptography")
        }
        return try ChildProcess(
            interpreter,
            [Built.client(name)] + arguments,
            environment: ["PYTHONDONTWRITEBYTECODE": "1"]
        )
    }

    /// Runs a program and reads the JSON it prints.
    static func run(_ name: String, _ arguments: [String], seconds: Double = 60) throws -> JSON {
        guard let interpreter else {
            throw Trouble.unavailable("no python3 with requests and cryptography")
        }
        let outcome = try Command.run(
            interpreter,
            [Built.client(name)] + arguments,
            environment: ["PYTHONDONTWRITEBYTECODE": "1", "no_proxy": "*"],
            seconds: seconds
        )
        guard outcome.status == 0 else {
            throw Trouble.unavailable("\(name): \(outcome.errors)")
        }
        return try JSON(parsing: Array(outcome.output.utf8))
    }
}
