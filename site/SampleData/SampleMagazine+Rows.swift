// The rows of a sample magazine, table by table in the order of the foreign keys.
//
// Numbers of images and photos are counted while writing, in the same order each time: marks,
// portraits, covers, then the views of the looks. Nothing is decided here.

import SiteAuthoring

extension SampleMagazine {
    /// Writes every table of the schema `fashion`.
    func write(to sink: inout some RowSink) throws {
        try writeEdition(to: &sink)
        try writeImages(to: &sink)
        try writePhotos(to: &sink)
        try writeWho(to: &sink)
        try writeCollections(to: &sink)
        try writeLooks(to: &sink)
        try writeViews(to: &sink)
        try writeBags(to: &sink)
    }

    private var portraitStart: Int { brands.count }
    private var coverStart: Int { portraitStart + people.count }
    private var viewStart: Int { coverStart + collections.count }

    private func writeEdition(to sink: inout some RowSink) throws {
        try sink.table(
            "fashion.edition", columns: ["slug", "number", "name", "letter", "as_of"])
        try sink.row([
            .text("issue-41"), .int(41), .text("The Winter Issue"),
            .text(
                "We have spent the autumn looking at linings. What a coat says to the street is "
                    + "one thing; what it says to the person inside it is the subject of this "
                    + "issue."
            ), .timestamp(secondsSince1970: Self.asOf),
        ])
    }

    private func writeImages(to sink: inout some RowSink) throws {
        try sink.table(
            "fashion.image",
            columns: ["id", "file", "width", "height", "kind", "seed", "palette"])
        var id = 0
        func row(
            _ name: String, _ kind: String, _ size: (width: Int, height: Int), _ seed: Int,
            _ palette: Int, _ sink: inout some RowSink
        ) throws {
            id += 1
            try sink.row([
                .int(id), .text("/artwork/\(name).svg"), .int(size.width), .int(size.height),
                .text(kind), .int(seed), .int(palette),
            ])
        }
        for (index, brand) in brands.enumerated() {
            try row(
                "mark-" + brand.slug, "mark", Artwork.markSize, derived(1, index), index, &sink)
        }
        for (index, person) in people.enumerated() {
            try row(
                "portrait-" + person.slug, "portrait", Artwork.portraitSize, derived(2, index),
                index, &sink)
        }
        for collection in collections {
            try row(
                "cover-" + collection.slug, "cover", Artwork.coverSize, collection.seed,
                collection.palette, &sink)
        }
        for look in looks {
            for view in look.views {
                try row(
                    "look-\(look.slug)-\(view.rawValue)", view.rawValue, Artwork.lookSize,
                    look.seed, collections[look.collection].palette, &sink)
            }
        }
    }

    private func derived(_ kind: UInt64, _ index: Int) -> Int {
        var dice = SeededGenerator(seed: seed &* 1_000_003 &+ kind &* 7_919 &+ UInt64(index))
        return Int(dice.next() >> 2)
    }

    private func writePhotos(to sink: inout some RowSink) throws {
        try sink.table("fashion.photo", columns: ["id", "image_id", "caption"])
        var id = 0
        func row(_ caption: String, _ sink: inout some RowSink) throws {
            id += 1
            try sink.row([.int(id), .int(id), .text(caption)])
        }
        for brand in brands { try row("The mark of \(brand.name)", &sink) }
        for person in people { try row("Portrait of \(person.first) \(person.last)", &sink) }
        for collection in collections {
            try row("Figures from “\(collection.title)”, drawn side by side", &sink)
        }
        for look in looks {
            for view in look.views {
                let prefix =
                    switch view {
                    case .front: ""
                    case .back: ", from behind"
                    case .closeup: ", close up"
                    case .detail: ", a detail of the cloth"
                    }
                try row(look.alt + prefix, &sink)
            }
        }
    }

    private func writeWho(to sink: inout some RowSink) throws {
        try sink.table(
            "fashion.person",
            columns: [
                "id", "slug", "first_name", "last_name", "role", "city", "biography", "photo_id",
            ])
        for (index, person) in people.enumerated() {
            try sink.row([
                .int(index + 1), .text(person.slug), .text(person.first), .text(person.last),
                .text(person.role), .text(person.city), .text(person.biography),
                .int(portraitStart + index + 1),
            ])
        }
        try sink.table(
            "fashion.brand",
            columns: ["id", "slug", "name", "city", "founded", "description", "photo_id"])
        for (index, brand) in brands.enumerated() {
            try sink.row([
                .int(index + 1), .text(brand.slug), .text(brand.name), .text(brand.city),
                .int(brand.founded), .text(brand.description), .int(index + 1),
            ])
        }
        try sink.table(
            "fashion.season", columns: ["id", "slug", "name", "position", "description"])
        for (index, season) in seasons.enumerated() {
            try sink.row([
                .int(index + 1), .text(season.slug), .text(season.name),
                .int(seasons.count - index), .text(season.description),
            ])
        }
    }

    private func writeCollections(to sink: inout some RowSink) throws {
        try sink.table("fashion.album", columns: ["id"])
        for index in collections.indices { try sink.row([.int(index + 1)]) }
        try sink.table(
            "fashion.collection",
            columns: [
                "id", "slug", "title", "subtitle", "description", "brand_id", "season_id",
                "author_id", "album_id", "cover_photo_id", "social_photo_id", "rating",
                "date_created", "date_published", "date_modified", "date_expired", "date_deleted",
            ])
        for (index, item) in collections.enumerated() {
            let cover = SampleValue.int(coverStart + index + 1)
            try sink.row([
                .int(index + 1), .text(item.slug), .text(item.title), text(item.subtitle),
                .text(item.description), .int(item.brand + 1), .int(item.season + 1),
                .int(item.author + 1), .int(index + 1), cover, cover, .int(item.rating),
                .timestamp(secondsSince1970: item.created), time(item.published),
                .timestamp(secondsSince1970: item.modified),
                time(item.expired), time(item.deleted),
            ])
        }
    }

    private func writeLooks(to sink: inout some RowSink) throws {
        try sink.table(
            "fashion.look",
            columns: [
                "id", "collection_id", "slug", "name", "description", "cloth", "colour", "rating",
                "position", "date_published", "date_expired", "date_deleted",
            ])
        for (index, look) in looks.enumerated() {
            try sink.row([
                .int(index + 1), .int(look.collection + 1), .text(look.slug), .text(look.name),
                .text(look.description), .text(look.cloth), .text(look.colour), .int(look.rating),
                .int(look.position), time(look.published), time(look.expired), time(look.deleted),
            ])
        }
        try sink.table(
            "fashion.album_looks", columns: ["id", "album_id", "look_id", "position"])
        var id = 0
        for (index, collection) in collections.enumerated() {
            for (position, look) in collection.album.enumerated() {
                id += 1
                try sink.row([.int(id), .int(index + 1), .int(look + 1), .int(position + 1)])
            }
        }
    }

    private func writeViews(to sink: inout some RowSink) throws {
        try sink.table("fashion.viewtypes", columns: ["code", "name"])
        for view in Artwork.View.allCases {
            try sink.row([
                .text(Self.code(view)), .text(Phrasebook.capitalized(view.rawValue)),
            ])
        }
        try sink.table("fashion.view", columns: ["id", "look_id", "photo_id", "type", "position"])
        var id = 0
        for (index, look) in looks.enumerated() {
            for (position, view) in look.views.enumerated() {
                id += 1
                try sink.row([
                    .int(id), .int(index + 1), .int(viewStart + id), .text(Self.code(view)),
                    .int(position + 1),
                ])
            }
        }
    }

    private func writeBags(to sink: inout some RowSink) throws {
        try sink.table("fashion.bag", columns: ["token", "date_created"])
        for (visitor, bag) in Self.bags.enumerated() {
            try sink.row([
                .text(bag.token), .timestamp(secondsSince1970: Self.asOf - visitor * 9_000),
            ])
        }
        try sink.table(
            "fashion.bag_item", columns: ["id", "bag_token", "look_id", "quantity", "position"])
        var id = 0
        for bag in Self.bags {
            for position in 1...bag.pieces where id * 3 < looks.count {
                id += 1
                try sink.row([
                    .int(id), .text(bag.token), .int(id * 3 - 2), .int(1 + position % 2),
                    .int(position),
                ])
            }
        }
    }

    /// Visitors with something in their bags; `bag=demo` is the cookie of the first.
    private static let bags = [
        (token: "demo", pieces: 3), (token: "demo-two", pieces: 1),
        (token: "demo-three", pieces: 2),
    ]

    private static func code(_ view: Artwork.View) -> String {
        switch view {
        case .front: "fr"
        case .back: "bk"
        case .closeup: "cu"
        case .detail: "dt"
        }
    }

    private func text(_ value: String?) -> SampleValue { value.map(SampleValue.text) ?? .null }

    private func time(_ value: Int?) -> SampleValue {
        value.map(SampleValue.timestamp(secondsSince1970:)) ?? .null
    }
}
