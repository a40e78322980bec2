// What search engines read of a look, as JSON-LD.
//
// A look is an article about a product: there is no price, so it may not call itself an offer.
// Nothing here is visible; the same facts stand on the page as text.

import SiteAuthoring

/// A look as linked data.
struct StructuredLook: Component {
    let row: LookPageRow

    var view: HTML {
        json(
            [
                "@context": "https://schema.org",
                "@type": "Article",
                "headline": .string(row.name),
                "articleBody": .string(row.description),
                "datePublished": .string(row.publishedIso),
                "mainEntityOfPage": .string(absoluteURL(Magazine.look(row.slug))),
                "image": .array(
                    row.images.map { picture in .string(absoluteURL(picture.file)) }),
                "author": [
                    "@type": "Person",
                    "name": .string(row.author.name),
                    "url": .string(absoluteURL(Magazine.person(row.author.slug))),
                ],
                "about": [
                    "@type": "Product",
                    "name": .string(row.name),
                    "color": .string(row.colour),
                    "brand": ["@type": "Brand", "name": .string(row.brand.name)],
                ],
            ], type: "application/ld+json")
    }
}
