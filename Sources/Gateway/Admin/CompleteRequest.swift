/// A request that was read whole, for the listeners that see few of them.
struct CompleteRequest: Sendable {
    /// The method as sent.
    var method: String

    /// The path of the target as sent.
    var path: String

    /// What follows `?`, without it.
    var query = ""

    /// The host asked for, lower-case and without a port.
    var host = ""

    /// Lower-case names and their values, in the order sent.
    var fields: [(name: String, value: String)] = []
    var body: [UInt8] = []

    /// Whether the connection ends after the answer.
    var wantsClose = false

    /// The value of a field that stands exactly once.
    func onlyValue(of name: String) -> String? {
        let found = fields.filter { $0.name == name }
        return found.count == 1 ? found[0].value : nil
    }
}
