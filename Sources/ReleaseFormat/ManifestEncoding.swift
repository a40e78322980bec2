// The bytes of a segment of a manifest, written: pools first, then records that name what is in
// them by number.
//
// It is the other side of `ManifestFormat`, which describes the bytes. Entries come sorted and
// checked.

import ContentEncoding
import Hashing

/// Encodes entries that are neighbours.
struct ManifestEncoding {
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
            texts.insert(Array(entry.source.route.utf8))
            for path in entry.source.assets { texts.insert(Array(path.utf8)) }
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

    func file() throws(ReleaseError) -> [UInt8] {
        var records = ByteWriter()
        var starts: [Int] = []
        for entry in entries {
            starts.append(records.bytes.count)
            append(entry, to: &records)
        }
        var writer = ByteWriter()
        writer.append(contentsOf: ManifestFormat.magic)
        writer.append(ManifestFormat.version)
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
        guard total <= ReleaseLimits.segmentBytesMax else {
            throw .limitExceeded(
                name: "bytes in one segment", value: total, limit: ReleaseLimits.segmentBytesMax)
        }
        let first = writer.bytes.count + 4 * starts.count
        for start in starts { writer.append(UInt32(first + start)) }
        writer.append(contentsOf: records.bytes)
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
        append(entry.source, isProvisional: entry.isProvisional, to: &writer)
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

    private func append(
        _ source: EntrySource, isProvisional: Bool, to writer: inout ByteWriter
    ) {
        writer.append(texts.number(source.view))
        writer.append(text: source.key)
        writer.append(texts.number(source.route))
        writer.append(
            (source.row == nil ? 0 : ManifestFormat.hasRowFlag)
                | (source.modified == nil ? 0 : ManifestFormat.hasDateFlag)
                | (source.isListed ? ManifestFormat.isListedFlag : 0)
                | (source.modified?.hasZone == true ? ManifestFormat.hasZoneFlag : 0)
                | (isProvisional ? ManifestFormat.isProvisionalFlag : 0))
        if let row = source.row { writer.append(contentsOf: row.bytes) }
        if let modified = source.modified {
            let bits = UInt64(bitPattern: modified.microseconds)
            writer.append(UInt32(truncatingIfNeeded: bits))
            writer.append(UInt32(truncatingIfNeeded: bits >> 32))
        }
        writer.append(UInt8(source.assets.count))
        for path in source.assets { writer.append(texts.number(path)) }
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
