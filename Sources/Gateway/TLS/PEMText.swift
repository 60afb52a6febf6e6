import COpenSSL

/// Text that OpenSSL writes into memory.
enum PEMText {
    /// Returns what `write` writes into the `BIO` at the address it is given.
    static func make(_ write: (UInt) -> Int32) throws(TLSFailure) -> String {
        guard let file = unsafe BIO_new(BIO_s_mem()) else {
            throw TLSFailure(.unavailable(because: OpenSSLErrors.drain()))
        }
        defer { unsafe BIO_free(file) }
        guard write(UInt(bitPattern: file)) == 1 else {
            throw TLSFailure(.unavailable(because: OpenSSLErrors.drain()))
        }
        var start: UnsafeMutablePointer<CChar>?
        let length = unsafe postern_BIO_get_mem_data(file, &start)
        let bytes = unsafe UnsafeRawBufferPointer(start: start, count: length)
        return unsafe String(decoding: bytes, as: UTF8.self)
    }
}
