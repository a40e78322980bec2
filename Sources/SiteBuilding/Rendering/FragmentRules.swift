// What a fragment may be: no slot, no script, no style that the pages lack, nothing that would end
// the page around it.
//
// A fragment that breaks a rule is never published and never previewed: its slot shows its
// fallback.

import Fragments
import Markup
import SiteAuthoring

/// The rules of fragments.
enum FragmentRules {
    /// The mistake of the fragment's code; nil if there is none.
    static func mistake(in rendered: RenderedFragment, of route: FragmentRoute) -> String? {
        if let fault = rendered.document.faults.first { return "\(fault)" }
        if !rendered.document.slots.isEmpty {
            return "it has a slot of its own; slots stand in pages only"
        }
        if let script = rendered.document.components.scripts.first {
            return "it uses \(script.name), which has a script; put the script into the page"
        }
        let missing = rendered.document.components.subtracting(route.styledComponents)
        if let style = missing.styles.first {
            return "it uses \(style.name), whose styles pages may lack; name the type in `uses`"
        }
        if route.lifetimeSeconds < 1 {
            return "`lifetimeSeconds` is \(route.lifetimeSeconds); write 1 or more"
        }
        return nil
    }

    /// What the row made of a fragment that its slot cannot take; nil if it can.
    static func unfit(_ rendered: RenderedFragment) -> String? {
        FragmentCheck.fault(in: rendered.document.bytes).map { "\($0)" }
    }
}
