// The certificate of a server, read from files and replaced while connections go on.
//
// A connection keeps the context it began with; `reload` changes what the next one begins with. TLS
// is 1.2 at least, and h2 is offered before HTTP/1.1. A key that does not belong to its certificate
// is refused before anything is replaced.

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

    private static func context(_ files: CertificateFiles) throws(ServingError) -> NIOSSLContext {
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(files.chain)
            let key = try NIOSSLPrivateKey(file: files.key, format: .pem)
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
            configuration.minimumTLSVersion = .tlsv12
            configuration.shutdownTimeout = TLSConnection.endTime
            configuration.applicationProtocols = ["h2", "http/1.1"]
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw .certificateUnusable(chain: files.chain, key: files.key)
        }
    }
}
