"""Compiles the sources of a written site against what the repository's own build has made.

A package outside of the repository compiles sitegen and its dependencies anew, which takes minutes;
here the compiler gets the modules and objects of .build/debug, with the options that the build
gives to the targets of a site. Warnings are errors, as in the site's own package.
"""

import json
import pathlib
import re
import subprocess

from harness import ROOT, Failure

BUILD = ROOT / ".build/debug"


def _arguments(kind):
    """The arguments of a command of the build that concern FollowSite, a site of the tests."""
    mark = {"compile": '"-emit-module-path"', "link": '"-emit-executable"'}[kind]
    for line in (ROOT / ".build/debug.yaml").read_text().splitlines():
        if line.startswith("    args: ") and '"-module-name","FollowSite"' in line and mark in line:
            return json.loads(line.removeprefix("    args: "))
    raise Failure("the repository has not been built with its tests; run Tests/check build")


def compiler():
    """The compiler that the build uses."""
    return _arguments("compile")[0]


def importing():
    """The options with which modules are found."""
    given = _arguments("compile")
    options = []
    for place, option in enumerate(given):
        if option == "-Xcc" or option.startswith("-I/"):
            options += given[place:place + 2] if option == "-Xcc" else [option]
        if option in ("-I", "-module-cache-path") and given[place - 1] != "-Xcc":
            options += given[place:place + 2]
    return options


def _linking():
    """The options with which libraries are found, and all objects but a program's own."""
    options = [option for option in _arguments("link") if re.match(r"-l|-L/", option)]
    objects = (BUILD / "FollowSite.product/Objects.LinkFileList").read_text().split("\n")
    return options, [path for path in objects if path and "/FollowSite.build/" not in path]


def said_of(sources, folder, seconds=120):
    """What the compiler says of each of these sources, by name; all are one module of a site.

    `sources` are texts by name; the answer has the lines with errors of each.
    """
    for name, text in sources.items():
        (folder / f"{name}.swift").write_text(text)
    done = subprocess.run(
        [compiler(), "-typecheck", "-wmo", "-swift-version", "6",
         *importing(),
         *[str(folder / f"{name}.swift") for name in sources]],
        capture_output=True, text=True, timeout=seconds)
    lines = (done.stdout + done.stderr).splitlines()
    return {name: [line for line in lines if f"/{name}.swift:" in line and "error:" in line]
            for name in sources}


def compile_site(site, program, folders=("site",), seconds=300):
    """Compiles folders of a site into the file `program`, whose name becomes the module's.

    Returns the finished process of the compiler.
    """
    libraries, objects = _linking()
    listed = program.parent / f"{program.name}.objects"
    program.parent.mkdir(exist_ok=True)
    listed.write_text("\n".join(objects))
    sources = sorted(
        str(path) for folder in folders for path in (site / folder).rglob("*.swift"))
    command = [
        compiler(), "-module-name", program.name.replace("-", "_"),
        "-emit-executable", "-Onone", "-gline-tables-only", "-wmo", "-num-threads", "2",
        "-enable-testing", "-swift-version", "6", "-warnings-as-errors", *importing(), *libraries,
        "-Xlinker", f"-rpath={BUILD}", "-o", str(program), *sources, f"@{listed}",
    ]
    return subprocess.run(command, capture_output=True, text=True, timeout=seconds)


def compile_tests(site, program, seconds=120):
    """Compiles the tests of a site's folder against its sources; runs nothing.

    Returns the finished process of the compiler that went wrong, or the last one.
    """
    module = program.name.replace("-", "_")
    folder = program.parent / f"{module}-tests"
    folder.mkdir(exist_ok=True)
    swiftc = compiler()
    plugins = pathlib.Path(swiftc).parent.parent / "lib/swift/host/plugins/testing"
    sources = sorted(str(path) for path in (site / "site").rglob("*.swift"))
    tests = sorted(str(path) for path in (site / "Tests").rglob("*.swift"))
    common = ["-swift-version", "6", "-warnings-as-errors", *importing()]
    for command in [
        [swiftc, "-emit-module", "-wmo", "-enable-testing", "-module-name", module,
         "-emit-module-path", str(folder / f"{module}.swiftmodule"), *common, *sources],
        [swiftc, "-typecheck", "-module-name", "SiteTests", "-I", str(folder), "-plugin-path",
         str(plugins), *common, *tests],
    ]:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, cwd=folder)
        if done.returncode:
            return done
    return done
