"""The Nu HTML validator finds no error in a page of each kind, as served.

Pages are saved from the running demo with their slots filled, so that fragments are checked where
they stand. A kind that no link leads to fails: then a page or its path is missing.
"""

from harness import (
    KINDS, NOT_FOUND, check, fetch, page_of_each_kind, run, start_demo, temporary_folder)
from validation import errors


def main():
    with temporary_folder() as folder, start_demo(folder) as demo:
        pages = page_of_each_kind(demo.port)
        missing = KINDS.keys() - pages.keys()
        check("links lead to a page of each kind", not missing, f"missing: {sorted(missing)}")
        pages["not found"] = NOT_FOUND
        files = {}
        for kind, path in pages.items():
            answer = fetch(demo.port, path, cookie="bag=demo")
            check(f"{kind} {path} is HTML in UTF-8",
                  (answer["content-type"] or "").lower().replace(" ", "")
                  == "text/html;charset=utf-8", answer["content-type"])
            files[kind] = folder / f"{kind.replace(' ', '-')}.html"
            files[kind].write_bytes(answer.body)
        found = errors(files.values())
        for kind, file in files.items():
            own = [line for line in found if line.startswith(file.name)]
            check(f"{kind} has no error", not own, "\n        ".join(own[:10]))


if __name__ == "__main__":
    run(main)
