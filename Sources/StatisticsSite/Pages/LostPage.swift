import SiteAuthoring

/// The page for addresses that there are not.
struct LostPage: Component {
    let today: Int

    var view: HTML {
        PageFrame(title: "Not found", address: nil, today: today, made: "") {
            h1 { "Not found" }
            p { "Nothing is counted at this address." }
        }
    }
}
