#!/usr/bin/env python3
"""Every test that docs/design/faults.md names is in the sources, and every fault has one.

faults.py ROOT         exit code 1 and one line per find
faults.py --self-test  proves that each rule can fail
"""
import pathlib
import re
import sys

PAGE = "docs/design/faults.md"
TEST = re.compile(r"\bTEST(?:_F|_P)?\(\s*(\w+)\s*,\s*(\w+)\s*\)")
ADDED = re.compile(r"\badd_test\(\s*NAME\s+([\w.]+)")
NAME = re.compile(r"`([A-Za-z]\w*\.\w+)`")
FOLDERS = ("tests", "plugins")


def names_in(path, text):
    """The tests that one file makes, as ctest prints them but for parameters."""
    if path.endswith(".cpp"):
        return {f"{suite}.{name}" for suite, name in TEST.findall(text)}
    return set(ADDED.findall(text)) if path.endswith("CMakeLists.txt") else set()


def check_page(text, known):
    for number, line in enumerate(text.split("\n"), 1):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|") or cells[0] == "fault" or set(cells[0]) <= {"-"}:
            continue
        if len(cells) != 4:
            yield number, f"a row has 4 cells, this one {len(cells)}"
            continue
        named = NAME.findall(cells[3])
        if not named:
            yield number, "a fault without a test"
        for name in named:
            if name not in known:
                yield number, f"there is no test {name}"


def check(root):
    page = root / PAGE
    if not page.is_file():
        return [f"{PAGE}: is not there"]
    known = set()
    for folder in FOLDERS:
        for file in (root / folder).rglob("*"):
            if file.suffix == ".cpp" or file.name == "CMakeLists.txt":
                known |= names_in(file.as_posix(), file.read_text("utf-8"))
    found = check_page(page.read_text("utf-8"), known)
    return [f"{PAGE}:{line}: {what}" for line, what in found]


def self_test():
    head = "| fault | seen | kept | test |\n|---|---|---|---|\n"
    cases = [
        (head + "| a | b | c | `One.Two`, `crash.kill` |", 0),
        (head + "| a | b | c | `One.Three` |", 1),
        (head + "| a | b | c | |", 1),
        (head + "| a | b | `One.Two` |", 1),
        ("text with `No.Test` and no row", 0),
    ]
    known = names_in("x.cpp", "TEST_F(One,\n       Two) {") | names_in(
        "tests/CMakeLists.txt", "  add_test(NAME crash.kill\n    COMMAND x)")
    failed = [text for text, count in cases if len(list(check_page(text, known))) != count]
    return [f"the rule does not hold for: {text!r}" for text in failed]


def main(arguments):
    if len(arguments) != 1:
        sys.exit(__doc__)
    found = self_test() if arguments[0] == "--self-test" else check(pathlib.Path(arguments[0]))
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
