// The certificate of a server, read from files and replaced while connections go on.
//
// A connection keeps the context it began with; `reload` changes what the next one begins with. TLS
// is 1.2 at least, with ciphers that HTTP/2 does not forbid, and h2 is offered before HTTP/1.1. A
// key that does not belong to its certificate is refused before anything is replaced.

import NIOSSL
import Synchronization

/// Where the certificate and its key are, both in PEM.
package struct CertificateFiles: Equatable, Sendable {
    /// The file with the certificate first and then those that it rests on.
    package var chain: String
    /// The file with the private key.
    package var key: String

    /// Files at two paths.
    package init(chain: String, key: String) {
        self.chain = chain
        self.key = key
    }
}

/// What new connections begin TLS with.
final class Certificates: Sendable {
    private let files: CertificateFiles
    private let context: Mutex<NIOSSLContext>

    /// Reads the files.
    init(_ files: CertificateFiles) throws(ServingError) {
        self.files = files
        context = Mutex(try Self.context(files))
    }

    /// The context for a new connection.
    var current: NIOSSLContext { context.withLock { $0 } }

    /// Reads the files again; what was there stays if they cannot be used.
    func reload() throws(ServingError) {
        let read = try Self.context(files)
        context.withLock { $0 = read }
    }

    /// The suites of TLS 1.2; TLS 1.3 has no others.
    ///
    /// Ephemeral keys and authenticated encryption alone (RFC 9325 section 4.2); HTTP/2 forbids all
    /// else (RFC 9113, appendix A).
    private static let suites: [NIOTLSCipher] = [
        .TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, .TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        .TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, .TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        .TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        .TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    ]

    private static func context(_ files: CertificateFiles) throws(ServingError) -> NIOSSLContext {
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(files.chain)
            let key = try NIOSSLPrivateKey(file: files.key, format: .pem)
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
            configuration.minimumTLSVersion = .tlsv12
            configuration.shutdownTimeout = TLSConnection.endTime
            configuration.cipherSuiteValues = suites
            configuration.applicationProtocols = ["h2", "http/1.1"]
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw .certificateUnusable(chain: files.chain, key: files.key)
        }
    }
}
