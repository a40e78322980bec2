import ContentEncoding
import Fragments
import Glibc
import Hashing

/// A fragment that may be spliced, and the version of its content.
///
/// A class, so that taking one from a table costs one reference and equality can be identity.
final class ReadyFragment: Sendable {
    /// What the splicer takes.
    package let prepared: PreparedFragment
    /// The first 16 bytes of the SHA-256 of the HTML.
    let version: [UInt8]
    /// The compressed forms that were proven.
    let runs: FragmentRuns

    /// Checks and prepares a fragment's HTML, to be sent raw; nil if it must not be shown.
    package convenience init?(_ html: [UInt8]) {
        do throws(FragmentRefusal) {
            try self.init(html, runs: .none, version: FragmentRecord.contentHash(of: html))
        } catch {
            return nil
        }
    }

    /// Checks a fragment's HTML, proves its runs by decoding them, and prepares both.
    init(
        _ html: [UInt8], runs: FragmentRuns, version: [UInt8]
    ) throws(FragmentRefusal) {
        guard FragmentCheck.fault(in: html) == nil else { throw .html }
        do throws(EncodingError) {
            prepared = try PreparedFragment(html, runs: runs)
        } catch .runMismatch {
            throw .runs
        } catch {
            throw .html
        }
        self.version = version
        self.runs = runs
    }
}
