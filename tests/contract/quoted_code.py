#!/usr/bin/env python3
"""Code in docs/authors is quoted from files that are compiled and tested, never typed for the page.

quoted_code.py ROOT         each block of code stands, word for word, in the file that the line above it names:
                            <!-- from plugin-api/template/src/client.cpp -->
                            "…" alone on a line of a block leaves something out. Shell and plain text are free.
                            Also: settings.md names every word of the vocabulary, capabilities.md every capability.
quoted_code.py --self-test  proves on made-up pages that each rule can fail
"""
import json
import pathlib
import re
import sys
import tempfile

FREE = {"sh", "text", ""}
BLOCK = re.compile(r"^(?:<!-- from (?P<file>\S+) -->\n)?```(?P<language>\S*)\n(?P<code>.*?)^```$", re.M | re.S)


def offences(text, root):
    for match in BLOCK.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        if match["file"] is None:
            if match["language"] not in FREE:
                yield f"{line}: a block of {match['language']} does not say which file it is from"
            continue
        file = root / match["file"]
        if not file.is_file():
            yield f"{line}: there is no {match['file']}"
            continue
        source, at = file.read_text(encoding="utf-8"), 0
        for part in re.split(r"^\s*…\n", match["code"], flags=re.M):
            at = source.find(part, at)
            if at < 0:
                yield f"{line}: {match['file']} does not hold:\n{part}"
                break
            at += len(part)


def unnamed(root):
    """What a reference page has to name, and does not."""
    words = json.loads((root / "schemas/settings-vocabulary.schema.json").read_text(encoding="utf-8"))["properties"]
    ids = [re.search(r'kId = "([^"]+)"', header.read_text(encoding="utf-8"))[1]
           for header in (root / "plugin-api/include/marketplug/capabilities").glob("*.hpp")]
    for page, names in (("settings.md", words), ("capabilities.md", ids)):
        text = (root / "docs/authors" / page).read_text(encoding="utf-8")
        yield from (f"docs/authors/{page}: does not name {name}" for name in names if f"`{name}" not in text)


def check(root):
    pages = sorted((root / "docs/authors").glob("*.md"))
    found = [f"{page.relative_to(root)}:{what}" for page in pages
             for what in offences(page.read_text(encoding="utf-8"), root)]
    found += unnamed(root)
    return found if pages else [f"no pages in {root}/docs/authors"]


def self_test():
    page = "text\n<!-- from a.cpp -->\n```cpp\n{}```\n"
    cases = [
        (page.format("int a;\n"), 0), (page.format("int a;\nint b;\n"), 0), (page.format("int a;\n…\nint c;\n"), 0),
        (page.format("int d;\n"), 1), (page.format("int a;\nint c;\n"), 1), (page.format("int c;\n…\nint a;\n"), 1),
        ("```cpp\nint a;\n```\n", 1), ("```json\n{}\n```\n", 1), ("```sh\nls\n```\n", 0), ("```\nwords\n```\n", 0),
        ("<!-- from b.cpp -->\n```cpp\nint a;\n```\n", 1),
    ]
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        (root / "a.cpp").write_text("int a;\nint b;\nint c;\n", encoding="utf-8")
        return [f"{text!r}: {list(offences(text, root))}, expected {count}"
                for text, count in cases if len(list(offences(text, root))) != count]


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    result = self_test() if sys.argv[1] == "--self-test" else check(pathlib.Path(sys.argv[1]))
    print("\n".join(result))
    sys.exit(1 if result else 0)
