// The bytes of a segment of a manifest, written: pools first, then records that name what is in
// them by number.
//
// It is the other side of `ManifestFormat`, which describes the bytes. Entries come sorted and
// checked.

/// Encodes entries that are neighbours.
struct ManifestEncoding {
    private let entries: [Entry]
    private let numbers: SortedNumbers
    private let blockFields: [ByteKey: HeaderBlock]

    init(_ entries: [Entry]) {
        self.entries = entries
        var pool = TextPool()
        for entry in entries { pool.take(entry) }
        blockFields = pool.blocks
        numbers = SortedNumbers(
            texts: NumberedBytes(pool.texts), blocks: NumberedBytes(pool.blocks.keys))
    }

    func file() throws(ReleaseError) -> [UInt8] {
        var records = RecordWriter(numbers)
        var starts: [Int] = []
        for entry in entries {
            starts.append(records.bytes.count)
            records.append(entry)
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
            let fields = blockFields[ByteKey(block)]?.fields ?? []
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

/// The texts and header blocks of some entries, each once.
private struct TextPool: RecordTextVisitor {
    private(set) var texts: Set<ByteKey> = []
    private(set) var blocks: [ByteKey: HeaderBlock] = [:]

    mutating func take(_ entry: Entry) {
        var entry = entry
        entry.fields(&self)
    }

    mutating func visit(_ text: String) { texts.insert(ByteKey(text)) }

    /// What stands in the record itself needs no number.
    mutating func text(_ value: inout String, _ field: RecordText) {}

    mutating func pooled(_ value: inout HeaderBlock) {
        guard blocks.updateValue(value, forKey: ByteKey(value.rendered)) == nil else { return }
        for field in value.fields {
            visit(field.name)
            visit(field.value)
        }
    }
}

/// The numbers of one segment: texts and blocks in the order of their bytes.
private struct SortedNumbers: EntryNumbers {
    let texts: NumberedBytes
    let blocks: NumberedBytes

    func number(of text: String) -> UInt32 { texts.number(ByteKey(text)) }
    func number(of block: HeaderBlock) -> UInt32 { blocks.number(ByteKey(block.rendered)) }
}

/// Byte strings numbered in the order of their bytes.
private struct NumberedBytes {
    let sorted: [[UInt8]]
    private let numbers: [ByteKey: UInt32]

    init(_ values: some Collection<ByteKey>) {
        sorted = values.map(\.bytes).sorted { $0.lexicographicallyPrecedes($1) }
        var numbers: [ByteKey: UInt32] = [:]
        for (number, value) in sorted.enumerated() { numbers[ByteKey(value)] = UInt32(number) }
        self.numbers = numbers
    }

    func number(_ value: ByteKey) -> UInt32 {
        guard let number = numbers[value] else {
            preconditionFailure("every text and block was collected before")
        }
        return number
    }
}
