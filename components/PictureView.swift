// A picture with its size, so that nothing moves when it arrives.
//
// Decorative pictures have an empty alternative text: the words beside them say the same.
// There is one file per picture: drawings are vectors and sharp at any size.

import SiteAuthoring

/// When a picture is fetched.
enum Arrival {
    /// At once, before other pictures: the one large picture on top of a page.
    case first
    /// At once.
    case early
    /// When the reader comes near.
    case late
}

/// A picture.
struct PictureView: Component {
    let picture: Picture
    var arrival = Arrival.late
    /// The alternative text; a picture beside its own name has none.
    var isDecorative = false

    var view: HTML {
        img(
            .src(PagePath(picture.file)), .alt(isDecorative ? "" : picture.alt),
            .width(picture.width),
            .height(picture.height), arrival == .late ? .loading("lazy") : .none,
            .decoding("async"))
    }
}
