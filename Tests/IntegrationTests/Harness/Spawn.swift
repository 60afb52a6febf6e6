import Foundation
import Glibc

/// What `posix_spawn` needs to know.
///
/// The child gets no descriptor of ours but its three, and every signal at its default, whatever
/// the test process does with them.
struct Spawn {
    var program: String
    var arguments: [String]
    var folder: String?
    var environment: [String: String]
    var output: Int32
    var errors: Int32

    func start() throws -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
        unsafe posix_spawn_file_actions_adddup2(&actions, errors, 2)
        for descriptor in Int32(3)..<512 {
            unsafe posix_spawn_file_actions_addclose(&actions, descriptor)
        }
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        unsafe sigemptyset(&none)
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        let flags = Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF)
        unsafe posix_spawnattr_setflags(&attributes, flags)

        var identifier: pid_t = 0
        let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        var words = [program] + arguments
        if let folder { words = ["env", "-C", folder] + words }
        let outcome = unsafe Self.withPointers(words) { arguments in
            unsafe Self.withPointers(variables.map { "\($0.key)=\($0.value)" }) { variables in
                unsafe posix_spawnp(
                    &identifier,
                    words[0],
                    &actions,
                    &attributes,
                    arguments,
                    variables
                )
            }
        }
        guard outcome == 0 else { throw Trouble.system(call: "spawn \(program)", errno: outcome) }
        return identifier
    }

    private static func withPointers<Outcome>(
        _ texts: [String],
        _ body: ([UnsafeMutablePointer<CChar>?]) -> Outcome
    ) -> Outcome {
        var pointers = unsafe texts.map { unsafe strdup($0) }
        unsafe pointers.append(nil)
        defer {
            for index in unsafe pointers.indices { unsafe free(pointers[index]) }
        }
        return unsafe body(pointers)
    }
}
