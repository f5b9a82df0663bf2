#!/usr/bin/env python3
"""What no file of the project may contain: notes to do something later, and secrets.

hygiene.py ROOT         every text file of the project; exit code 1 and one line per find
hygiene.py --self-test  proves that each rule can fail
"""
import os
import pathlib
import re
import sys

SKIPPED = {".git", "build", "node_modules", "__pycache__"}
# Test data invents tokens that are short; a real one has hundreds of characters, wherever it stands.
TEST_DATA = re.compile(r"(^|/)(tests|sandbox|testing)/")
SHORT, LONG = 24, 100

LATER = re.compile(r"\b(?:TO" r"DO|FIX" r"ME)\b")
SECRETS = [
    ("an Amazon token", re.compile(r"Atz[ar]\|([A-Za-z0-9+/=_-]+)")),
    ("an Amazon client secret", re.compile(r"amzn1\.oa2-cs\.v1\.([0-9a-f]+)")),
    ("an AWS access key", re.compile(r"\b(AKIA[0-9A-Z]{16})\b")),
    ("a private key", re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+([A-Za-z0-9+/=\s]+)")),
]


def finds(path, text):
    """(line, what) of everything in `text` that must not be in the file at `path`."""
    limit = LONG if TEST_DATA.search(path) else SHORT
    for match in LATER.finditer(text):
        yield text.count("\n", 0, match.start()) + 1, "a note to do something later: do it, or open an issue"
    for name, pattern in SECRETS:
        for match in pattern.finditer(text):
            fixed_size = name == "an AWS access key"
            if fixed_size or len(match[1]) >= limit:
                yield text.count("\n", 0, match.start()) + 1, f"looks like {name}: revoke it, then remove it"


def check(root):
    found = []
    if not (root / "CMakeLists.txt").is_file():
        return [f"{root} is not the folder of this project"]
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(set(folders) - SKIPPED)
        for name in sorted(names):
            file = pathlib.Path(folder) / name
            if file.is_symlink() or not file.is_file():
                continue
            data = file.read_bytes()
            if b"\0" in data:
                continue
            path = file.relative_to(root).as_posix()
            found += [f"{path}:{line}: {what}" for line, what in finds(path, data.decode("utf-8", "replace"))]
    return found


def self_test():
    token, key = "Atz" "r|", "-----BEGIN PRIVATE" " KEY-----\n"
    cases = [
        ("host/a.cpp", "// TO" "DO: later", 1),
        ("docs/a.md", "todo lists are fine", 0),
        ("tests/a_test.cpp", "// FIX" "ME", 1),
        ("host/a.cpp", token + "x" * 40, 1),
        ("host/a.cpp", token + "…", 0),
        ("tests/a_test.cpp", token + "x" * 40, 0),
        ("tests/a_test.cpp", token + "x" * 300, 1),
        ("docs/a.md", "amzn1.oa2-cs" ".v1." + "0a" * 32, 1),
        ("tests/a.json", "AK" "IA" + "ABCDEFGH12345678", 1),
        ("plugins/amazon/sandbox/tests/k.pem", key + "MIIE" * 100, 1),
        ("host/a.cpp", key, 0),
    ]
    return [f"{path}: {len(list(finds(path, text)))} finds in {text[:40]!r}, expected {count}"
            for path, text, count in cases if len(list(finds(path, text))) != count]


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    result = self_test() if sys.argv[1] == "--self-test" else check(pathlib.Path(sys.argv[1]))
    print("\n".join(result))
    sys.exit(1 if result else 0)
