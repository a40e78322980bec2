package import Fragments
import ReleaseFormat
import ContentEncoding
import NIOCore

/// A page that needs fragments before it can be answered.
///
/// A class, because it is handed on several times and has much to refer to.
package final class PendingPage: Sendable {
    let head: RequestHead
    let release: ServedRelease
    let entry: ServedEntry
    let form: ServedForm
    let status: Int
    let keepsAlive: Bool
    /// When the question was asked; only counted if the answer is to tell.
    let began: NIODeadline
    /// The slots of the entry.
    let slots: ServedSlots
    /// The keys, one for each slot; nil needs no question, since it is the fallback.
    package let keys: [FragmentKey?]

    init(
        head: RequestHead, release: ServedRelease, entry: ServedEntry, slots: ServedSlots,
        form: ServedForm, status: Int, keepsAlive: Bool, began: NIODeadline
    ) {
        self.head = head
        self.release = release
        self.entry = entry
        self.form = form
        self.status = status
        self.keepsAlive = keepsAlive
        self.began = began
        self.slots = slots
        keys = slots.keys(for: head)
    }

    /// The stored page.
    var stored: StoredPiece { StoredFile(form.representation, of: release.reader).whole }
}
