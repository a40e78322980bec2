// The limits of everything that comes from or goes to a Redis server.
//
// hiredis 0.14.1 has none of its own but a nesting of 7: a reply that announces 2 GB is buffered
// until the memory is gone. These numbers are what the module refuses beyond; they are far above
// what a fragment needs, and the fragment's own limit (64 KiB) is checked by its own module.

/// The limits of commands, replies and addresses.
package enum RedisLimits {
    /// The longest string a reply may hold, in bytes; `RedisReplyReader` cuts a longer one short.
    static let bulkBytesMax = 8 << 20
    /// The most bytes of one whole reply, with what each member costs besides.
    static let replyBytesMax = 32 << 20
    /// How many bytes of one reply may wait for the rest of a string.
    static let bufferedBytesMax = 16 << 20
    /// The longest line, in bytes with its end: a status, an error, a number, a length.
    static let lineBytesMax = 16 << 10
    /// The most members of one whole reply, all its arrays together.
    static let elementsMax = 65_536
    /// How deep arrays may nest; hiredis itself stops at 7.
    package static let nestingMax = 4
    /// The most arguments of one command, its name included.
    static let argumentsMax = 4_096
    /// The most commands of one pipeline.
    static let pipelineMax = 4_096
    /// The longest URL, in bytes.
    static let urlBytesMax = 2_048
    /// The longest path of a Unix socket (`sun_path` of unix(7) less its NUL), in bytes.
    package static let socketPathBytesMax = 107
}
