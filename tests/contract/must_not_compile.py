#!/usr/bin/env python3
"""Mistakes of a plugin's author that the compiler must notice, in words that help.

must_not_compile.py COMPILER INCLUDE_DIR CASES [MODULE]
Each CASES/*.cpp begins with lines "// error: text that the compiler's output must hold", or with "// compiles".
MODULE is MarketplugPlugin.cmake, which must refuse a plugin without a schema.
"""
import concurrent.futures
import pathlib
import re
import subprocess
import sys


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"})
    return done.returncode, re.sub(r"\s+", " ", done.stderr)


def judge(case, compiler, include):
    head = case.read_text(encoding="utf-8").split("#include")[0]
    wanted = re.findall(r"^// error: (.+)$", head, re.M)
    code, output = run(compiler, "-std=c++20", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", f"-I{include}", str(case))
    if not wanted:
        return [] if code == 0 else [f"{case.name}: should compile: {output[:2000]}"]
    if code == 0:
        return [f"{case.name}: was accepted"]
    return [f'{case.name}: the compiler does not say "{text}": {output[:2000]}' for text in wanted if text not in output]


def judge_cmake(module):
    found = []
    for call, wanted in (("odd SOURCES a.cpp", "needs SOURCES and SCHEMA"),
                         ("odd SCHEMA a.json", "needs SOURCES and SCHEMA"),
                         ("odd SOURCES a.cpp SCHEMA a.json AND more", "does not know: AND;more")):
        script = pathlib.Path("must_not_configure.cmake")
        script.write_text(f'include("{module}")\nmarketplug_add_plugin({call})\n', encoding="utf-8")
        code, output = run("cmake", "-P", str(script))
        if code == 0 or wanted not in output:
            found.append(f'marketplug_add_plugin({call}) does not say "{wanted}": {output}')
    return found


def main(compiler, include, cases, module=None):
    files = sorted(pathlib.Path(cases).glob("*.cpp"))
    if len(files) < 2:
        return [f"no cases in {cases}"]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        found = [line for lines in pool.map(lambda case: judge(case, compiler, include), files) for line in lines]
    return found + (judge_cmake(module) if module else [])


if __name__ == "__main__":
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    result = main(*sys.argv[1:])
    print("\n".join(result))
    sys.exit(1 if result else 0)
