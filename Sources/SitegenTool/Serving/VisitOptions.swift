// What `serve` records of visits, and whom it takes for a visitor behind proxies. A field that
// names clients is believed of nobody unless its proxies are named, too: else any visitor could be
// another. Sizes and times that cannot be are refused before anything is opened.

import AccessRecords
import ArgumentParser
import SiteServing

/// The spool, and the address of a client.
struct VisitOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            A folder to record each answer in, for `sitegen log ingest`; without addresses and \
            User-Agents.
            """, valueName: "dir"))
    var accessSpool: String?

    @Option(help: "The bytes that --access-spool may hold; beyond it, answers are counted as lost.")
    var spoolMax = AccessLimits.spoolBytesMax

    @Option(
        help: """
            Bring what was recorded to disk every so many seconds, for the case that the machine \
            itself fails. The system does it in its own time unless set.
            """)
    var spoolSync: Int?

    @Option(
        help: ArgumentHelp(
            """
            The field in which proxies name their clients: x-forwarded-for, forwarded, or one that \
            has a single address. It counts from --trusted-proxy and Unix sockets alone.
            """, valueName: "field"))
    var clientAddress: ForwardedField?

    @Option(
        help: "A proxy's address, or a network of proxies (10.0.0.0/8). May be given many times.")
    var trustedProxy: [IPNetwork] = []

    @Option(
        help: ArgumentHelp(
            """
            What tells of views: answers, or beacon if another server keeps pages and answers for \
            this one; then pages need `Measured()`.
            """, valueName: "answers|beacon"))
    var viewsFrom = ViewSource.answers

    /// Checks what other options have a part in.
    func validate(threads: Int, listen: String) throws {
        if let spoolSync, spoolSync < 1 {
            throw ValidationError("--spool-sync must be 1 or more.")
        }
        guard spoolMax >= AccessLimits.spoolBytesMin * threads else {
            throw ValidationError(
                """
                --spool-max must be at least \(AccessLimits.spoolBytesMin * threads) bytes: \
                \(AccessLimits.spoolBytesMin) for each of --threads.
                """)
        }
        guard
            accessSpool != nil
                || spoolMax == AccessLimits.spoolBytesMax && spoolSync == nil
                    && viewsFrom == .answers
        else {
            throw ValidationError(
                "--spool-max, --spool-sync and --views-from need --access-spool.")
        }
        if clientAddress == nil {
            guard trustedProxy.isEmpty else {
                throw ValidationError(
                    "--trusted-proxy needs --client-address: the field that the proxies write.")
            }
        } else if trustedProxy.isEmpty, listen.contains(":"), !listen.hasPrefix("unix:"),
            !listen.hasPrefix("fd:")
        {
            throw ValidationError(
                "--client-address needs --trusted-proxy: else any client could name another.")
        }
    }

    func apply(to options: inout ServerOptions) {
        options.clients.field = clientAddress
        options.clients.trusted = trustedProxy
        options.spool = accessSpool.map { folder in
            var spool = SpoolOptions(folder: folder)
            spool.bytesMax = spoolMax
            spool.syncSeconds = spoolSync
            spool.viewsFrom = viewsFrom
            return spool
        }
    }
}

extension ForwardedField: ExpressibleByArgument {
    /// The field of a name; nil for what cannot be one.
    package init?(argument: String) {
        let name = argument.lowercased()
        guard !name.isEmpty, name.utf8.allSatisfy({ $0 == 0x2D || $0 == 0x5F || Self.isLetter($0) })
        else { return nil }
        switch name {
        case "x-forwarded-for": self = .xForwardedFor
        case "forwarded": self = .forwarded
        default: self = .named(name)
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
    }
}

extension ViewSource: ExpressibleByArgument {}

extension IPNetwork: ExpressibleByArgument {
    /// The network of a text.
    package init?(argument: String) { self.init(text: argument) }
}
