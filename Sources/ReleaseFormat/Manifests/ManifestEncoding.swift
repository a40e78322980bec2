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
    private let numbers: SortedNumbers
    private let blockFields: [[UInt8]: HeaderBlock]

    init(_ entries: [Entry]) {
        self.entries = entries
        var texts: Set<[UInt8]> = []
        var blocks: [[UInt8]: HeaderBlock] = [:]
        for entry in entries {
            texts.insert(Array(entry.contentType.utf8))
            texts.insert(Array(entry.source.view.utf8))
            texts.insert(Array(entry.source.route.utf8))
            for path in entry.source.assets + entry.source.reads {
                texts.insert(Array(path.utf8))
            }
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
        numbers = SortedNumbers(texts: NumberedBytes(texts), blocks: NumberedBytes(blocks.keys))
        blockFields = blocks
    }

    func file() throws(ReleaseError) -> [UInt8] {
        var records = ByteWriter()
        var starts: [Int] = []
        var numbers = numbers
        for entry in entries {
            starts.append(records.bytes.count)
            records.append(entry, numbers: &numbers)
        }
        var writer = ByteWriter()
        writer.append(contentsOf: ManifestFormat.magic)
        writer.append(ManifestFormat.version)
        for count in [numbers.texts.sorted.count, numbers.blocks.sorted.count, entries.count] {
            writer.append(UInt32(count))
        }
        for text in numbers.texts.sorted {
            writer.append(UInt32(text.count))
            writer.append(contentsOf: text)
        }
        for block in numbers.blocks.sorted {
            let fields = blockFields[block]?.fields ?? []
            writer.append(UInt16(fields.count))
            for field in fields {
                writer.append(numbers.number(of: field.name))
                writer.append(numbers.number(of: field.value))
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
}

/// Stands for the texts and header blocks of records by numbers.
protocol EntryNumbers {
    mutating func number(of text: String) -> UInt32
    mutating func number(of block: HeaderBlock) -> UInt32
}

extension ByteWriter {
    /// A record, as `ManifestFormat.record` reads it.
    mutating func append(_ entry: Entry, numbers: inout some EntryNumbers) {
        append(text: entry.path)
        append(entry.kind.code)
        append(entry.cachePolicy.rawValue)
        append(numbers.number(of: entry.contentType))
        append(numbers.number(of: entry.headers))
        append(entry.digest)
        if case .redirect(let target, _) = entry.kind { append(text: target) }
        append(UInt8(entry.representations.count))
        for form in entry.representations {
            append(form.coding.rawValue)
            append(form.blob)
            append(UInt32(form.length))
        }
        append(entry.source, isProvisional: entry.isProvisional, numbers: &numbers)
        guard let table = entry.slots else {
            append(UInt8(0))
            return
        }
        let layout = table.layout
        append(
            ManifestFormat.isSlottedFlag
                | (layout.brotli == nil ? 0 : ManifestFormat.hasBrotliFlag)
                | (layout.takesTail ? ManifestFormat.takesTailFlag : 0))
        append(UInt8(layout.slots.count))
        append(UInt8(table.tailCount))
        append(layout.length)
        append(layout.crcOfBlank)
        for slot in layout.slots {
            for number in [slot.start, slot.capacity, slot.fallbackCRC] { append(number) }
            append(slot.form.rawValue)
        }
        for binding in table.bindings {
            append(numbers.number(of: binding.name))
            append(text: binding.key)
            switch binding.scope {
            case .shared: append(ManifestFormat.noText)
            case .perVisitor(let cookie): append(numbers.number(of: cookie))
            }
        }
        for run in table.layout.gzip + (table.layout.brotli ?? []) {
            append(run.lowerBound)
            append(run.upperBound)
        }
    }

    private mutating func append(
        _ source: EntrySource, isProvisional: Bool, numbers: inout some EntryNumbers
    ) {
        append(numbers.number(of: source.view))
        append(text: source.key)
        append(numbers.number(of: source.route))
        append(
            (source.row == nil ? 0 : ManifestFormat.hasRowFlag)
                | (source.modified == nil ? 0 : ManifestFormat.hasDateFlag)
                | (source.isListed ? ManifestFormat.isListedFlag : 0)
                | (source.modified?.hasZone == true ? ManifestFormat.hasZoneFlag : 0)
                | (isProvisional ? ManifestFormat.isProvisionalFlag : 0))
        if let row = source.row { append(contentsOf: row.bytes) }
        if let modified = source.modified {
            let bits = UInt64(bitPattern: modified.microseconds)
            append(UInt32(truncatingIfNeeded: bits))
            append(UInt32(truncatingIfNeeded: bits >> 32))
        }
        append(UInt8(source.assets.count))
        for path in source.assets { append(numbers.number(of: path)) }
        append(UInt16(source.reads.count))
        for path in source.reads { append(numbers.number(of: path)) }
    }
}

/// The numbers of one segment: texts and blocks in the order of their bytes.
private struct SortedNumbers: EntryNumbers {
    let texts: NumberedBytes
    let blocks: NumberedBytes

    func number(of text: String) -> UInt32 { texts.number(Array(text.utf8)) }
    func number(of block: HeaderBlock) -> UInt32 { blocks.number(block.rendered) }
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
}
