// Twelve palettes, one to a season, and the little colour arithmetic that drawings need.
//
// The cloths have names because the texts speak of them: what a caption calls bottle green is
// drawn in that green. Colours are mixed in sRGB, which is wrong for light and right for gouache.

/// An opaque colour of eight bits a channel.
struct Colour: Hashable {
    var red: Int
    var green: Int
    var blue: Int

    /// From 0xRRGGBB.
    init(_ hex: Int) {
        red = (hex >> 16) & 255
        green = (hex >> 8) & 255
        blue = hex & 255
    }

    /// This colour with `share` percent of `other` in it.
    func mixed(with other: Colour, _ share: Int) -> Colour {
        var result = self
        result.red = (red * (100 - share) + other.red * share) / 100
        result.green = (green * (100 - share) + other.green * share) / 100
        result.blue = (blue * (100 - share) + other.blue * share) / 100
        return result
    }

    /// Perceived lightness, 0 to 255.
    var lightness: Int { (red * 30 + green * 59 + blue * 11) / 100 }

    /// How far two colours are apart to the eye, roughly; below 60 they run into each other.
    func distance(to other: Colour) -> Int {
        abs(red - other.red) * 30 / 100 + abs(green - other.green) * 59 / 100
            + abs(blue - other.blue) * 25 / 100
    }

    /// `#rrggbb`.
    var hex: String {
        let digits = String((1 << 24) | (red << 16) | (green << 8) | blue, radix: 16)
        return "#" + digits.dropFirst()
    }

    static let white = Colour(0xFFFFFF)
    static let black = Colour(0x000000)
}

/// A cloth's colour and what a caption calls it.
struct NamedColour: Hashable {
    let name: String
    let colour: Colour

    init(_ name: String, _ hex: Int) {
        self.name = name
        colour = Colour(hex)
    }
}

/// The colours of one season.
struct Palette {
    let name: String
    let paper: Colour
    let wall: Colour
    let floor: Colour
    let ink: Colour
    let cloths: [NamedColour]
    let accent: NamedColour

    private init(
        _ name: String, _ paper: Int, _ wall: Int, _ floor: Int, _ ink: Int,
        _ cloths: [NamedColour], _ accent: NamedColour
    ) {
        self.name = name
        self.paper = Colour(paper)
        self.wall = Colour(wall)
        self.floor = Colour(floor)
        self.ink = Colour(ink)
        self.cloths = cloths
        self.accent = accent
    }

    /// The palette of a number; numbers past the end start again.
    static func numbered(_ number: Int) -> Palette { all[abs(number % all.count)] }

    static let all: [Palette] = [
        Palette(
            "park", 0xE9E2D3, 0xD8CDB8, 0xB9A98C, 0x1F1D1A,
            [
                NamedColour("bottle green", 0x1F4A3D), NamedColour("camel", 0xB98B58),
                NamedColour("oxblood", 0x6B1F24), NamedColour("cream", 0xF5EEDF),
            ], NamedColour("vermilion", 0xC8452B)),
        Palette(
            "harbour", 0xE6E9EA, 0xC9D3D6, 0x9FB0B6, 0x16202A,
            [
                NamedColour("navy", 0x1D2F4F), NamedColour("chalk", 0xF6F5F0),
                NamedColour("slate", 0x56697A), NamedColour("brick", 0x9C4A35),
            ], NamedColour("lemon", 0xE3C443)),
        Palette(
            "apricot", 0xF3E3D3, 0xEBC7A6, 0xD89F78, 0x2A1A17,
            [
                NamedColour("rust", 0xA8482A), NamedColour("plum", 0x4B2338),
                NamedColour("shell", 0xF7E6DA), NamedColour("tobacco", 0x7A5230),
            ], NamedColour("cobalt", 0x2B4C9B)),
        Palette(
            "heath", 0xE8E6D6, 0xC8CBA9, 0xA1A67C, 0x20241A,
            [
                NamedColour("moss", 0x55652F), NamedColour("ink blue", 0x24324A),
                NamedColour("bone", 0xF2EDDF), NamedColour("umber", 0x5D4330),
            ], NamedColour("marigold", 0xDB9A2C)),
        Palette(
            "iris", 0xECE6EC, 0xCFC2D6, 0xA898B5, 0x221B2B,
            [
                NamedColour("aubergine", 0x3D2347), NamedColour("pearl", 0xF5F1F3),
                NamedColour("graphite", 0x43414C), NamedColour("violet", 0x6E57A5),
            ], NamedColour("chartreuse", 0xC3C93A)),
        Palette(
            "ash", 0xDEDCD8, 0xBFBCB6, 0x97948E, 0x121212,
            [
                NamedColour("black", 0x1B1B1C), NamedColour("charcoal", 0x47474C),
                NamedColour("ivory", 0xF5F2EA), NamedColour("dove", 0x86837D),
            ], NamedColour("scarlet", 0xC4202B)),
        Palette(
            "lagoon", 0xDDE9E6, 0xA9CBC6, 0x6FA39E, 0x10282B,
            [
                NamedColour("petrol", 0x12535B), NamedColour("coral", 0xDF684D),
                NamedColour("sand", 0xE0CBA4), NamedColour("milk", 0xF5F5EF),
            ], NamedColour("saffron", 0xF0AE33)),
        Palette(
            "rosewood", 0xF4E6E4, 0xE7BFBD, 0xCD9393, 0x2B1518,
            [
                NamedColour("claret", 0x7A1631), NamedColour("ecru", 0xF4EADC),
                NamedColour("cocoa", 0x54342D), NamedColour("old rose", 0xC05F6B),
            ], NamedColour("jade", 0x2E7D6B)),
        Palette(
            "night", 0x3A3C47, 0x2E3039, 0x202128, 0x0C0D10,
            [
                NamedColour("terracotta", 0xBC5434), NamedColour("ecru", 0xEADFCB),
                NamedColour("verdigris", 0x4B8F88), NamedColour("ochre", 0xCB9A3B),
            ], NamedColour("shell pink", 0xEBA6A9)),
        Palette(
            "orchard", 0xE7EFE4, 0xBFD8C2, 0x8DB597, 0x15251D,
            [
                NamedColour("pine", 0x1E4D38), NamedColour("tangerine", 0xE0762F),
                NamedColour("milk", 0xF6F4EC), NamedColour("bark", 0x4F3B2B),
            ], NamedColour("orchid", 0xB5508F)),
        Palette(
            "delft", 0xE3ECF4, 0xB3CDE6, 0x7FA3C7, 0x14202F,
            [
                NamedColour("royal blue", 0x274690), NamedColour("russet", 0xA5402D),
                NamedColour("oat", 0xF0E5CE), NamedColour("midnight", 0x182643),
            ], NamedColour("carnation", 0xE8A0AE)),
        Palette(
            "wheat", 0xF2ECD8, 0xE5CE8E, 0xC9A552, 0x261F10,
            [
                NamedColour("chestnut", 0x6E3A21), NamedColour("forest", 0x2C4934),
                NamedColour("parchment", 0xF8F2E4), NamedColour("espresso", 0x33261C),
            ], NamedColour("ultramarine", 0x3A5BA8)),
    ]

    /// Skin, from deep to fair; every drawing picks one.
    static let skins: [Colour] = [
        Colour(0x4A2C20), Colour(0x5F3A28), Colour(0x7B4B32), Colour(0x96613F),
        Colour(0xB57E57), Colour(0xCF9C76), Colour(0xE2B896), Colour(0xEFCFB4),
    ]

    /// Hair; the last two are the accents that stylists love.
    static let hairs: [Colour] = [
        Colour(0x15110F), Colour(0x241812), Colour(0x3B251A), Colour(0x5B3722),
        Colour(0x8A5A33), Colour(0xC49A5E), Colour(0xA64B26), Colour(0xBEB8B0),
    ]
}
