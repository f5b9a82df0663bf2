#!/usr/bin/env python3
"""Each check of the conformance kit can fail: there is a variant that breaks it, and nothing else.

violations.py KIT PLUGINS CASES WORK [FAULT...]

PLUGINS holds variant.so, sound but for a mark that is patched in copies (see variant/fault.hpp), and those that no patch can
make. For every check that the kit lists, the kit must find the variant of that check, and fail no other check but those
that cannot hold where it does not (ALSO). A check without a variant is a failure of this test.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

MARK = b"VIOLATION:none"
ROOM = 24  # of the array that holds it
LINKED = {"A4": "variant-exports.so", "A5": "variant-libraries.so", "A6": "variant-runpath.so"}
# What is broken with it: the second asks for more of the same.
ALSO = {
    "D2": {"D4"},      # a cursor that loses orders loses them in a new process too
    "D3": {"D5"},      # what a place gives but once is missing when all is read again
    "D4": {"G2"},      # in workers, every connector is in a new process
    "E6": {"G1"},      # damaged answers are odd JSON
    "D14.endless": {"D5", "D15"},  # what never ends has no places to judge
    "D15": {"D5"},     # as D3
    "D15.resume": {"D5"},  # what ends at once where it did not begin, ends at odd places too
    "D16.endless": {"D5", "D10", "D17"},
    "D17": {"D5"},
    "D17.resume": {"D5"},
    "F6.cursor": {"D5"},  # half a cursor with more in it is a whole one
}
# Other faults that a check must find.
MORE = ["B3.nullable", "B6.const", "C7.all", "D9.verify", "F6.cursor", "F6.parked", "F6.return", "F6.state", "F7.order"]
# As well; of these the checks of the same group alone are run, which takes a third of the time.
NEAR = ["D5.audit", "D5.empty", "D5.endless", "D5.huge", "D5.returns", "D10.returns", "D14.placed", "D14.id",
        "D14.lost", "D14.page", "D14.wait", "D14.endless", "D15.resume", "D16.value", "D16.lost", "D16.parked",
        "D16.page", "D16.endless", "D17.resume"]
TIMED = {"A8", "G4"}  # a busy machine may be slow
# G2 runs the others once more with isolation, which takes ten times as long as all of them: it is run for the sound
# variant, for its own faults, and where one may come to something else in a worker.
ISOLATED = {"A1", "C1", "D1", "D4", "G2", "wider"}


def patched(check, data):
    """The bytes of the variant that breaks the check."""
    block = data.index(b"MARKETPLUG-ABI\0\1")
    if check == "A1":
        data[block:block + 4] = b"XXXX"
    elif check == "A2":
        data[block + 24] += 1  # abi_minor
    elif check == "A3":
        at = data.index(b"1.2.3\0", block)
        data[at:at + 5] = b"1.2.x"
    else:
        at = data.index(MARK)
        data[at:at + ROOM] = (b"VIOLATION:" + check.encode()).ljust(ROOM, b"\0")
    return data


def main(kit, plugins, cases, work, *faults):
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    listed = subprocess.run([kit, "--list"], stdout=subprocess.PIPE, text=True, check=True).stdout
    checks = [line.split()[0] for line in listed.splitlines()]
    sound = plugins / "variant.so"

    def run(name, file, *more):
        report = work / f"{name}.json"
        done = subprocess.run([kit, file, "--cases", cases, "--seed", "7", "--limit", "60", "--report", report, *more],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode not in (0, 1) or not report.exists():
            return {}, f"{name}: the kit ended with {done.returncode}:\n{done.stdout[-2000:]}"
        told = json.loads(report.read_text())
        failed = {each["id"]: each["level"] for each in told["checks"] if each["result"] == "failed"}
        required = any(level == "required" for level in failed.values())
        if done.returncode != (1 if required else 0) or told["conforms"] == required:
            return failed, f"{name}: exit code {done.returncode}, conforms {told['conforms']}, failed {failed}"
        return failed, "" if set(failed) <= set(checks) else f"{name}: unknown ids {failed}"

    def violate(mark):
        check = mark.split(".")[0]
        file = work / f"{mark}.so"
        if check in LINKED:
            shutil.copy(plugins / LINKED[check], file)
        else:
            file.write_bytes(patched(mark, bytearray(sound.read_bytes())))
        os.chmod(file, 0o644)
        more = ["--previous", sound] if check in ("B6", "wider") else []
        if mark in NEAR:
            more += ["--only", ",".join(each for each in checks if each[0] == check[0])]
        elif mark not in ISOLATED:
            more += ["--only", ",".join(each for each in checks if each != "G2")]
        failed, wrong = run(mark, file, *more)
        if wrong:
            return wrong
        if check == "wider":  # a release that allows more is as sound as the one before
            return f"wider: fails {sorted(failed)}" if set(failed) - TIMED else ""
        if check not in failed:
            return f"{mark}: no variant breaks it; failed: {sorted(failed) or 'nothing'}"
        others = set(failed) - {check} - ALSO.get(mark, set()) - TIMED
        return f"{mark}: its variant breaks {sorted(others)} too" if others else ""

    failed, wrong = run("sound", sound)
    found = [wrong] if wrong else []
    found += [f"the sound variant fails {check}" for check in failed if check not in TIMED]
    with ThreadPoolExecutor(2) as pool:
        tried = list(faults) or checks + MORE + NEAR + ["wider"]
        found += [text for text in pool.map(violate, tried) if text]
    print("\n".join(found) or f"{len(tried)} faults, each found, and by no other check")
    return 1 if found else 0


if __name__ == "__main__":
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    sys.exit(main(*[pathlib.Path(word).resolve() for word in sys.argv[1:5]], *sys.argv[5:]))
