// The pages of the site that is followed: rooms, floors, and one that has no row.
//
// Its rows change while `sitegen build --follow` runs; see follow.py and Benchmarks/follow.

import SiteAuthoring

struct TagName: Decodable, Sendable {
    let name: String
}

struct RoomLink: Decodable, Sendable {
    let slug: String
    let name: String
}

struct RoomPage: Page {
    let row: RoomPageRow

    static func path(_ row: RoomPageRow) -> String { "/rooms/\(row.slug)/" }

    var view: HTML {
        // A fault of a component, for the test that it ends one page and nothing else.
        if row.words == "trap" { fatalError("nobody can draw this room") }
        return html(.lang("en")) {
            head { title { row.name } }
            body {
                h1 { row.name }
                p { row.floor }
                p { row.words }
                ul { for tag in row.tags { li { tag.name } } }
            }
        }
    }
}

struct FloorPage: Page {
    let row: FloorPageRow

    static func path(_ row: FloorPageRow) -> String { "/floors/\(row.id)/" }

    var view: HTML {
        html(.lang("en")) {
            head { title { row.name } }
            body {
                h1 { row.name }
                img(.src(asset("floor.svg")), .alt("A floor"), .width(80), .height(40))
                ul {
                    for room in row.rooms { li { a(.href("/rooms/\(room.slug)/")) { room.name } } }
                }
            }
        }
    }
}

struct StartPage: StaticPage {
    static let path = "/"

    var view: HTML {
        html(.lang("en")) {
            head { title { "House" } }
            body { p { "Rooms that change." } }
        }
    }
}

let site = Site(
    title: "House", origin: Origin(literal: "https://house.example"),
    routes: [.page(StartPage.self), .pages(RoomPage.self), .pages(FloorPage.self)])
