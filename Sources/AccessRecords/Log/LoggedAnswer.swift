/// What a line of the access log says; its texts are parts of what others hold.
package struct LoggedAnswer: Sendable {
    /// The client's address, or `-`.
    package var client: [UInt8]
    /// The words of the request line as they were sent, the path without its query.
    package var method: ArraySlice<UInt8>
    /// The second of them.
    package var path: ArraySlice<UInt8>
    /// The third.
    package var version: ArraySlice<UInt8>
    /// The status of the answer.
    package var status: Int
    /// The length of its body.
    package var bytes: Int
    /// The token of the coding; nil if there is no body of an entry.
    package var coding: String?
    /// The work for it, in microseconds.
    package var micros = 0
    /// The slots and how each came by what it showed.
    package var slots: [SlotRecord] = []
    /// User-Agent as it was sent.
    package var agent: ArraySlice<UInt8> = []
    /// Referer without its query.
    package var referer: ArraySlice<UInt8> = []

    /// What every line says.
    package init(
        client: [UInt8], method: ArraySlice<UInt8>, path: ArraySlice<UInt8>,
        version: ArraySlice<UInt8>, status: Int, bytes: Int
    ) {
        self.client = client
        self.method = method
        self.path = path
        self.version = version
        self.status = status
        self.bytes = bytes
    }
}
