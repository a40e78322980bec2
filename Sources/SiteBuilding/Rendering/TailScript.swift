// The script that moves what follows a page into its places, for browsers that do not do it.
//
// Such a browser reads `<?start name="t0">` and `<?end>` as comments (or, some day, as processing
// instructions without a meaning). The script touches nothing where the browser knows
// `<template for>`. It is one file that every page shares and every policy with 'self' allows, and
// it makes no element from text, so trusted types have nothing to object to.

import Minification

/// The script for pages whose fragments follow them.
enum TailScript {
    /// What esbuild gets.
    static let source = MinificationSource(.js, name: "tail", text: text)

    private static let text = """
        if (!("htmlFor" in HTMLTemplateElement.prototype)) {
            const text = (node) =>
                node.nodeType === 7 ? node.target + " " + node.data
                : node.nodeType === 8 && node.data[0] === "?" ? node.data.slice(1) : "";
            const kinds = NodeFilter.SHOW_COMMENT | NodeFilter.SHOW_PROCESSING_INSTRUCTION;
            const walker = document.createTreeWalker(document, kinds);
            const starts = new Map();
            while (walker.nextNode()) {
                const found = /^start name="(\\w+)"/.exec(text(walker.currentNode));
                if (found) starts.set(found[1], walker.currentNode);
            }
            for (const template of document.querySelectorAll("template[for]")) {
                const start = starts.get(template.getAttribute("for"));
                if (!start) continue;
                starts.delete(template.getAttribute("for"));
                while (start.nextSibling && !/^end\\b/.test(text(start.nextSibling)))
                    start.nextSibling.remove();
                start.nextSibling?.remove();
                start.replaceWith(template.content);
                template.remove();
            }
        }
        """
}
