// Which server writes a spool: 16 random bytes, made once for a folder and kept there.
//
// A machine that is copied, its disk and all, would go on under the same name. So the file says,
// too, on which machine it was made; on another one a new name is made, and that is told. The name
// of the host says nothing of that: a container has another one at each start.

import Glibc
internal import Hashing

/// The name of the server of a folder.
struct ServerName {
    let id: SpoolID
    /// Whether the folder was copied from another machine.
    let isCopied: Bool

    private static let fileName = "server"
    private static let fileBytes = SpoolID.byteCount + 8

    /// Reads the name, or makes it.
    init(of folder: AccessSpoolFolder) throws(SpoolFault) {
        let machine = Self.machine()
        let bytes = try folder.bytes(of: Self.fileName, max: Self.fileBytes + 1)
        if let bytes, bytes.count == Self.fileBytes,
            let id = SpoolID(bytes: bytes.prefix(SpoolID.byteCount)),
            bytes.suffix(8).elementsEqual(machine)
                || bytes.suffix(8).elementsEqual(Self.machine(withHost: true))
        {
            self.id = id
            isCopied = false
            return
        }
        id = SpoolID()
        isCopied = bytes != nil
        try folder.replace(Self.fileName, by: id.bytes + machine)
    }

    /// What tells machines apart: machine-id(5), hashed; in older files, the host's name before it.
    private static func machine(withHost: Bool = false) -> [UInt8] {
        var system = utsname()
        guard unsafe uname(&system) == 0,
            let key = SipHash.Key(bytes: [UInt8](repeating: 0, count: 16))
        else { return [UInt8](repeating: 0, count: 8) }
        var hash = SipHash(key)
        let name = unsafe withUnsafeBytes(of: system.nodename) { unsafe Array($0) }
        if withHost { hash.update(name) }
        let folder = AccessSpoolFolder("/etc")
        hash.update((try? folder.bytes(of: "machine-id", max: 64)) ?? nil ?? [])
        return SegmentFrame.bytes(hash.finish())
    }
}
