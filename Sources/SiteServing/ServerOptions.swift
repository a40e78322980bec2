// How a server is to be run: what its owner decides before it starts.
//
// Every member has a default but what is served where. Nothing here is read from arguments or the
// environment, and nothing is checked: `Server.start` does that.

package import AccessRecords
package import Redis
import ReleaseFormat

/// How to serve.
package struct ServerOptions: Sendable {
    /// The output folder whose current release is served.
    package var output: String
    /// Where to listen.
    package var address: ListenAddress
    /// The certificate for TLS and HTTP/2; nil serves HTTP/1.1 without TLS.
    package var certificate: CertificateFiles?
    /// How long browsers shall ask for this host over TLS alone, in seconds (RFC 6797).
    ///
    /// It is told on every answer over TLS: two years, as releases for `https:` addresses say. nil
    /// tells nothing; 0 has browsers forget what they were told.
    package var strictTransportSeconds: Int? = 63_072_000
    /// The Redis with the fragments; nil shows every fallback.
    package var redis: RedisURL?
    /// The event loops, at least 1.
    package var threads = 1
    /// The names this server answers to.
    package var hosts = ServedHosts.any
    /// Further names that a listener of operations on loopback answers to.
    package var operationsHosts: [String] = []
    /// The limits.
    package var limits = ServingLimits()
    /// Who may see anything at all; nil is everybody, to whom no preview is served.
    package var gate: VisitorGate?
    /// The form of a line for each answer; nil for no access log.
    package var accessLog: AccessLogFormat?
    /// How much of a client's address such a line has.
    package var loggedAddress = LoggedAddress.network
    /// Whom the server takes for its clients, in the log and in the spool.
    package var clients = ClientNaming()
    /// Where answers are recorded; nil for nowhere.
    package var spool: SpoolOptions?
    /// Takes lines of the access log, on any thread; must not block.
    package var onLogLines: @Sendable ([UInt8]) -> Void = { _ in }
    /// How many lines of the access log were lost since the beginning.
    package var lostLogLines: @Sendable () -> Int = { 0 }
    /// Where health, readiness and metrics are told; nil for nowhere.
    package var operations: ListenAddress?
    /// Whether pages ask browsers to report violated policies to `/-/csp`, and reports are taken.
    package var takesReports = false
    /// Whether Server-Timing says how long the fragments of a shared page took.
    package var tellsTiming = false
    /// Told what happens, on any thread; must not block.
    package var onEvent: @Sendable (ServerEvent) -> Void = { _ in }

    /// Whether a release may be shown to whom the server shows it.
    func mayServe(_ manifest: Manifest) -> Bool {
        gate != nil || !BuildInput.isPreview(manifest.inputs)
    }

    /// The line of Strict-Transport-Security; empty without TLS.
    var strictTransportLine: [UInt8] {
        guard certificate != nil, let seconds = strictTransportSeconds else { return [] }
        return Array("Strict-Transport-Security: max-age=\(seconds)\r\n".utf8)
    }

    /// Options with defaults for everything but what is served where.
    package init(output: String, address: ListenAddress, redis: RedisURL? = nil) {
        self.output = output
        self.address = address
        self.redis = redis
    }
}
