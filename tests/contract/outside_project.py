#!/usr/bin/env python3
"""A stranger's first plugin: from an installed Marketplug to a plugin that its host has loaded.

outside_project.py BUILD WORK COMPILER...

Installs BUILD into WORK/prefix, moves that (nothing in it may remember where it was made), writes a project with the
installed `marketplug new-plugin`, builds and tests it with each compiler against the installed SDK, installs it, and
runs it in the installed host against a marketplace that answers as the template's cases.json says: the orders must be
there, and the bad one parked. Compilers that are absent are skipped, loudly.
"""
import importlib.util
import os
import pathlib
import shutil
import subprocess
import sys

NAME = "my-market"


def run(*command, expect=0):
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != expect:
        sys.exit(f"{' '.join(map(str, command))}\nended with {done.returncode}, not {expect}:\n{done.stdout[-6000:]}")
    return done.stdout


def must_say(output, *texts):
    for text in texts:
        if text not in output:
            sys.exit(f'"{text}" is missing from:\n{output}')


def size_of(template):
    """Lines of the template's sources, tests apart."""
    files = [file for file in template.rglob("*.[ch]pp") if "tests" not in file.parts]
    return sum(len(file.read_text(encoding="utf-8").splitlines()) for file in files)


def market_of(project):
    """The scripted marketplace that new-plugin has written into the project, as a module."""
    spec = importlib.util.spec_from_file_location("market", project / "tests/market.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def configure(work, name, market=None):
    """A host of its own, with one shop at that marketplace, as the marketplace's script says it."""
    folder = work / f"host-{name}"
    (folder / "shops.d").mkdir(parents=True, exist_ok=True)
    lines = 'store: { url: "sqlite:state/test.db" }\nshops: { folder: ./shops.d }\n'
    (folder / "marketplug.yaml").write_text(lines + (market.host_line() if market else ""))
    if market:
        (folder / "shops.d/my-shop.yaml").write_text(market.shop_file())
    return folder / "marketplug.yaml"


def try_it(program, config, market):
    """As the guide's last step: the marketplace answers, its orders come, and the bad one waits for a person."""
    host = [program, "--config", config]
    must_say(run(*host, "check"), "The account answers.", "0 error(s)")
    must_say(run(*host, "sync", "--until-idle"), "3 new")
    must_say(run(*host, "orders", "export"), '"id":"A1"', '"id":"A2"', '"amount":"9.95"')
    must_say(run(*host, "parked", "list"), "A3", "placed_at is missing or malformed")
    os.environ["MARKET_KEY"] = "wrong"
    must_say(run(*host, "check", expect=1), "error", "Make a new API key")
    os.environ["MARKET_KEY"] = "invented"
    if set(market.asked) != {"/whoami", "/list_orders"}:
        sys.exit(f"the plugin asked for {sorted(set(market.asked))}")


def main(build, work, compilers):
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    os.environ["MARKET_KEY"] = "invented"
    os.umask(0o002)  # many people's; the host refuses folders that a group may write
    run("cmake", "--install", build, "--prefix", work / "made")
    prefix = work / "prefix"
    (work / "made").rename(prefix)
    program = prefix / "bin/marketplug"

    if size_of(prefix / "share/marketplug/template") >= 300:
        sys.exit("the template has grown to 300 lines: make it smaller")
    said = run(program, "new-plugin", NAME, "--folder", work / NAME)
    must_say(said, f"cmake -S {work / NAME}", f"-DCMAKE_PREFIX_PATH={prefix}", "cmake --install")
    must_say(run(program, "new-plugin", NAME, "--folder", work / NAME, expect=1), "exists already", "remedy:")
    must_say(run(program, "new-plugin", "My Market", expect=2), "is no name for a plugin", "remedy:")

    built = []
    for compiler in compilers:
        if shutil.which(compiler) is None:
            print(f"SKIPPED: {compiler} is not installed; the template was not built with it")
            continue
        folder = work / f"build-{compiler}"
        launcher = shutil.which("ccache")
        run("cmake", "-S", work / NAME, "-B", folder, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={prefix}",
            f"-DCMAKE_CXX_COMPILER={compiler}", "-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_CXX_FLAGS=-Werror",
            *([f"-DCMAKE_CXX_COMPILER_LAUNCHER={launcher}"] if launcher else []))
        run("cmake", "--build", folder, "-j2")
        must_say(run("ctest", "--test-dir", folder, "--output-on-failure"), f"{NAME}-conformance", "100% tests passed")
        run("cmake", "--install", folder, "--prefix", prefix)
        # A developer's machine has no configuration. (Here; should /etc have one, it is no worse.)
        must_say(run(program, "plugins", "verify", prefix / "lib/marketplug/plugins" / f"{NAME}.so"), "state", "ready")
        shown = run(program, "--config", configure(work, compiler), "plugins", "show", NAME)
        must_say(shown, "ready", "order-source/1, stock-sink/1, shipment-sink/1")
        for unwanted in ("warning", "refused"):
            if unwanted in shown:
                sys.exit(f"the host finds fault with it:\n{shown}")
        with market_of(work / NAME).Market(work, "invented") as market:
            try_it(program, configure(work, compiler, market), market)
        built.append(compiler)
    if not built:
        sys.exit(f"none of {', '.join(compilers)} is installed")
    print("built, tested and loaded:", ", ".join(built))


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve(), sys.argv[3:])
