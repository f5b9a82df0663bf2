#!/usr/bin/env python3
"""scripts/demo as a person runs it: to its end, and ended by Ctrl-C. It leaves no folder and no process behind.

demo.py ROOT once|ctrl_c     exit code 1 and what was wrong. The release build must be up to date: a demo that
compiles is not this test.
"""
import os
import pathlib
import signal
import subprocess
import sys
import tempfile

BUILT = "no work to do"
#: Ctrl-C while it imports, and while the service runs.
MOMENTS = ("marketplug sync --until-idle", "Ctrl-C ends everything")


def left_over(session):
    """The processes that still belong to the demo."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        try:
            words = (entry / "stat").read_text().rpartition(")")[2].split()
        except (OSError, ValueError):
            continue
        if int(words[3]) == session and words[0] not in "ZX":
            found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return found


class Demo:
    def __init__(self, root, folder, *options):
        self.folder = pathlib.Path(folder)
        self.text = ""
        self.process = subprocess.Popen(
            [root / "scripts" / "demo", "--no-install", *options], env=os.environ | {"TMPDIR": folder},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            start_new_session=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if left_over(self.process.pid):
            os.killpg(self.process.pid, signal.SIGKILL)

    def read_until(self, words):
        for line in self.process.stdout:
            self.text += line
            if words in line:
                return
        raise AssertionError(f"the demo ended before it said {words!r}")

    def expect_end(self, code, what):
        self.text += self.process.stdout.read()
        ended = self.process.wait()
        assert ended == code, f"{what}: it ended with {ended}"
        assert not (found := left_over(self.process.pid)), f"{what}: these still run: {found}"
        assert not (found := list(self.folder.iterdir())), f"{what}: left behind: {found}"


def once(demo):
    demo.expect_end(0, "--once")
    assert BUILT in demo.text, "the release build was not up to date: cmake --build --preset release"
    for words in ("0 error(s)", "orders ", "EUR", "That is the demo."):
        assert words in demo.text, f"it did not say {words!r}"


def ctrl_c_at(moment):
    def run(demo):
        demo.read_until(moment)
        os.killpg(demo.process.pid, signal.SIGINT)
        demo.expect_end(130, f"Ctrl-C at {moment!r}")
    return run


WAYS = {"once": [(once, ["--once"])], "ctrl_c": [(ctrl_c_at(moment), []) for moment in MOMENTS]}


def main(arguments):
    if len(arguments) != 2 or arguments[1] not in WAYS:
        sys.exit(__doc__)
    for run, options in WAYS[arguments[1]]:
        with tempfile.TemporaryDirectory(prefix="demo-") as folder:
            with Demo(pathlib.Path(arguments[0]), folder, *options) as demo:
                try:
                    run(demo)
                except AssertionError as error:
                    print(error, demo.text, sep="\n")
                    return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
