// Makes a manifest of entries that come in any order, from any thread's results.
//
// Texts and header blocks are numbered by their sorted bytes, records sorted by path, so the file
// depends on the entries alone. Strings are compared by their bytes throughout: Swift's own
// comparison takes some different bytes for equal.

import ContentEncoding
import Hashing

/// Collects entries in any order and makes a manifest of them.
package struct ManifestBuilder: Sendable {
    private var entries: [Entry] = []

    /// Starts with no entries.
    package init() {}

    /// Adds an entry; checks of it happen in `finish`, which knows all of them.
    package mutating func add(_ entry: Entry) { entries.append(entry) }

    /// Sorts, checks and encodes the entries.
    ///
    /// The bytes do not depend on the order in which entries were added.
    ///
    /// - Parameters:
    ///   - hasTree: whether the release will have a plain tree of files.
    ///   - recipe: how the stored forms were made; see `Manifest.recipe`.
    /// - Returns: the manifest, read back from its bytes.
    /// - Throws: `.pathInvalid`, `.duplicatePath` with both sources, `.entryInvalid`,
    ///   `.limitExceeded`.
    package consuming func finish(
        hasTree: Bool = false, recipe: UInt8 = 0
    ) throws(ReleaseError) -> Manifest {
        guard entries.count <= ReleaseLimits.entriesMax else {
            throw .limitExceeded(
                name: "entries", value: entries.count, limit: ReleaseLimits.entriesMax)
        }
        for entry in entries { try entry.check() }
        let sorted = entries.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        for (one, next) in zip(sorted, sorted.dropFirst())
        where one.path.utf8.elementsEqual(next.path.utf8) {
            throw .duplicatePath(path: one.path, first: one.source, second: next.source)
        }
        let missing = sorted.filter { $0.kind == .notFound }
        if missing.count > 1 {
            throw .duplicatePath(
                path: missing[1].path, first: missing[0].source, second: missing[1].source)
        }
        return try Manifest(bytes: ManifestEncoding(sorted).file(hasTree: hasTree, recipe: recipe))
    }
}

/// The encoder: pools first, then records that name them by number.
private struct ManifestEncoding {
    private let entries: [Entry]
    private let texts: NumberedBytes
    private let blocks: NumberedBytes
    private let blockFields: [[UInt8]: HeaderBlock]

    init(_ entries: [Entry]) {
        self.entries = entries
        var texts: Set<[UInt8]> = []
        var blocks: [[UInt8]: HeaderBlock] = [:]
        for entry in entries {
            texts.insert(Array(entry.contentType.utf8))
            texts.insert(Array(entry.source.view.utf8))
            for binding in entry.slots?.bindings ?? [] {
                texts.insert(Array(binding.name.utf8))
                if case .perVisitor(let cookie) = binding.scope {
                    texts.insert(Array(cookie.utf8))
                }
            }
            if blocks.updateValue(entry.headers, forKey: entry.headers.rendered) == nil {
                for field in entry.headers.fields {
                    texts.insert(Array(field.name.utf8))
                    texts.insert(Array(field.value.utf8))
                }
            }
        }
        self.texts = NumberedBytes(texts)
        self.blocks = NumberedBytes(blocks.keys)
        blockFields = blocks
    }

    func file(hasTree: Bool, recipe: UInt8) throws(ReleaseError) -> [UInt8] {
        var records = ByteWriter()
        var starts: [Int] = []
        for entry in entries {
            starts.append(records.bytes.count)
            append(entry, to: &records)
        }
        var writer = ByteWriter()
        writer.append(contentsOf: ManifestFormat.magic)
        writer.append(ManifestFormat.version)
        writer.append(
            (hasTree ? ManifestFormat.treeFlag : 0)
                | UInt32(recipe) << ManifestFormat.recipeShift)
        for count in [texts.sorted.count, blocks.sorted.count, entries.count] {
            writer.append(UInt32(count))
        }
        for text in texts.sorted {
            writer.append(UInt32(text.count))
            writer.append(contentsOf: text)
        }
        for block in blocks.sorted {
            let fields = blockFields[block]?.fields ?? []
            writer.append(UInt16(fields.count))
            for field in fields {
                writer.append(texts.number(field.name))
                writer.append(texts.number(field.value))
            }
        }
        let total = writer.bytes.count + 4 * starts.count + records.bytes.count
        guard total + SHA256Digest.byteCount <= ReleaseLimits.manifestBytesMax else {
            throw .limitExceeded(
                name: "manifest bytes", value: total, limit: ReleaseLimits.manifestBytesMax)
        }
        let first = writer.bytes.count + 4 * starts.count
        for start in starts { writer.append(UInt32(first + start)) }
        writer.append(contentsOf: records.bytes)
        writer.append(SHA256Digest(of: writer.bytes))
        return writer.bytes
    }

    private func append(_ entry: Entry, to writer: inout ByteWriter) {
        writer.append(text: entry.path)
        writer.append(entry.kind.code)
        writer.append(entry.cachePolicy.rawValue)
        writer.append(texts.number(entry.contentType))
        writer.append(blocks.number(entry.headers.rendered))
        writer.append(entry.digest)
        if case .redirect(let target, _) = entry.kind { writer.append(text: target) }
        writer.append(UInt8(entry.representations.count))
        for form in entry.representations {
            writer.append(form.coding.rawValue)
            writer.append(form.blob)
            writer.append(UInt32(form.length))
        }
        writer.append(texts.number(entry.source.view))
        writer.append(text: entry.source.key)
        guard let table = entry.slots else {
            writer.append(UInt8(0))
            return
        }
        let layout = table.layout
        writer.append(
            ManifestFormat.isSlottedFlag
                | (layout.brotli == nil ? 0 : ManifestFormat.hasBrotliFlag)
                | (layout.takesTail ? ManifestFormat.takesTailFlag : 0))
        writer.append(UInt8(layout.slots.count))
        writer.append(UInt8(table.tailCount))
        writer.append(layout.length)
        writer.append(layout.crcOfBlank)
        for slot in layout.slots {
            for number in [slot.start, slot.capacity, slot.fallbackCRC] { writer.append(number) }
            writer.append(slot.form.rawValue)
        }
        for binding in table.bindings {
            writer.append(texts.number(binding.name))
            writer.append(text: binding.key)
            switch binding.scope {
            case .shared: writer.append(ManifestFormat.noText)
            case .perVisitor(let cookie): writer.append(texts.number(cookie))
            }
        }
        for run in table.layout.gzip + (table.layout.brotli ?? []) {
            writer.append(run.lowerBound)
            writer.append(run.upperBound)
        }
    }
}

/// Byte strings numbered in the order of their bytes.
private struct NumberedBytes {
    let sorted: [[UInt8]]
    private let numbers: [[UInt8]: UInt32]

    init(_ values: some Collection<[UInt8]>) {
        sorted = values.sorted { $0.lexicographicallyPrecedes($1) }
        var numbers: [[UInt8]: UInt32] = [:]
        for (number, value) in sorted.enumerated() { numbers[value] = UInt32(number) }
        self.numbers = numbers
    }

    func number(_ value: [UInt8]) -> UInt32 {
        guard let number = numbers[value] else {
            preconditionFailure("every text and block was collected before")
        }
        return number
    }

    func number(_ text: String) -> UInt32 { number(Array(text.utf8)) }
}
