import COpenSSL

/// The OpenSSL that the program runs with.
enum OpenSSLLibrary {
    /// Its name, version and date.
    static var version: String {
        guard let text = unsafe OpenSSL_version(OPENSSL_VERSION) else { return "OpenSSL" }
        return unsafe String(cString: text)
    }
}
