#!/usr/bin/env python3
"""Who may include whom: the layout of the project, checked on its #include lines.

include_rules.py ROOT         every source of the project; exit code 1 and one line per offence
include_rules.py --self-test  proves on made-up files that each rule can fail
"""
import pathlib
import re
import sys
import tempfile

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)
SOURCES = {".hpp", ".cpp", ".ipp", ".h", ".cc", ".in"}
FOLDERS = ("plugin-api", "plugins", "host", "tests")

# An outside library has one home: (its name, its headers, the folders that may include them).
# The tests of this repository may use any of them, but for Boost.DLL.
HOMES = [
    ("Boost.DLL", r"boost/dll", ["host/loading/"]),
    ("Poco", r"Poco/", ["host/services/", "plugins/amazon/sandbox/"]),
    ("yaml-cpp", r"yaml-cpp/", ["host/config/"]),
    ("SQLite", r"sqlite3", ["host/store/"]),
    ("libpq", r"(postgresql/)?libpq", ["host/store/"]),
    ("CLI11", r"CLI/", ["host/cli/", "plugins/amazon/sandbox/"]),
    ("spdlog", r"spdlog/", ["host/services/"]),
    ("prometheus-cpp", r"prometheus/", ["host/services/"]),
    ("Boost.Beast and Asio", r"boost/(beast|asio)", ["host/api/"]),
    ("boost::regex", r"boost/regex", ["host/json/"]),
    ("libsodium", r"sodium", ["host/api/"]),
    ("OpenSSL", r"openssl/", ["host/services/", "host/api/", "host/store/", "host/json/", "host/loading/",
                              "plugins/amazon/sandbox/"]),
    ("zlib", r"zlib\.h", ["host/services/", "host/api/", "plugins/"]),
    ("libxml2", r"libxml/", ["plugins/"]),
    ("libzip", r"zip\.h", ["plugins/"]),
    ("fmt", r"fmt/", ["host/", "plugins/amazon/sandbox/"]),
    ("Boost.JSON", r"boost/json", ["host/", "plugins/", "plugin-api/template/"]),
    ("the dynamic loader", r"(dlfcn|link|elf)\.h", ["host/loading/"]),
]

# Which folder of host/ may include which; app may include all, and nobody includes app.
HOST = {
    "json": [],
    "config": ["json/"],
    "store": [],
    "services": ["store/"],
    "loading": [],
    "sync": ["store/store.hpp", "store/types.hpp", "json/", "loading/call_guard.hpp"],
    "contacts": [],
    "finance": [],
    "api": ["store/", "sync/", "json/", "config/", "contacts/", "finance/", "loading/", "services/"],
    "cli": ["json/", "api/backend.hpp"],
    "isolation": ["loading/", "services/", "json/"],
    "testkit": ["isolation/", "loading/", "services/", "json/"],
}
TEST_PATH = re.compile(r"(^|/)tests/")
TESTING = re.compile(r"(gtest|gmock)/|marketplug/testing/")


def offences(path, header, quoted):
    """Reasons why the file at `path` (relative, with slashes) may not include `header`."""
    is_test = bool(TEST_PATH.search(path))
    for name, pattern, homes in HOMES:
        if not re.match(pattern, header) or any(path.startswith(home) for home in homes):
            continue
        if is_test and name != "Boost.DLL":
            continue
        yield f"{name} has its home in {', '.join(homes)}"
    if TESTING.match(header) and not is_test and not path.startswith(("plugin-api/testing/", "host/testkit/")):
        yield "production code does not include test helpers"

    parts = path.split("/")
    if path.startswith("plugin-api/include/"):
        standard = not quoted and "/" not in header and "." not in header
        if not standard and not header.startswith("marketplug/"):
            yield "the SDK's headers include the standard library and each other only"
    if parts[0] == "plugins":
        # Its tests may hold orders and settings against the host's codec and validator.
        judge = header.startswith("host/json/") and "/tests/" in path
        if header.startswith("host/") and not judge:
            yield "a plugin, its tests and its simulator know nothing of the host"
        other = re.match(r"plugins/([^/]+)/", header)
        if other and other[1] != parts[1]:
            yield "plugins are strangers to each other"
    if parts[0] == "plugin-api" and header.startswith(("host/", "plugins/")):
        yield "the SDK knows neither host nor plugins"
    if parts[0] == "host":
        if header.startswith(("tests/", "plugins/")):
            yield "the host includes neither tests nor plugins"
        target = re.match(r"host/(([^/]+)/.*)", header)
        if target and parts[1] != target[2] and parts[1] != "app":
            if not any(target[1].startswith(allowed) for allowed in HOST.get(parts[1], [])):
                yield f"host/{parts[1]} does not depend on {target[1]}"


def check(root):
    found = []
    if not any((root / folder).is_dir() for folder in FOLDERS):
        return [f"{root} holds no sources of this project"]
    for folder in FOLDERS:
        for file in sorted((root / folder).rglob("*")):
            if file.suffix not in SOURCES or not file.is_file():
                continue
            path = file.relative_to(root).as_posix()
            text = file.read_text(encoding="utf-8", errors="replace")
            for match in INCLUDE.finditer(text):
                line = text.count("\n", 0, match.start(1)) + 1
                for reason in offences(path, match[2], match[1] == '"'):
                    found.append(f"{path}:{line}: includes {match[2]}: {reason}")
    return found


# (file, included header with its marks, a word of the offence or None where all is well)
CASES = [
    ("host/loading/load.cpp", "<boost/dll/shared_library.hpp>", None),
    ("host/sync/a.cpp", "<boost/dll.hpp>", "Boost.DLL"),
    ("tests/unit/loading/a.cpp", "<boost/dll/import.hpp>", "Boost.DLL"),
    ("host/services/http.cpp", "<Poco/Net/Context.h>", None),
    ("plugins/amazon/sandbox/server_a.cpp", "<Poco/Net/Context.h>", None),
    ("tests/integration/a.cpp", "<Poco/Net/Context.h>", None),
    ("plugins/amazon/src/a.cpp", "<Poco/URI.h>", "Poco"),
    ("host/api/a.cpp", "<Poco/URI.h>", "Poco"),
    ("host/sync/a.hpp", "<yaml-cpp/yaml.h>", "yaml-cpp"),
    ("host/sync/a.cpp", "<sqlite3.h>", "SQLite"),
    ("host/api/a.cpp", "<libpq-fe.h>", "libpq"),
    ("host/app/main.cpp", "<CLI/CLI.hpp>", "CLI11"),
    ("host/store/a.cpp", "<spdlog/spdlog.h>", "spdlog"),
    ("host/sync/a.cpp", "<prometheus/counter.h>", "prometheus"),
    ("host/services/a.cpp", "<boost/asio.hpp>", "Asio"),
    ("host/cli/a.cpp", "<boost/beast/http.hpp>", "Beast"),
    ("host/api/a.cpp", "<boost/beast/http.hpp>", None),
    ("host/config/a.cpp", "<boost/regex.hpp>", "regex"),
    ("plugins/amazon/src/a.cpp", "<openssl/evp.h>", "OpenSSL"),
    ("plugins/amazon/src/a.cpp", "<fmt/format.h>", "fmt"),
    ("plugins/amazon/src/a.cpp", "<boost/json/parse.hpp>", None),
    ("plugins/amazon/src/a.cpp", "<dlfcn.h>", "dynamic loader"),
    ("plugin-api/template/src/a.cpp", "<boost/json.hpp>", None),
    ("plugin-api/template/src/a.cpp", "<fmt/format.h>", "fmt"),
    ("plugin-api/include/marketplug/a.hpp", "<vector>", None),
    ("plugin-api/include/marketplug/a.hpp", '"marketplug/result.hpp"', None),
    ("plugin-api/include/marketplug/a.hpp", "<unistd.h>", "standard library"),
    ("plugin-api/include/marketplug/a.ipp", "<boost/json/value.hpp>", "standard library"),
    ("plugin-api/include/marketplug/a.hpp", '"result.hpp"', "standard library"),
    ("plugin-api/testing/marketplug/testing/a.hpp", "<gmock/gmock.h>", None),
    ("plugin-api/testing/marketplug/testing/a.hpp", '"host/sync/sync.hpp"', "SDK"),
    ("plugins/amazon/src/a.cpp", '"host/json/schema.hpp"', "nothing of the host"),
    ("plugins/amazon/tests/a_test.cpp", '"host/store/store.hpp"', "nothing of the host"),
    ("plugins/amazon/tests/a_test.cpp", '"host/json/order_codec.hpp"', None),
    ("plugins/amazon/sandbox/a.cpp", '"host/json/schema.hpp"', "nothing of the host"),
    ("plugins/amazon/src/a.cpp", '"plugins/bol/src/b.hpp"', "strangers"),
    ("plugins/amazon/src/a.cpp", '"plugins/amazon/src/b.hpp"', None),
    ("plugins/amazon/src/a.cpp", "<gtest/gtest.h>", "test helpers"),
    ("plugins/amazon/tests/a_test.cpp", "<gtest/gtest.h>", None),
    ("host/sync/a.cpp", '"marketplug/testing/fakes.hpp"', "test helpers"),
    ("host/sync/a.cpp", '"host/store/store.hpp"', None),
    ("host/sync/a.cpp", '"host/store/sqlite_connection.hpp"', "host/sync does not depend"),
    ("host/sync/a.cpp", '"host/services/services.hpp"', "host/sync does not depend"),
    ("host/sync/a.cpp", '"host/loading/call_guard.hpp"', None),
    ("host/sync/a.cpp", '"host/loading/plugin.hpp"', "host/sync does not depend"),
    ("host/json/a.cpp", '"host/app/wiring.hpp"', "host/json does not depend"),
    ("host/app/main.cpp", '"host/store/store.hpp"', None),
    ("host/cli/a.cpp", '"host/api/backend.hpp"', None),
    ("host/cli/a.cpp", '"host/api/local_backend.hpp"', "host/cli does not depend"),
    ("host/store/a.cpp", '"tests/support/a.hpp"', "neither tests"),
    ("tests/unit/store/a.cpp", '"host/store/store.hpp"', None),
    ("host/sync/a.cpp", "<embedded/schema.hpp>", None),
]


def self_test():
    wrong = []
    for path, header, word in CASES:
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / path
            file.parent.mkdir(parents=True)
            file.write_text(f"#pragma once\n#  include {header}\n", encoding="utf-8")
            found = check(pathlib.Path(folder))
        good = not found if word is None else any(word in offence for offence in found)
        good = good and all(offence.startswith(f"{path}:2: ") for offence in found)
        if not good:
            wrong.append(f"{path} with {header}: expected {word or 'no offence'}, got {found}")
    return wrong


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    result = self_test() if sys.argv[1] == "--self-test" else check(pathlib.Path(sys.argv[1]))
    print("\n".join(result))
    sys.exit(1 if result else 0)
