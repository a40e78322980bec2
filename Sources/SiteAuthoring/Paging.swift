/// The way through a list that is cut into pages, such as a view with `paginate:` gives it.
///
/// ```swift
/// let paging = Paging("/albums/", page: row.page, of: row.pages)
/// nav { for step in paging.steps() { … } }
/// ```
///
/// The first page is at the folder itself, the others are below it: `/albums/page/2/`.
public struct Paging: Hashable, Sendable {
    /// Where the first page is.
    public let folder: PagePath
    /// The number of this page, from 1.
    public let page: Int
    /// How many pages there are, at least one.
    public let pages: Int

    /// Describes a place in a list.
    ///
    /// - Parameters:
    ///   - folder: the address of the first page, as text; a slash at its end is added if there is
    ///     none.
    ///   - page: the number of this page, from 1.
    ///   - pages: how many there are; `page` is one of them in any case.
    public init(_ folder: some PathText, page: Int, of pages: Int) {
        let text = folder.pagePath.text
        self.folder = PagePath(text.hasSuffix("/") ? text : text + "/")
        self.page = max(1, page)
        self.pages = max(self.page, pages)
    }

    /// Where this page is.
    public var path: PagePath { path(page) }

    /// Where a page is.
    public func path(_ page: Int) -> PagePath {
        page > 1 ? "\(folder)page/\(page)/" : folder
    }

    /// Where the page before this is; nil on the first.
    public var previous: PagePath? { page > 1 ? path(page - 1) : nil }

    /// Where the page behind this is; nil on the last.
    public var next: PagePath? { page < pages ? path(page + 1) : nil }

    /// Something on the way.
    public enum Step: Hashable, Sendable {
        /// A page to go to.
        case page(Int, PagePath)
        /// The page that is shown.
        case current(Int)
        /// Pages that are left out.
        case gap
    }

    /// The pages to name: the first, the last, and those around this one.
    ///
    /// `1 … 4 5 6 … 20`; a gap stands for two pages or more.
    ///
    /// - Parameter neighbours: how many pages before and behind this one are named.
    /// - Returns: the steps in their order.
    public func steps(neighbours: Int = 1) -> [Step] {
        let near = max(1, page - max(0, neighbours))...min(pages, page + max(0, neighbours))
        var numbers: [Int] = near.lowerBound > 1 ? [1] : []
        // A gap of one page is as long as its number.
        if near.lowerBound == 3 { numbers.append(2) }
        numbers += near
        if near.upperBound == pages - 2 { numbers.append(pages - 1) }
        if near.upperBound < pages { numbers.append(pages) }
        var steps: [Step] = []
        for (place, number) in numbers.enumerated() {
            if place > 0, number > numbers[place - 1] + 1 { steps.append(.gap) }
            steps.append(number == page ? .current(number) : .page(number, path(number)))
        }
        return steps
    }
}
