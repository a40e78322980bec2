// What the demo and watching do before the first build: sample data, views, up-to-date rows.
//
// A second run changes nothing but rows of views that are out of date.

import MaterializedViews
import Postgres
import SiteAuthoring
import SiteBuilding

/// Brings a database to where a build can start.
enum SitePreparation {
    /// Loads sample data into a database without any, installs the views and computes them.
    static func run(
        _ site: Site, database url: String, folders: FolderOptions, size: Int? = nil
    ) throws {
        if let sample = site.sample,
            let rows = try SampleLoader(sample, root: folders.root).load(into: url, size: size)
        {
            Terminal.note("loaded \(Display.number(rows)) rows of sample data")
        }
        let connection = try Connection(to: url)
        try DatabaseWork.apply(folder: folders.databaseFolder, on: connection)
        try DatabaseWork.refresh([], on: connection)
    }
}
