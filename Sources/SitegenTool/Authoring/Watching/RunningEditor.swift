// The editor that the author has open, where no setting names one: a process of the same user that
// is known to take files from outside.
//
// Names of processes are what the system shows to everybody (proc(5)); nothing else of them is
// read.

import Glibc
import LocalFiles
import SiteWatching
import SitegenCommands

/// Finds the editor that runs.
enum RunningEditor {
    /// The longest name of a process, and some more.
    private static let nameBytesMax = 64

    /// What would stand in the setting; nil if no editor is known to run.
    static func setting() -> String? {
        EditorCommand.setting(forRunning: names()) { RunningProgram.path(of: $0) != nil }
    }

    /// The names of the processes of this user.
    private static func names() -> Set<String> {
        let entries = (try? LocalFolder.entries(of: "/proc", followsLinks: false)) ?? []
        var found: Set<String> = []
        for entry in entries {
            guard let number = entry.text.flatMap({ Int32($0) }) else { continue }
            var info = stat()
            guard unsafe stat("/proc/\(number)", &info) == 0, info.st_uid == geteuid(),
                let name = try? LocalFile("/proc/\(number)/comm").bytes(limit: nameBytesMax)
            else { continue }
            found.insert(String(decoding: name.prefix { $0 != 0x0A }, as: UTF8.self))
        }
        return found
    }
}
