import MaterializedViews
import ReleaseFormat
import Spooling

/// The rows that a release was made from, in the order of their views' names and their keys.
struct KnownRows: ~Copyable {
    /// One row of the release, and the path of a page that was made from it.
    struct Row {
        let key: ArraySlice<UInt8>
        let digest: RowDigest?
        /// A file that the page names and that has changed; nil if none has.
        let changedFile: String?
        let path: ArraySlice<UInt8>
    }

    private var records: SortedRecords
    /// The name of the view that is read, and the byte that ends it.
    private var view: [UInt8] = []

    /// Finds the rows of these views in a manifest: one for each page.
    init(
        of views: Set<String>, in manifest: StoredManifest, changed: ChangedFiles = .none,
        spoolingIn spools: SpoolFolder
    ) throws {
        var sorter = RecordSorter(in: spools)
        var outlines = manifest.outlines()
        while let outline = try outlines.next() {
            guard let digest = outline.row, views.contains(outline.view) else { continue }
            var value = ByteWriter()
            value.append(contentsOf: digest.bytes)
            value.append(text: changed.first(in: outline.reads) ?? "")
            value.append(contentsOf: outline.path)
            try sorter.add(key: ViewKey.bytes(outline.view, outline.key), value: value.bytes)
        }
        records = try sorter.sorted()
    }

    /// Goes on to the rows of a view; names come in the order of their bytes.
    mutating func begin(_ view: String) throws {
        self.view = ViewKey.bytes(view, [])
        while let record = records.first, record.key.lexicographicallyPrecedes(self.view) {
            _ = try records.next()
        }
    }

    /// The next row of the view; nil at its end.
    var first: Row? {
        guard let record = records.first, record.key.starts(with: view) else { return nil }
        var reader = ByteReader(record.value, RowDigest.byteCount..<record.value.count)
        let file = (try? reader.text()) ?? ""
        return Row(
            key: record.key.dropFirst(view.count),
            digest: RowDigest(bytes: record.value.prefix(RowDigest.byteCount)),
            changedFile: file.isEmpty ? nil : file, path: record.value[reader.position...])
    }

    /// Passes over the next row.
    mutating func drop() throws { _ = try records.next() }
}
