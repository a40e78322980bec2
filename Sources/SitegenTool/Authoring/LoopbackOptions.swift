import ArgumentParser

/// Where a server for this machine alone listens, and what it is called.
struct LoopbackOptions: ParsableArguments {
    @Option(help: "The port on 127.0.0.1; 4000 for watch and 8080 for demo unless set.")
    var port: Int?

    @Option(
        help: """
            A name this server answers to besides localhost, 127.0.0.1 and [::1], for a tunnel or \
            a proxy; others get 421. May be given many times.
            """)
    var host: [String] = []

    func validate() throws {
        guard (0...65_535).contains(port ?? 0) else {
            throw ValidationError("--port must be between 0 and 65535.")
        }
    }
}
