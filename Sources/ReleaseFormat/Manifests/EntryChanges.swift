// Entries to add to a manifest and paths to take out of it, put aside until they can be sorted.
//
// An entry is put aside as the record that a manifest has of it; texts and header blocks, of which
// a site has few, are numbered as they come and stay in memory.

import Spooling

/// Changes of a manifest, in any order.
struct EntryChanges: ~Copyable, Sendable {
    private static let removal: UInt8 = 0
    private static let addition: UInt8 = 1

    private var writer = RecordWriter(GrowingNumbers(), capacity: 512)
    private var records: RecordSorter

    init(in folder: SpoolFolder) { records = RecordSorter(in: folder) }

    /// Takes an entry that was checked.
    mutating func add(_ entry: Entry) throws(ReleaseError) {
        writer.removeAll()
        writer.append(Self.addition)
        writer.append(entry)
        let key = Array(entry.path.utf8)
        try ReleaseError.spooling { () throws(SpoolError) in
            try records.add(key: key, value: writer.bytes)
        }
    }

    /// Takes a path out.
    mutating func remove(_ path: String) throws(ReleaseError) {
        try ReleaseError.spooling { () throws(SpoolError) in
            try records.add(key: Array(path.utf8), value: [Self.removal])
        }
    }

    /// The changes in the order of their paths.
    consuming func sorted() throws(ReleaseError) -> Sorted {
        let numbers = writer.numbers
        do throws(SpoolError) {
            return Sorted(records: try records.sorted(), numbers: numbers)
        } catch {
            throw ReleaseError(error)
        }
    }

    /// Changes in the order of their paths, one after the other.
    struct Sorted: ~Copyable {
        private var records: SortedRecords
        private let numbers: GrowingNumbers

        fileprivate init(records: consuming SortedRecords, numbers: GrowingNumbers) {
            self.records = records
            self.numbers = numbers
        }

        /// The path of the next change; nil at the end.
        var path: [UInt8]? { records.first?.key }

        /// Gives the entry that is added next; nil for a path that is taken out, and at the end.
        mutating func next() throws(ReleaseError) -> Entry? {
            let record = try ReleaseError.spooling { () throws(SpoolError) in try records.next() }
            guard let record, record.value.first == EntryChanges.addition else { return nil }
            var reader = RecordReader(
                record.value, 1..<record.value.count, texts: numbers.texts,
                blocks: numbers.blocks)
            return try reader.entry()
        }
    }
}

/// Numbers texts and header blocks in the order in which they come.
private struct GrowingNumbers: EntryNumbers {
    private(set) var texts: [String] = []
    private(set) var blocks: [HeaderBlock] = []
    private var numbersOfTexts: [ByteKey: UInt32] = [:]
    private var numbersOfBlocks: [HeaderBlock: UInt32] = [:]

    mutating func number(of text: String) -> UInt32 {
        let key = ByteKey(text)
        if let number = numbersOfTexts[key] { return number }
        let number = UInt32(texts.count)
        texts.append(text)
        numbersOfTexts[key] = number
        return number
    }

    mutating func number(of block: HeaderBlock) -> UInt32 {
        if let number = numbersOfBlocks[block] { return number }
        let number = UInt32(blocks.count)
        blocks.append(block)
        numbersOfBlocks[block] = number
        return number
    }
}
