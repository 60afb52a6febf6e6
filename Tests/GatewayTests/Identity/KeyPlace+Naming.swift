@testable import Gateway

extension Configuration.KeyPlace {
    /// Keys at an address.
    static func url(_ url: String) -> Self { Self(.url(url)) }

    /// Keys in a file.
    static func file(_ path: String) -> Self { Self(.file(path)) }

    /// Keys that the issuer's metadata name.
    static func discovery(_ issuer: String) -> Self { Self(.discovery(issuer: issuer)) }

    /// The same keys with something else about them.
    func with(_ change: (inout Self) -> Void) -> Self {
        var place = self
        change(&place)
        return place
    }
}
