/// The version of this program.
enum ProductVersion {
    static let text = "0.1.0"
}
