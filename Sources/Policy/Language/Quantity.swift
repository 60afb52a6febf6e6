/// A whole number with a unit right behind it, such as `30s` or `8KB`.
public enum Quantity {
    /// Why a quantity was refused.
    public enum Failure: Error, Hashable, Sendable {
        /// It does not begin with a digit, or has a sign, a point or a second number.
        case noNumber

        /// The number has no unit.
        case noUnit

        /// The unit is none of those known; the nearest correct spelling of the whole.
        case unknownUnit(nearest: String?)

        /// It is more than fits.
        case tooLarge
    }

    static func parse(
        _ text: String,
        units: [(name: String, factor: Int)]
    ) throws(Failure) -> Int {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard !digits.isEmpty else { throw .noNumber }
        let name = String(text[digits.endIndex...])
        guard !name.isEmpty else { throw .noUnit }
        guard name.allSatisfy(\.isLetter) else { throw .noNumber }
        guard let unit = units.first(where: { $0.name == name }) else {
            let nearest = nearest(name, units.map(\.name))
            throw .unknownUnit(nearest: nearest.map { digits + $0 })
        }
        guard let number = Int(digits) else { throw .tooLarge }
        let (value, overflow) = number.multipliedReportingOverflow(by: unit.factor)
        guard !overflow else { throw .tooLarge }
        return value
    }

    /// The unit meant by another spelling, such as `kb`, `K` or `sec`.
    private static func nearest(_ name: String, _ known: [String]) -> String? {
        let name = name.lowercased()
        return known.first { $0.lowercased() == name }
            ?? known.first { $0.lowercased().hasPrefix(name) }
            ?? known.filter { name.hasPrefix($0.lowercased()) }.max { $0.count < $1.count }
    }

    static func describe(
        _ value: Int,
        _ units: [(name: String, factor: Int)],
        zero: String
    ) -> String {
        guard value != 0 else { return zero }
        for unit in units where value % unit.factor == 0 {
            return "\(value / unit.factor)\(unit.name)"
        }
        return "\(value)"
    }
}
