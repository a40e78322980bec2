// Brings files of public/ that changed into a page that names them by addresses that stay: each
// gets an address with the number of its change, which the browser has not asked for.
//
// Style sheets are told of by themselves; a script that runs can only be loaded with its page.

// Attributes with addresses that a page shows by itself, and those with several.
const single = ["src", "href", "xlink:href", "poster", "data"];
const several = ["srcset", "imagesrcset"];
// What leads elsewhere shows nothing.
const links = new Set(["a", "area", "base", "form"]);

// The other address of a file that changed; null for what is none, or has it.
const newer = (address, files) => {
  let found;
  try {
    found = new URL(address, document.baseURI);
    if (found.origin !== location.origin) return null;
    const number = files[decodeURIComponent(found.pathname)];
    if (number === undefined) return null;
    if (found.searchParams.get("v") === String(number)) return null;
    found.searchParams.set("v", number);
  } catch {
    return null;
  }
  return found.pathname + found.search + found.hash;
};

const renew = (element, files, swap) => {
  let isNewer = false;
  for (const name of single) {
    const address = element.getAttribute(name);
    const other = address && newer(address, files);
    if (!other) continue;
    isNewer = true;
    if (element.localName === "link" && element.relList.contains("stylesheet")) {
      swap([element], other);
    } else {
      element.setAttribute(name, other);
    }
  }
  for (const name of several) {
    const set = element.getAttribute(name);
    const other = set?.replace(/[^\s,](?:\S*[^\s,])?/g, (word) => newer(word, files) ?? word);
    if (!set || other === set) continue;
    isNewer = true;
    element.setAttribute(name, other);
  }
  const style = element.getAttribute("style");
  if (style?.includes("url(")) {
    const other = style.replace(/url\((["']?)(.*?)\1\)/g, (whole, quote, address) => {
      const found = newer(address, files);
      return found ? "url(" + quote + found + quote + ")" : whole;
    });
    // As the policy allows it: not by the attribute.
    if (other !== style) {
      isNewer = true;
      element.style.cssText = other;
    }
  }
  return isNewer;
};

// Gives everything in the page that names one of these files its new address.
//
// `files` are numbers by paths; `swap` takes another sheet instead of links. What has changed is
// a number of elements; where only loading helps, it is null.
const renewFiles = (files, isScript, swap) => {
  let count = 0;
  if (!Object.keys(files).length) return count;
  for (const element of document.querySelectorAll("*")) {
    if (links.has(element.localName)) continue;
    if (element.localName === "script") {
      if (isScript(element) && element.src && newer(element.src, files)) return null;
      continue;
    }
    if (!renew(element, files, swap)) continue;
    count++;
    // What chose its source asks for it again.
    if (element.localName === "source") element.closest("video, audio")?.load();
  }
  return count;
};

export { renewFiles };
