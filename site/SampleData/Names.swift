// Who writes and who makes: names of people, houses, cities, seasons.
//
// The lists are short and the combinations many. No name is meant to be anybody's; a likeness is
// the dice's doing.

/// Lists of names.
enum Names {
    static let first = [
        "Amara", "Bence", "Chiara", "Daiki", "Élise", "Farid", "Giulia", "Haruka", "Ingrid",
        "Joaquín",
        "Kwame", "Leïla", "Mateus", "Nadia", "Ottilie", "Priya", "Quentin", "Rosalind", "Søren",
        "Tomasz",
        "Uzoma", "Valentina", "Wren", "Ximena", "Yusuf", "Željka", "Anouk", "Beatriz", "Cosima",
        "Dilnoza",
        "Emeka", "Freya", "Gwen", "Hyun-woo", "Ilse", "Jonas", "Katarzyna", "Lucía", "Mai", "Noor",
        "Oona", "Paloma", "Radu", "Saskia", "Tenzin", "Ulla", "Viktor", "Wanjiru", "Yara", "Zofia",
    ]

    static let last = [
        "Abara", "Bergström", "Castellanos", "Đurić", "Eriksen", "Fontaine", "Galvão", "Hashimoto",
        "Iwu", "Jankowska", "Karlsen", "Lindqvist", "Moreau", "Nakagawa", "O’Sullivan",
        "Paczkowski",
        "Quiroga", "Rahimi", "Szabó", "Takeda", "Umarov", "Varga", "Winther", "Xu", "Yıldız",
        "Zambrano", "Adeyemi", "Boateng", "Costa", "Delacroix", "El-Amin", "Ferrari-Blum",
        "Grünwald",
        "Hoang", "Ibáñez", "Jørgensen", "Kowalczyk", "Laurent", "Mbeki", "Novák", "Okafor",
        "Petrescu",
        "Ravn", "Sato", "Tchaikova", "Uribe", "Vasquez", "Wójcik", "Yamamoto", "Žižek-Hill",
    ]

    static let roles = [
        "Editor-in-chief", "Fashion director", "Features editor", "Critic at large",
        "Textiles editor",
        "Menswear editor", "Archive editor", "Contributing writer", "Paris correspondent",
        "Tokyo correspondent", "Lagos correspondent", "Accessories editor", "Photography editor",
        "Milan correspondent", "Writer and pattern cutter",
    ]

    static let cities = [
        "Antwerp", "Lagos", "Kyoto", "Porto", "Copenhagen", "Mexico City", "Łódź", "Marseille",
        "Seoul", "Istanbul", "Glasgow", "Buenos Aires", "Vienna", "Dakar", "Turin", "Reykjavík",
        "Tbilisi", "Lyon", "Osaka", "Bogotá", "Leipzig", "Beirut", "Galway", "Accra",
    ]

    static let houses = [
        "Orlow", "Vesper & Holm", "Ferrand", "Aukai", "Saint-Cyr", "Halden", "Marchetti & Figli",
        "Okoro",
        "Thistle & Daughter", "Nakagawa", "Brandt", "Luz Arévalo", "Ondine", "Køhler", "Pell",
        "Wistaria", "Yılmaz", "Corvin", "Ash & Alder", "Delphine Roux", "Makonde", "Sorrel",
        "Tamsin Vale",
        "Uemura", "Vantongeren", "Wexley", "Zorn", "Amaranth", "Bellwether", "Cinabre",
    ]

    static let houseKinds = [
        "", "Maison ", "Atelier ", "Studio ", "Casa ", "House of ", "Ateljé ", "Officina ",
    ]

    static let seasonKinds = [
        SeasonKind(
            name: "Spring", lead: 1, month: 9,
            notes: [
                "Light cloth, long afternoons and the return of the [pleat|trouser|collar].",
                "[Cotton|Linen|Voile] in every weight, and coats for [rain only|the ferry].",
            ]),
        SeasonKind(
            name: "Couture Autumn", lead: 0, month: 7,
            notes: [
                "Six weeks of hand sewing for twelve minutes of [walking|silence].",
                "Where a sleeve may still take [a month|forty hours].",
            ]),
        SeasonKind(
            name: "Resort", lead: 1, month: 6,
            notes: [
                "Clothes for [elsewhere|a hotel nobody has booked yet].",
                "The season between seasons, with its [sandals|suitcases] packed.",
            ]),
        SeasonKind(
            name: "Autumn", lead: 0, month: 3,
            notes: [
                "[Wool, weight and weather|Coats first, questions later]: the big season.",
                "Everything with a [lining|lapel] had its day.",
            ]),
        SeasonKind(
            name: "Couture Spring", lead: 0, month: 1,
            notes: [
                "[Organza|Embroidery] in the cold, as every January.",
                "The hand, seen [close up|at arm’s length].",
            ]),
        SeasonKind(
            name: "Pre-Autumn", lead: 0, month: 0,
            notes: [
                "The clothes that are [worn|bought] rather than photographed.",
                "Quiet, [practical|layered], and longer in the shops than any other.",
            ]),
    ]
}

/// A season of the trade's year, in the order in which it is shown, newest first.
struct SeasonKind {
    let name: String
    /// How many years the label is ahead of the year of the show.
    let lead: Int
    /// The month of the shows; 0 is December of the year before.
    let month: Int
    let notes: [String]
}
