// What a look consists of: the grammar behind both the drawing and the words.
//
// An outfit is chosen from a seed, once; the croquis draws it and the captions name it, so a text
// that says herringbone stands beside a herringbone coat. Nothing here knows how things are drawn.

/// The pattern woven into or printed on a cloth.
enum Weave: CaseIterable {
    case plain, pinstripe, breton, windowpane, gingham, houndstooth, herringbone, dots, tweed
    case argyle, leaves, ombre

    /// What a caption calls it; nil for a plain cloth, which is called by its material.
    var word: String? {
        switch self {
        case .plain: nil
        case .pinstripe: "pinstripe"
        case .breton: "Breton stripe"
        case .windowpane: "windowpane check"
        case .gingham: "gingham"
        case .houndstooth: "houndstooth"
        case .herringbone: "herringbone"
        case .dots: "polka dot"
        case .tweed: "flecked tweed"
        case .argyle: "argyle"
        case .leaves: "leaf print"
        case .ombre: "dip-dye"
        }
    }
}

/// What is worn.
enum Ensemble: CaseIterable {
    case coat, dress, suit, knitAndSkirt, shirtAndTrousers, cape, jumpsuit
}

/// How the upper part closes at the neck.
enum Collar: CaseIterable {
    case notched, shawl, stand, roll, crew, vee, boat, strapless, bow
}

/// The line of a skirt, or of the lower half of a dress.
enum SkirtLine: CaseIterable {
    case pencil, flared, bell, column, tiered, mini
}

/// The line of trousers.
enum TrouserLine: CaseIterable {
    case wide, straight, cigarette, flared, cropped
}

/// The line of a sleeve.
enum SleeveLine: CaseIterable {
    case none, short, straight, balloon, bell
}

/// Where the arms are.
enum Gesture: CaseIterable {
    case hanging, akimbo, pocket, held, raised
}

/// How the figure stands.
enum Stance: CaseIterable {
    case stand, walk, apart
}

/// What is on the head, besides hair.
enum Hat: CaseIterable {
    case none, brim, beret, bucket, scarf, cloche
}

/// How the hair is done.
enum Hair: CaseIterable {
    case bun, bob, long, crop, round, tail, waves, shaven
}

/// One look, chosen from a seed.
struct Outfit {
    let ensemble: Ensemble
    let main: NamedColour
    let weave: Weave
    let second: NamedColour
    let secondWeave: Weave
    let accent: NamedColour
    let collar: Collar
    let skirt: SkirtLine
    let trousers: TrouserLine
    let sleeve: SleeveLine
    /// From 0, short, to 1, to the ankle.
    let length: Double
    /// From 0, close to the body, to 1, full.
    let ease: Double
    let isBelted: Bool
    let isDoubleBreasted: Bool
    let hasBag: Bool
    let hat: Hat
    let hair: Hair
    let material: String

    init(seed: UInt64, palette: Palette) {
        var dice = SeededGenerator(seed: seed)
        let chosen: Ensemble = dice.pick([
            .coat, .coat, .coat, .dress, .dress, .dress, .suit, .suit, .suit,
            .knitAndSkirt, .knitAndSkirt, .shirtAndTrousers, .shirtAndTrousers, .cape, .jumpsuit,
        ])
        ensemble = chosen
        let first = dice.below(palette.cloths.count)
        let other = (first + 1 + dice.below(palette.cloths.count - 1)) % palette.cloths.count
        main = dice.chance(16) ? palette.accent : palette.cloths[first]
        second = palette.cloths[other]
        accent = main == palette.accent ? palette.cloths[first] : palette.accent
        weave = dice.pick(Self.weaves(for: chosen))
        secondWeave = dice.chance(26) ? dice.pick([.pinstripe, .gingham, .dots, .breton]) : .plain
        collar = dice.pick(Self.collars(for: chosen))
        skirt = dice.any(SkirtLine.self)
        trousers = dice.any(TrouserLine.self)
        let full = dice.any(SleeveLine.self)
        sleeve = chosen == .dress || full != .none ? full : .straight
        length = dice.between(0, 1)
        ease = dice.between(0, 1)
        isBelted = dice.chance(38)
        isDoubleBreasted = dice.chance(45)
        hasBag = dice.chance(34)
        let hats: [Hat] = [
            .none, .none, .none, .none, .none, .brim, .beret, .bucket, .scarf, .cloche,
        ]
        hat = dice.pick(hats)
        hair = dice.any(Hair.self)
        material = dice.pick(Self.materials(for: chosen))
    }

    private static func weaves(for ensemble: Ensemble) -> [Weave] {
        switch ensemble {
        case .coat, .cape:
            [.plain, .plain, .plain, .herringbone, .herringbone, .houndstooth, .tweed, .windowpane]
        case .suit:
            [.plain, .plain, .pinstripe, .pinstripe, .windowpane, .herringbone, .tweed, .gingham]
        case .dress:
            [.plain, .plain, .plain, .dots, .leaves, .leaves, .ombre, .gingham, .breton, .argyle]
        case .knitAndSkirt:
            [.plain, .breton, .breton, .argyle, .tweed, .dots]
        case .shirtAndTrousers:
            [.plain, .pinstripe, .gingham, .leaves, .dots, .breton]
        case .jumpsuit:
            [.plain, .plain, .ombre, .pinstripe, .leaves, .herringbone]
        }
    }

    private static func collars(for ensemble: Ensemble) -> [Collar] {
        switch ensemble {
        case .coat: [.notched, .notched, .shawl, .stand]
        case .suit: [.notched, .notched, .shawl]
        case .dress: [.crew, .vee, .boat, .strapless, .bow, .roll]
        case .knitAndSkirt: [.roll, .roll, .crew, .boat, .vee]
        case .shirtAndTrousers: [.stand, .bow, .vee, .crew]
        case .cape: [.stand, .roll, .shawl]
        case .jumpsuit: [.vee, .boat, .stand, .strapless]
        }
    }

    private static func materials(for ensemble: Ensemble) -> [String] {
        switch ensemble {
        case .coat, .cape: ["wool", "double-faced cashmere", "loden", "gabardine", "alpaca"]
        case .suit: ["worsted wool", "gabardine", "flannel", "hopsack", "linen"]
        case .dress: ["silk crêpe", "taffeta", "cotton voile", "cady", "satin", "viscose jersey"]
        case .knitAndSkirt: ["merino", "lambswool", "mohair", "cotton rib", "cashmere"]
        case .shirtAndTrousers: ["poplin", "washed silk", "Oxford cotton", "linen", "twill"]
        case .jumpsuit: ["drill", "crêpe de Chine", "cupro", "denim", "tencel twill"]
        }
    }
}

extension Outfit {
    /// The noun a caption uses for the main garment: `greatcoat`, `shirt dress`.
    var garment: String {
        switch ensemble {
        case .coat:
            length > 0.7
                ? "greatcoat" : isBelted ? "wrap coat" : ease > 0.6 ? "cocoon coat" : "coat"
        case .cape: length > 0.5 ? "long cape" : "capelet"
        case .suit: isDoubleBreasted ? "double-breasted suit" : "suit"
        case .dress: Self.dressNoun(skirt)
        case .knitAndSkirt: collar == .roll ? "roll-neck" : "sweater"
        case .shirtAndTrousers: collar == .bow ? "bow blouse" : "shirt"
        case .jumpsuit: "jumpsuit"
        }
    }

    /// What the rest of the outfit is: `over wide trousers`; nil if there is nothing else.
    var company: String? {
        switch ensemble {
        case .coat, .cape: "over \(second.name) \(trouserNoun)"
        case .suit: isSkirtSuit ? "with a \(skirtNoun)" : "with \(trouserNoun)"
        case .knitAndSkirt:
            "with \(Phrasebook.article(second.name)) \(second.name) \(skirtNoun)"
        case .shirtAndTrousers: "with \(second.name) \(trouserNoun)"
        case .dress, .jumpsuit: nil
        }
    }

    /// Whether a suit has a skirt.
    var isSkirtSuit: Bool { ensemble == .suit && length < 0.25 }

    /// The cloth in words: `bottle green herringbone`, `oxblood flannel`.
    var clothWords: String { "\(main.name) \(weave.word ?? material)" }

    var skirtNoun: String {
        switch skirt {
        case .pencil: "pencil skirt"
        case .flared: "flared skirt"
        case .bell: "bell skirt"
        case .column: "long straight skirt"
        case .tiered: "tiered skirt"
        case .mini: "short skirt"
        }
    }

    var trouserNoun: String {
        switch trousers {
        case .wide: "wide trousers"
        case .straight: "straight trousers"
        case .cigarette: "cigarette trousers"
        case .flared: "flared trousers"
        case .cropped: "cropped trousers"
        }
    }

    private static func dressNoun(_ line: SkirtLine) -> String {
        switch line {
        case .pencil: "sheath dress"
        case .flared: "flared dress"
        case .bell: "bell dress"
        case .column: "column gown"
        case .tiered: "tiered dress"
        case .mini: "short dress"
        }
    }
}
