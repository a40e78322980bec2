// The one style sheet of statistics.
//
// Colours are few: ink, a muted ink, lines, one for what is counted and one for what was before;
// each has a light and a dark form.

import SiteAuthoring

extension PageFrame {
    static let styles: CSS? = """
        :root {
            color-scheme: light dark;
            --paper: #f6f6f3; --card: #fff; --ink: #1b1e23; --soft: #5a626c; --line: #dcdcd6;
            --bar: #2f6fd0; --faint: #dbe6f7; --then: #b4531c;
        }
        @media (prefers-color-scheme: dark) {
            :root {
                --paper: #121417; --card: #1b1e23; --ink: #e9ebee; --soft: #a2abb6; --line: #33383f;
                --bar: #6ea5f5; --faint: #263650; --then: #f0a16c;
            }
        }
        * { box-sizing: border-box; }
        body {
            margin: 0; background: var(--paper); color: var(--ink);
            font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere;
        }
        header, main, footer, .lists { max-width: 76rem; margin: 0 auto; padding: 0 1rem; }
        a { color: inherit; text-underline-offset: .2em; text-decoration-color: var(--bar); }
        a:focus-visible, summary:focus-visible, .scroll:focus-visible {
            outline: 3px solid var(--bar); outline-offset: 2px;
        }
        .skip { position: absolute; left: -99rem; }
        .skip:focus { left: 1rem; top: .5rem; background: var(--card); padding: .5rem 1rem; }
        main:focus { outline: none; }
        nav ul { display: flex; flex-wrap: wrap; gap: .25rem; list-style: none; padding: 0; }
        nav a { display: block; padding: .35rem .8rem; border-radius: 9rem; text-decoration: none; }
        nav a:hover { background: var(--faint); }
        nav a[aria-current] { background: var(--ink); color: var(--paper); }
        .lists { margin-top: 2.5rem; border-top: 1px solid var(--line); }
        footer { color: var(--soft); font-size: .875rem; padding-bottom: 2rem; }
        .head { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem 1rem; }
        h1 { font-size: clamp(1.5rem, 4vw, 2.25rem); line-height: 1.2; margin: .5rem 0 0; }
        h2 { font-size: 1.0625rem; margin: 0 0 .5rem; }
        .span { color: var(--soft); margin: 0; }
        .turn { margin-left: auto; display: flex; gap: .5rem; }
        .turn a {
            padding: .3rem .8rem; border: 1px solid var(--line); border-radius: 9rem;
            background: var(--card); text-decoration: none;
        }
        .card, .chart, .tiles > div {
            background: var(--card); border: 1px solid var(--line); border-radius: .75rem;
            padding: 1rem;
        }
        .tiles {
            display: grid; gap: .75rem; margin: 1rem 0;
            grid-template-columns: repeat(auto-fit, minmax(9.25rem, 1fr));
        }
        .tiles dt { color: var(--soft); font-size: .875rem; }
        .tiles dd { margin: 0; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
        .value { font-size: 1.25rem; font-weight: 650; line-height: 1.4; }
        .before { color: var(--soft); font-size: .8125rem; }
        .change { color: var(--ink); font-weight: 600; margin-right: .5em; white-space: nowrap; }
        .chart { margin: 0 0 1rem; }
        figcaption { display: flex; flex-wrap: wrap; gap: .25rem 1rem; font-weight: 600; }
        .key { font-weight: 400; color: var(--soft); font-size: .875rem; }
        .key::before { content: ""; display: inline-block; width: .8em; margin-right: .4em; }
        .key.bars::before { height: .8em; background: var(--bar); border-radius: 2px; }
        .key.line::before { border-top: 2px solid var(--then); vertical-align: .3em; }
        .plot {
            display: grid; grid-template-columns: auto 1fr; gap: .25rem .5rem; margin: .75rem 0;
        }
        .plot svg { width: 100%; height: clamp(9rem, 26vw, 15rem); display: block; }
        .plot rect { fill: var(--bar); }
        .plot .area { fill: transparent; }
        .plot g:hover .area { fill: var(--faint); }
        .plot path { fill: none; vector-effect: non-scaling-stroke; }
        .grid { stroke: var(--line); }
        path.before { stroke: var(--then); stroke-width: 2; }
        .scale {
            display: flex; flex-direction: column; justify-content: space-between;
            text-align: right; color: var(--soft); font-size: .75rem; line-height: 1;
            overflow-wrap: normal; font-variant-numeric: tabular-nums;
        }
        .marks { grid-column: 2; display: flex; color: var(--soft); font-size: .75rem; }
        .marks span {
            flex: 1; min-width: 0; display: flex; justify-content: center; white-space: nowrap;
        }
        .columns {
            display: grid; gap: 1rem; align-items: start;
            grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr));
        }
        .card > :last-child { margin-bottom: 0; }
        .more { display: inline-block; margin-top: .5rem; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-size: .9375rem; }
        th, td { text-align: left; padding: .35rem .75rem .35rem 0; vertical-align: top; }
        thead th { color: var(--soft); font-weight: 400; font-size: .8125rem; white-space: nowrap; }
        tbody th { font-weight: 400; }
        tbody tr { border-top: 1px solid var(--line); }
        td { overflow-wrap: break-word; }
        .list th:first-child { width: 60%; min-width: 7rem; }
        th:last-child, td:last-child { padding-right: 0; }
        .n {
            text-align: right; white-space: nowrap; overflow-wrap: normal;
            font-variant-numeric: tabular-nums;
        }
        .share { display: block; width: 100%; height: 4px; margin-top: 2px; }
        .share rect { fill: var(--bar); }
        .empty, .note { color: var(--soft); }
        .note { max-width: 46rem; }
        @media (max-width: 30rem) {
            table { font-size: .875rem; }
            th, td { padding-right: .5rem; }
            thead th { white-space: normal; overflow-wrap: normal; }
            .list th:first-child { width: 45%; }
        }
        summary { color: var(--soft); cursor: pointer; font-size: .875rem; }
        .terms { max-width: 46rem; }
        .terms dt { font-weight: 600; }
        .terms dd { margin: 0 0 .75rem; }
        """
}
