/// The entry point: it wires the parts together and nothing else.
@main
enum GatewayMain {
    static func main() {}
}
