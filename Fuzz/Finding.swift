import Foundation

/// Says what does not hold and ends the process, so that the fuzzer keeps the input.
func stop(_ broken: String) -> Never {
    FileHandle.standardError.write(Data("== broken: \(broken)\n".utf8))
    abort()
}
