// The demo site: an online magazine of clothes.
//
// This is the one value that the command line takes: which views become pages, which become
// fragments, and how to make sample data. A page that is not listed here does not exist.

public import SiteAuthoring

/// The magazine.
public let site = Site(
    title: Magazine.name,
    origin: Origin(literal: "https://placket.example"),
    routes: [
        .pages(FrontPage.self),
        .pages(CollectionsPage.self),
        .pages(CollectionPage.self),
        .pages(LookPage.self),
        .pages(HousesPage.self),
        .pages(HousePage.self),
        .pages(PeoplePage.self),
        .pages(PersonPage.self),
        .pages(SeasonsPage.self),
        .pages(SeasonPage.self),
        .page(AboutPage.self),
        .page(BagPage.self),
        .notFound(LostPage.self),
        .files(FeedFile.self),
        .files(ArtworkFile.self),
    ],
    fragments: [
        .shared(TrendingLooks.self),
        .perVisitor(BagCount.self),
        .perVisitor(BagContents.self),
    ],
    sample: SampleData(
        schemaFile: "site/database/schema/fashion.sql", schemaName: "fashion",
        defaultSize: SampleMagazine.looksUsual
    ) { size, seed, sink in
        try SampleMagazine(looks: size, seed: seed).write(to: &sink)
    })
