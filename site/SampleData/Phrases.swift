// The sentences of the magazine, as phrases with choices.
//
// Voice: dry, exact, fond of cloth. Facts in braces come from the outfit that is drawn, so the
// text never praises a collar that is not there.

/// Phrases by what they are about.
enum Phrases {
    static let titles = [
        "The [long|slow|short] way [round|home|out]", "[Weather|Rain|Frost|Heat], tailored",
        "Notes on a [sleeve|seam|hem|lapel]", "A [room|corridor|garden] with [no|one] chair",
        "[What|Whom] the [coat|lining|pocket] is for",
        "[Eleven|Nine|Forty] ways to [sit down|leave]",
        "The [mending|unpicking|pressing] year", "[Soft|Hard|Dry] [shoulders|edges|goods]",
        "After the [ferry|opera|harvest|strike]",
        "In praise of the [plain|second|wrong] [button|side]",
        "[Two|Three] [yards|metres] of [daylight|patience]",
        "An [argument|agreement] in [grey|wool|blue]",
        "The [librarian|locksmith|beekeeper|cellist]’s wardrobe",
        "[Less|More] [pleat|starch], please",
        "Cut on the [bias|night train|kitchen table]",
        "Some [questions|doubts] about [the waist|black]",
        "[Salt|Chalk|Ink] and [thread|camphor]", "The [unhurried|undecided|ungloved] hand",
        "[Dressing|Packing] for the [wrong|last] [party|island]",
        "How to [carry|borrow|keep] a coat",
        "[Small gestures, large checks|Large gestures, small checks]",
        "The inside, [out|first]",
        "Nobody [wears|irons] [linen|white] like this", "A [theory|history] of [the hip|ease]",
        "[Tuesday|Sunday|Thursday] clothes", "[Once|Twice] more, with [facing|feeling]",
    ]

    static let subtitles = [
        "{brand} [looks at|goes back to] the [coat|suit|uniform] and [leaves|takes] the "
            + "[rest|shoulder] out.",
        "In {city}, a house of {hands} people [argues|agrees] about [length|lapels].",
        "For {season}, {brand} [bets on|returns to] {colour}, [twice|of all things].",
        "{count} looks, [one fabric mill|two dyers] and [hardly a zip|no nostalgia whatever].",
        "[What happens|What is left] when [a tailor|a knitter] is [given time|told to hurry].",
        "The [quietest|driest|warmest] show of [the week|{season}] was also the [best "
            + "attended|shortest].",
    ]

    static let openings = [
        "There is [a moment|an instant] in every show when the [room|front row] [stops "
            + "writing|looks up]. "
            + "At {brand} it came with [look {early}|the {ordinal} look], and it was [only a "
            + "coat|only a sleeve].",
        "{brand} showed in [a tram depot|a school gymnasium|an empty library|a flower "
            + "market before dawn], "
            + "which [suited|explained] the clothes: [made to be used|built to be moved in], "
            + "[then pressed|and pressed afterwards].",
        "The [invitation|programme] was [a square of|a loose thread of] {colour} {material}. "
            + "One was [asked to keep it|told to bring it]; [most people did|by the end it "
            + "made sense].",
        "It takes [a certain nerve|patience] to open with [the plainest thing|what "
            + "others save for last]. "
            + "{brand} did so [without music|in daylight], and [held it|got away with it] for "
            + "{count} looks.",
        "In {city} they [say|like to say] that cloth remembers. {brand} [has taken this "
            + "literally|agrees]: "
            + "[half|a third] of {season} is [recut|rewoven] from [its own archive|last year’s "
            + "bolts].",
        "You could [miss|mistake] it for [restraint|caution]. Then somebody [turned "
            + "round|sat down], "
            + "and the [back|hem] of {brand}’s {season} [explained itself|did the talking].",
    ]

    static let middles = [
        "The proportions are [long over narrow|short over wide], [argued|worked out] on "
            + "the body rather "
            + "than on paper, and the [armholes are high|waist sits where waists sit].",
        "{Colour} is the colour of it, [cut with|set against] {other}; the {material} "
            + "comes from [a mill "
            + "near {city}|the one mill still weaving it], [at forty centimetres an hour|to "
            + "order].",
        "Nothing [shouts|is explained]. Pockets are [where hands go|deep enough for a "
            + "paperback], linings are "
            + "[printed|striped] for the [wearer|owner] alone, and buttons are [sewn on a "
            + "shank|horn].",
        "One [notices|remembers] the [walking|turning]: the skirts [open late|swing a "
            + "beat behind], the "
            + "trousers [break once|graze the floor], the coats [stay shut by themselves|hang "
            + "from the neck].",
        "The [checks|patterns] are matched across [every seam|the pockets], which [costs "
            + "a third more "
            + "cloth|nobody asked for], and is [the sort of thing|exactly what] {brand} [will "
            + "not discuss|is for].",
        "There are [jokes|asides]: [a belt that closes nothing|a bow the size of a "
            + "plate|a glove as a pocket], "
            + "[told once|never repeated].",
        "If the [suit|coat] is the [thesis|noun], the [knitwear|blouse] is the "
            + "[footnote|verb], and it is "
            + "[worth reading|where the life is].",
    ]

    static let closings = [
        "What one [takes home|keeps] is [the weight|a sense of the hand]: [these are "
            + "clothes|this is work] that "
            + "will [look better in ten years|outlive the photographs].",
        "[By the last look|At the end] the [doors|windows] were opened, [the cold came "
            + "in|it was raining], and "
            + "[everybody|the whole room] was [suddenly|visibly] underdressed.",
        "It will be copied by [Easter|Friday|Christmas], and [not matched|never in this cloth].",
        "[Buy the coat|Ask for the trousers], [wait for the rest|and be patient about the rest].",
        "{brand} is [not in a hurry|{age} years old and sounds it], and [it shows|that "
            + "is a compliment].",
    ]

    static let lookFirst = [
        "{A cloth} {garment}{with}, [cut|made] [close|a little wide] and [pressed|left] "
            + "[flat|soft].",
        "The {garment} comes in {cloth}[, washed once|, unlined|, half lined]{with}.",
        "[Look {number}|Number {number}]: {a garment} in {cloth}{with}, [and not a "
            + "button too many|shown in passing].",
        "{Cloth}, [the whole length of the bolt|from shoulder to hem]: {a garment}{with}.",
        "[Here|This] is the {garment} [everybody drew|that was on every pad]: {cloth}{with}.",
        "[One|A single] {garment}, in {cloth}{with}, [said what the notes did "
            + "not|settled the matter].",
        "[Somebody|An assistant] [ironed|steamed] this {garment} for [an hour|half the "
            + "night]; the {cloth} [thanked them|forgave it].",
        "{brand} [cuts|draws] {a garment} [once|every season], and [this year|for "
            + "{season}] it is {cloth}{with}.",
    ]

    static let lookMiddle = [
        "The shoulder is [its own|natural], the sleeve set [by hand|a finger’s width "
            + "back], so that the arm [can be raised|hangs still].",
        "[A dart|One seam] does [all the work|what three usually do]; [turn it inside "
            + "out|look inside] to see [how|which].",
        "The {material} is [dry to the hand|heavier than it looks|almost paper], [and "
            + "will crease beautifully|and holds a line].",
        "{Accent} [at the edge|in the lining|underneath] keeps it [awake|from being polite].",
        "[Notice|Mind] the hem: [faced, not turned|weighted with a chain|cut a thumb "
            + "longer at the back].",
        "It is [lighter|warmer] than [it has any right to be|the photograph allows], and "
            + "[moves late|falls straight].",
        "The pattern is [matched|thrown off on purpose] at the [side seam|pocket], "
            + "[which took a morning|a small vanity].",
        "[From behind|In motion] it is [another garment|the better view]: [a seam, a "
            + "vent, nothing else|all line].",
        "The colour is {colour}[ in daylight|], and [nearly black|something kinder] "
            + "[after six|by lamp].",
        "[Two|Four] fittings, [one pattern|no changes]; the toile [still hangs in the "
            + "workroom|was worn home by the cutter].",
        "Proportion does the [talking|rest]: [long|short] above, [narrow|easy] below, [a "
            + "pause|air] between.",
        "It [borrows|takes] its [pocket|collar] from [a postman’s jacket|a rain cape|a "
            + "school coat] and [gives nothing back|says so].",
    ]

    static let lookLast = [
        "Wear it [with flat shoes|open|to be late in|twice a week].",
        "[It needs|Give it] [no necklace|a long walk|a stair to come down].",
        "[Not for sitting|Made for trains], and [none the worse for it|glad of it].",
        "It will [wait for you|be there next year].",
        "[We would|I would] [steal it|not wash it].",
        "[Keep the receipt|Cancel dinner]; [keep the coat hanger, too|go anyway].",
        "A [good|quiet] [argument|reason] for [standing up straight|owning less].",
        "[The best|The driest] thing [on the rail|of the morning].",
        "Photographed [standing|walking], [better walking|best from the left].",
        "[Few|No] things this [simple|plain] are this [hard|slow] to make.",
    ]

    static let biographies = [
        "{name} writes about [clothes and the people who make them|cloth, labour and "
            + "weather] from {city}. "
            + "[Before that|Earlier], {last} [cut patterns|sold buttons|restored costumes] for "
            + "[nine|six|eleven] years.",
        "[Born|Raised] in {city}, {name} [came to fashion|began] by way of "
            + "[architecture|a print works|the opera’s wardrobe], "
            + "and [keeps|still owns] [three coats|one good suit|a very large iron].",
        "{name} is {role} of this magazine. {last} [lives|works] in {city} [with two "
            + "sewing machines|above a haberdashery] "
            + "and is [finishing a book about pockets|learning to weave].",
    ]

    static let houses = [
        "Founded in {city} in {founded}, {brand} [began with|started as a maker of] "
            + "[raincoats|gloves|work jackets|shirts] "
            + "and [has never quite stopped|still makes them]. [Its workroom counts|It "
            + "employs] {hands} people.",
        "{brand} has [cut clothes|dressed] [the same street|two theatres and a fire "
            + "brigade] in {city} since {founded}. "
            + "The collections are [small|slow], the [linings|seams] [famous|not].",
        "A house of {hands} in {city}, {brand} [dates from|opened in] {founded}; what it "
            + "[knows|does] best is "
            + "[the shoulder|wool|the long sleeve|a straight seam], and it [knows it|keeps "
            + "doing it].",
    ]
}
