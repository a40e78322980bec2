// A list as a table: the first number of a line has a bar below its text.
//
// Texts of strangers stand isolated (`bdi`), so that none turns what is beside it.

import SiteAuthoring

/// A list as a table.
struct ListTable: Component {
    let list: StatisticsList
    /// What stands in place of no lines.
    let empty: String

    var view: HTML {
        if list.lines.isEmpty {
            p(.cls("empty")) { empty }
        } else {
            div(.cls("scroll"), .tabindex(0), .attr("role", "group"), .aria("label", "Table")) {
                table(.cls("list")) {
                    thead {
                        tr {
                            for column in list.columns {
                                th(.attr("scope", "col"), column.isNumber ? .cls("n") : .none) {
                                    column.name
                                }
                            }
                        }
                    }
                    tbody {
                        for line in list.lines { tr { cells(line) } }
                    }
                }
            }
        }
    }

    @HTMLBuilder private func cells(_ line: [StatisticsList.Cell]) -> HTML {
        let share = line.lazy.compactMap(\.share).first
        for (place, cell) in line.enumerated() {
            if place == 0 {
                th(.attr("scope", "row")) {
                    text(cell)
                    if let share { bar(share) }
                }
            } else {
                td(list.columns[place].isNumber ? .cls("n") : .none) { text(cell) }
            }
        }
    }

    @HTMLBuilder private func text(_ cell: StatisticsList.Cell) -> HTML {
        if let address = cell.address {
            a(.href(address.path)) { bdi { cell.text } }
        } else {
            bdi { cell.text }
        }
    }

    private func bar(_ share: Double) -> HTML {
        svg(
            .cls("share"), .attr("viewBox", "0 0 1000 1"), .attr("preserveAspectRatio", "none"),
            .aria("hidden", true)
        ) {
            element(
                "rect", .attr("width", max(4, Int((share * 1000).rounded()))), .attr("height", 1))
        }
    }
}
