// The style sheet that every page of a written site shares: colours, type, a reset.
//
// Components bring the rest. Light and dark follow the reader's system; no font is loaded.

/// Writes the shared style sheet.
enum StyleSheet {
    static let file = WrittenFile("site/Styles/site.css", text)

    private static let text = """
        /* Colours, type and the few rules that every page shares. Components bring the rest.
           No font is loaded: each reader's system has one of these. */

        :root {
            color-scheme: light dark;
            --paper: #faf8f3;
            --sheet: #f1ede3;
            --ink: #1d1b16;
            --soft: #655f54;
            --rule: #d9d2c3;
            --mark: #1c5a4f;
            --display: "Iowan Old Style", "Palatino Linotype", Palatino, P052, "Book Antiqua",
                Charter, Georgia, serif;
            --plain: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans",
                "Liberation Sans", Arial, sans-serif;
            --edge: clamp(1.125rem, 4vw, 3rem);
            --gap: clamp(1rem, 2.5vw, 2rem);
            --wide: 72rem;
        }

        @media (prefers-color-scheme: dark) {
            :root {
                --paper: #161512;
                --sheet: #211f1a;
                --ink: #ece7db;
                --soft: #a79f90;
                --rule: #3a372f;
                --mark: #7cc7b4;
            }
        }

        @media (prefers-reduced-motion: no-preference) {
            @view-transition { navigation: auto; }
        }

        *, *::before, *::after { box-sizing: border-box; }
        * { margin: 0; padding: 0; }

        html {
            background: var(--paper);
            color: var(--ink);
            font: 1.0625rem/1.6 var(--plain);
            -webkit-text-size-adjust: 100%;
            text-size-adjust: 100%;
        }

        body { min-height: 100vh; overflow-wrap: anywhere; }
        ul, ol { list-style: none; }

        h1, h2, h3 {
            font-family: var(--display);
            font-weight: 500;
            line-height: 1.12;
            letter-spacing: -0.012em;
            text-wrap: balance;
        }

        h1 { font-size: clamp(2rem, 5vw, 3.5rem); }
        h2 { font-size: clamp(1.3rem, 2.2vw, 1.625rem); }
        p { text-wrap: pretty; }
        a { color: var(--mark); text-decoration-thickness: 1px; text-underline-offset: 0.18em; }
        a:hover { text-decoration-thickness: 2px; }
        :focus-visible { outline: 2px solid var(--mark); outline-offset: 3px; border-radius: 2px; }
        ::selection { background: var(--mark); color: var(--paper); }

        .wide { max-width: var(--wide); margin-inline: auto; padding-inline: var(--edge); }
        .list-total { margin-block: 0.5rem 1.5rem; }
        .soft { color: var(--soft); }
        .small { font-size: 0.875rem; line-height: 1.5; }
        .figures { font-variant-numeric: tabular-nums lining-nums; }
        """
}
