// What tabs are told of files of public/ that pages and styles name by addresses that stay.
//
// What names a file by `asset()` has another address once the file is another, and needs no word.

import Groundwork
import SiteBuilding
import SiteServing
import SitegenCommands

extension WatchedSite {
    /// Tells the tabs that files of public/ are others now.
    ///
    /// - Parameters:
    ///   - paths: the files' paths from the root.
    ///   - folder: the folder of the site on its host.
    /// - Returns: the tabs whose pages name one of them.
    func show(files paths: Set<String>, in folder: String) -> ToldTabs {
        guard !paths.isEmpty else { return ToldTabs() }
        let addresses = Set(
            paths.map { PublicFile.path(of: String($0.dropFirst("public/".count)), under: folder) })
        files.note(addresses)
        var told = ToldTabs()
        for (number, tab) in tabs {
            show(changedSince: tab.files, in: number)
            let body = pages.page(tab.shown)?.body ?? []
            if addresses.contains(where: { Self.names($0, in: body) }) { told.tabs.insert(number) }
        }
        return told
    }

    /// Tells a tab which files changed behind a number.
    func show(changedSince known: Int, in number: Int) {
        let change = files.change(since: known)
        tabs[number]?.files = change.number
        tabs[number]?.events.yield(
            DevelopmentAnswer.message(event: change.event, data: JSONLine.text(change)))
    }

    /// Whether the address of a path stands in a page.
    private static func names(_ path: String, in body: [UInt8]) -> Bool {
        let address = PercentCoding.encoded(path.utf8) { PercentCoding.isPathByte($0) }
        return body.firstRange(of: address) != nil
    }
}
