import AccessRecords

/// How to spool.
package struct SpoolOptions: Sendable {
    /// The folder.
    package var folder: String
    /// What it may hold.
    package var bytesMax = AccessLimits.spoolBytesMax
    /// How often what was recorded is brought to disk; nil leaves that to the system.
    package var syncSeconds: Int?
    /// What tells of views.
    package var viewsFrom = ViewSource.answers

    /// A spool in a folder.
    package init(folder: String) { self.folder = folder }
}
