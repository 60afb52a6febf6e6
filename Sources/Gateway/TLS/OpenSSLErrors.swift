import COpenSSL

/// The calling thread's queue of OpenSSL errors.
///
/// An error left in the queue is taken for the outcome of the next call on that thread, of another
/// connection perhaps, so whoever sees a failure empties it.
enum OpenSSLErrors {
    /// Empties the queue.
    static func clear() { ERR_clear_error() }

    /// Empties the queue and returns the reason of its first error.
    static func drain() -> String {
        let code = ERR_get_error()
        ERR_clear_error()
        guard code != 0, let reason = unsafe ERR_reason_error_string(code) else {
            return "unknown reason"
        }
        return unsafe String(cString: reason)
    }
}
