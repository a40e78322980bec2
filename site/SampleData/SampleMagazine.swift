// A whole magazine of a given size, the same one for the same seed and size.
//
// Everything is decided in `init`, row by row in a fixed order; writing only writes. A few rows
// are on purpose not to be seen: drafts, looks of tomorrow, expired and deleted ones.

/// Sample rows for the schema `fashion`.
struct SampleMagazine {
    /// How large a magazine may be asked for.
    static let looksMax = 2_000_000
    /// The number of looks that makes a site of about a thousand pages.
    static let looksUsual = 800

    struct Person {
        let slug, first, last, role, city, biography: String
    }

    struct Brand {
        let slug, name, city: String
        let founded, hands: Int
        let description: String
    }

    struct Season {
        let slug, name, description: String
        let shown: Int
        let palettes: [Int]
    }

    struct Collection {
        let slug, title: String
        let subtitle: String?
        let description: String
        let brand, season, author, palette, rating: Int
        let created, modified: Int
        let published, expired, deleted: Int?
        let looks: Range<Int>
        let album: [Int]
        let seed: Int
    }

    struct Look {
        let slug, name, description, cloth, colour, alt: String
        let rating, position, collection: Int
        let published, expired, deleted: Int?
        let seed: Int
        let views: [Artwork.View]
    }

    /// Friday, 20 November 2026, six in the morning, UTC: the moment the edition shows.
    static let asOf = 1_795_154_400

    private(set) var people: [Person] = []
    private(set) var brands: [Brand] = []
    private(set) var seasons: [Season] = []
    private(set) var collections: [Collection] = []
    private(set) var looks: [Look] = []
    let seed: UInt64
    private var takenSlugs: [String: Int] = [:]
    private var takenTexts: Set<String> = []

    /// Decides on everything.
    ///
    /// - Parameters:
    ///   - count: 1 to `looksMax`; other numbers are brought into that range.
    ///   - seed: another seed is another magazine.
    init(looks count: Int = looksUsual, seed: UInt64 = 41) {
        let count = max(1, min(count, Self.looksMax))
        self.seed = seed
        var dice = SeededGenerator(seed: seed)
        makeSeasons(max(8, min(200, count / 90)), dice: &dice)
        makeBrands(max(14, min(239, count / 50)), dice: &dice)
        makePeople(max(12, min(200, count / 60)), dice: &dice)
        looks.reserveCapacity(count)
        var order = 0
        while looks.count < count {
            makeCollection(order, upTo: count, dice: &dice)
            order += 1
        }
        takenSlugs = [:]
        takenTexts = []
    }

    private mutating func makeSeasons(_ count: Int, dice: inout SeededGenerator) {
        for index in 0..<count {
            let kind = Names.seasonKinds[index % Names.seasonKinds.count]
            let year = 2026 - index / Names.seasonKinds.count
            let name = "\(kind.name) \(year + kind.lead)"
            var voice = Phrasebook(seed: dice.next())
            let months = (year - 1970) * 12 + kind.month - 1
            seasons.append(
                Season(
                    slug: slug(name), name: name, description: voice.say(kind.notes),
                    shown: months * 2_629_746 + 86_400 * dice.below(20),
                    palettes: [index % 12, (index * 5 + 3) % 12, (index * 7 + 8) % 12]))
        }
    }

    private mutating func makeBrands(_ count: Int, dice: inout SeededGenerator) {
        for index in 0..<count {
            let house = Names.houses[index % Names.houses.count]
            let round = index / Names.houses.count
            let kind = round == 0 && !house.contains("&") ? dice.below(3) : round
            let name = Names.houseKinds[kind % Names.houseKinds.count] + house
            var voice = Phrasebook(seed: dice.next())
            let city = dice.pick(Names.cities)
            let founded = 1874 + dice.below(140)
            let hands = 6 + dice.below(60)
            brands.append(
                Brand(
                    slug: unique(slug(name)), name: name, city: city, founded: founded,
                    hands: hands,
                    description: voice.say(
                        Phrases.houses,
                        [
                            "brand": name, "city": city, "founded": String(founded),
                            "hands": String(hands),
                        ])))
        }
    }

    private mutating func makePeople(_ count: Int, dice: inout SeededGenerator) {
        let firsts = Names.first.count
        for index in 0..<count {
            let first = Names.first[(index * 7) % firsts]
            let last = Names.last[(index * 11 + index / firsts * 3) % Names.last.count]
            let role = Names.roles[index % Names.roles.count]
            let city = dice.pick(Names.cities)
            var voice = Phrasebook(seed: dice.next())
            let name = first + " " + last
            people.append(
                Person(
                    slug: unique(slug(name)), first: first, last: last, role: role, city: city,
                    biography: voice.say(
                        Phrases.biographies,
                        [
                            "name": name, "last": last, "city": city,
                            "role": role.prefix(1).lowercased() + role.dropFirst(),
                        ])))
        }
    }

    private mutating func makeCollection(_ order: Int, upTo count: Int, dice: inout SeededGenerator)
    {
        let season = order % seasons.count
        let brand = (order / seasons.count * 5 + season * 3 + order / 60) % brands.count
        let house = brands[brand]
        let when = seasons[season]
        let palette = dice.pick(when.palettes)
        let size = min(count - looks.count, 12 + dice.below(29))
        let state = order < 8 ? 0 : dice.below(100)
        let published = when.shown + 86_400 * dice.below(24) + 3_600 * dice.below(10)
        let isLate = published > Self.asOf || state == 97
        var facts = [
            "brand": house.name, "city": dice.pick(Names.cities), "season": when.name,
            "hands": String(house.hands), "count": String(size),
            "age": String(2026 - house.founded), "early": String(2 + dice.below(8)),
            "ordinal": dice.pick(["third", "fifth", "ninth", "eleventh"]),
        ]
        let colours = Palette.numbered(palette)
        facts["colour"] = dice.pick(colours.cloths).name
        facts["other"] = colours.accent.name
        facts["material"] = dice.pick(["wool", "poplin", "crêpe", "linen", "flannel"])
        var voice = Phrasebook(seed: dice.next())
        let first = looks.count
        let moment: Int? = state == 98 ? nil : isLate ? Self.asOf + 86_400 * 30 : published
        for position in 1...size {
            makeLook(
                position, collection: order, published: moment, palette: colours, facts: facts,
                dice: &dice)
        }
        let text = [
            voice.say(Phrases.openings, facts),
            voice.sentences(3 + voice.below(2), of: Phrases.middles, facts),
            voice.sentences(1, of: Phrases.closings, facts),
        ].joined(separator: "\n\n")
        let album = Set((0..<min(size, 6)).map { _ in first + dice.below(size) }).sorted()
        collections.append(
            Collection(
                slug: unique(house.slug + "-" + when.slug),
                title: voice.say(Phrases.titles, facts),
                subtitle: dice.chance(86) ? voice.say(Phrases.subtitles, facts) : nil,
                description: text, brand: brand, season: season, author: dice.below(people.count),
                palette: palette, rating: 40 + dice.below(61), created: published - 86_400 * 9,
                modified: published + 3_600 * dice.below(48), published: moment,
                expired: state == 99 ? Self.asOf - 86_400 : nil,
                deleted: state == 96 ? Self.asOf - 3_600 : nil, looks: first..<looks.count,
                album: album, seed: Int(dice.next() >> 2)))
    }

    private mutating func makeLook(
        _ position: Int, collection: Int, published: Int?, palette: Palette,
        facts collectionFacts: [String: String], dice: inout SeededGenerator
    ) {
        let seed = Int(dice.next() >> 2)
        let outfit = Outfit(seed: UInt64(seed), palette: palette)
        var facts = collectionFacts
        facts["garment"] = outfit.garment
        facts["cloth"] = outfit.clothWords
        facts["colour"] = outfit.main.name
        facts["accent"] = outfit.accent.name
        facts["material"] = outfit.material
        facts["number"] = String(position)
        facts["with"] = outfit.company.map { company in ", \(company)" } ?? ""
        var voice = Phrasebook(seed: dice.next())
        let name = voice.say(Self.lookNames(outfit), facts)
        var text = ""
        repeat {
            text =
                voice.say(Phrases.lookFirst, facts) + " "
                + voice.sentences(2 + voice.below(2), of: Phrases.lookMiddle, facts) + "\n\n"
                + voice.sentences(1 + voice.below(2), of: Phrases.lookLast, facts)
        } while !takenTexts.insert(name + text).inserted
        var views: [Artwork.View] = [.front]
        if dice.chance(45) { views.append(.back) }
        if dice.chance(35) { views.append(.closeup) }
        if dice.chance(45) { views.append(.detail) }
        let state = dice.below(200)
        looks.append(
            Look(
                slug: unique(slug(name)), name: name, description: text, cloth: outfit.clothWords,
                colour: outfit.main.name,
                alt: Phrasebook.capitalized(outfit.clothWords) + " " + outfit.garment
                    + (outfit.company.map { company in " " + company } ?? ""),
                rating: 20 + dice.below(81), position: position, collection: collection,
                published: state == 199 ? nil : published,
                expired: state == 198 ? Self.asOf - 3_600 : nil,
                deleted: state == 197 ? Self.asOf - 7_200 : nil, seed: seed, views: views))
    }

    private static func lookNames(_ outfit: Outfit) -> [String] {
        let plain = ["{Cloth} {garment}", "{Garment} in {cloth}", "The {cloth} {garment}"]
        guard outfit.company != nil else {
            return plain + ["{Cloth} {garment}, [long|late|unhurried]", "{Garment}, {cloth}"]
        }
        return plain + ["{Garment}{with}", "{Cloth} {garment}{with}"]
    }

    /// `text`, with a number behind it if it is taken.
    private mutating func unique(_ text: String) -> String {
        var candidate = text
        while true {
            let times = takenSlugs[candidate, default: 0] + 1
            takenSlugs[candidate] = times
            if times == 1 { return candidate }
            takenSlugs[text] = max(takenSlugs[text, default: 0], times)
            candidate = "\(text)-\(times)"
        }
    }
}
