import Testing

@testable import Gateway

@Suite("Errors that redirects tell")
struct AuthorizationErrorTests {
    static let locations: [(location: String, type: String?)] = [
        ("https://wallet.test/cb?error=access_denied&state=x", "access_denied"),
        ("https://wallet.test/cb?state=x&error=invalid_scope", "invalid_scope"),
        ("https://wallet.test/cb#error=login_required", "login_required"),
        ("https://wallet.test/cb?a=b#c=d&error=server_error", "server_error"),
        ("com.example.app:/cb?%65rror=access%5Fdenied", "access_denied"),
        ("/cb?error=access_denied", "access_denied"), ("?error=access_denied", "access_denied"),
        ("https://wallet.test/cb?error=s3cret", "authorization-error"),
        ("https://wallet.test/cb?error=", "authorization-error"),
        ("https://wallet.test/cb?error=access_denied%22", "authorization-error"),
        ("https://wallet.test/cb?code=x&state=error", nil),
        ("https://wallet.test/cb?error_description=x", nil), ("https://wallet.test/error=x", nil),
        ("https://wallet.test/cb#a?error=x", nil), ("", nil), ("#", nil), ("?", nil), ("?#", nil),
    ]

    @Test(
        "An error is found in query or fragment, and named when it is known",
        arguments: locations
    )
    func finds(_ location: String, _ type: String?) {
        let fault = AuthorizationError.fault(in: Array(location.utf8).span)
        #expect(fault.map { "\($0.type)" } == type)
    }
}
