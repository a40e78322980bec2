import Glibc

/// One event of inotify(7): what happened to a name in a watched folder.
struct FolderEvent {
    /// The number of the folder's watch; negative if events were lost.
    let watch: Int32
    /// The name; nil if it is the folder itself that the event is about, or no text.
    let name: String?
    private let mask: UInt32

    /// The bytes before the name: number, mask, cookie, length.
    private static let headBytes = 16

    /// Takes the next event of those that were read; nil if there is none.
    init?(_ bytes: inout ArraySlice<UInt8>) {
        guard bytes.count >= Self.headBytes else { return nil }
        let start = bytes.startIndex
        func word(_ place: Int) -> UInt32 {
            (0..<4).reduce(0) { value, byte in
                value | UInt32(bytes[start + place + byte]) << (8 * byte)
            }
        }
        let length = Int(word(12))
        guard bytes.count >= Self.headBytes + length else { return nil }
        watch = Int32(bitPattern: word(0))
        mask = word(4)
        let padded = bytes[(start + Self.headBytes)..<(start + Self.headBytes + length)]
        name = length == 0 ? nil : String(validating: padded.prefix { $0 != 0 }, as: UTF8.self)
        bytes = bytes[(start + Self.headBytes + length)...]
    }

    private func has(_ flag: Int32) -> Bool { mask & UInt32(flag) != 0 }

    /// Whether more happened than the system kept.
    var isOverflow: Bool { has(IN_Q_OVERFLOW) }
    /// Whether the name is a folder's.
    var isFolder: Bool { has(IN_ISDIR) }
    /// Whether the watch has ended, since its folder is gone.
    var isEnd: Bool { has(IN_IGNORED) }
    /// Whether the name is no more in this folder.
    var isGone: Bool { has(IN_MOVED_FROM) || has(IN_DELETE) }
}
