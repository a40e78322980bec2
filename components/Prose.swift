// Running text: a line of the row's text is a paragraph on the page.
//
// Text stays text: there is no markup in rows. The first letter is enlarged by the style sheet
// alone, so a screen reader hears whole words.

import SiteAuthoring

/// Paragraphs.
struct Prose: Component {
    static let styles: CSS? = """
        .prose { max-width: 36rem; hanging-punctuation: first; }
        .prose p + p { text-indent: 1.5em; }
        .prose.lead > :first-child::first-letter {
            float: left;
            font: 400 3.15em/0.8 var(--display);
            padding: 0.06em 0.07em 0 0;
        }
        """

    let text: String
    var hasInitial = false

    var view: HTML {
        div(.cls("prose", and: "lead", when: hasInitial)) {
            for paragraph in paragraphs { p { paragraph } }
        }
    }

    private var paragraphs: [String] {
        text.split(separator: "\n").map(String.init)
    }
}
