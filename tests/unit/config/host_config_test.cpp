#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "host/config/config.hpp"
#include "tests/unit/config/fixtures.hpp"

namespace marketplug::config::host_config_test {
namespace {

using test::told;
using Lines = std::vector<std::string>;

/// The host file of the documentation, complete.
const char* const kExample = R"(# marketplug.yaml
plugins: { folder: ./plugins, pins: {}, isolation: {} }
store:   { url: "sqlite:marketplug.db", keep_raw: parked }
shops:   { folder: ./shops.d }
http:    { ca_file: ./extra-ca.pem, proxy: "", timeout_seconds: 30, allow_private: [] }
api:     { listen: "127.0.0.1:8080", tls: { certificate: "", key: "" }, allow_plain: false }
log:     { level: info, format: text }    # text | json
orders:  { statuses: [pending, open, in_picking, partially_shipped, shipped, cancelled, needs_correction, fulfilled_by_marketplace] }
carriers: { accounts: [dhl-parcel-nl, postnl, ups] }
)";

TEST(HostConfig, LoadsTheCompleteExample) {
  const test::Folder folder;
  const auto loaded = load_host(folder.write("marketplug.yaml", kExample));
  ASSERT_TRUE(loaded.problems.empty()) << test::all_text(loaded.problems);
  const auto& config = loaded.config;
  EXPECT_EQ(config.file, folder.path("marketplug.yaml"));
  EXPECT_EQ(config.folder, folder.path());
  EXPECT_EQ(config.plugins.folder, folder.path("plugins"));
  EXPECT_EQ(config.store.url, "sqlite:" + folder.path("marketplug.db"));
  EXPECT_EQ(config.store.keep_raw, "parked");
  EXPECT_EQ(config.state_folder, folder.path());
  EXPECT_EQ(config.shops_folder, folder.path("shops.d"));
  EXPECT_TRUE(config.shops_folder_named);
  EXPECT_EQ(config.http.ca_file, folder.path("extra-ca.pem"));
  EXPECT_EQ(config.http.proxy, "");
  EXPECT_EQ(config.http.timeout_seconds, 30);
  EXPECT_EQ(config.api.listen, "127.0.0.1:8080");
  EXPECT_FALSE(config.api.allow_plain);
  EXPECT_EQ(config.api.tls_certificate, "");
  EXPECT_EQ(config.log.level, "info");
  EXPECT_EQ(config.order_statuses.size(), 8u);
  EXPECT_EQ(config.carrier_accounts, (Lines{"dhl-parcel-nl", "postnl", "ups"}));
}

TEST(HostConfig, FillsInDefaults) {
  const test::Folder folder;
  const auto loaded = load_host(folder.write("m.yaml", "log: { level: debug }\n"));
  ASSERT_TRUE(loaded.problems.empty()) << test::all_text(loaded.problems);
  const auto& config = loaded.config;
  EXPECT_EQ(config.plugins.folder, "");
  EXPECT_EQ(config.store.url, "sqlite:" + folder.path("marketplug.db"));
  EXPECT_EQ(config.shops_folder, folder.path("shops.d"));
  EXPECT_FALSE(config.shops_folder_named);
  EXPECT_EQ(config.http.timeout_seconds, 30);
  EXPECT_EQ(config.log.level, "debug");
  EXPECT_EQ(config.order_statuses.front(), "pending");
}

TEST(HostConfig, MakesPathsAbsoluteAndKeepsReferences) {
  const test::Folder folder;
  const auto loaded = load_host(folder.write("etc/m.yaml", R"(
plugins: { folder: /usr/lib/plugins/, pins: { amazon: "sha256:0000000000000000000000000000000000000000000000000000000000000000" }, isolation: { amazon: process } }
store: { url: "sqlite:../state/./shop.db", encryption_key: "${file:keys/m.key}", keep_raw: never }
shops: { folder: ../shops.d/ }
http: { proxy: "${env:PROXY_URL}", allow_private: ["localhost:8443", "[::1]:9"] }
api: { listen: "0.0.0.0:443", tls: { certificate: api.pem, key: "${file:/run/api.key}" } }
)"));
  ASSERT_TRUE(loaded.problems.empty()) << test::all_text(loaded.problems);
  const auto& config = loaded.config;
  EXPECT_EQ(config.plugins.folder, "/usr/lib/plugins");
  EXPECT_EQ(config.plugins.isolation.at("amazon"), "process");
  EXPECT_EQ(config.plugins.pins.size(), 1u);
  EXPECT_EQ(config.store.url, "sqlite:" + folder.path("state/shop.db"));
  EXPECT_EQ(config.state_folder, folder.path("state"));
  EXPECT_EQ(config.store.encryption_key, "${file:" + folder.path("etc/keys/m.key") + "}");
  EXPECT_EQ(config.shops_folder, folder.path("shops.d"));
  EXPECT_EQ(config.http.proxy, "${env:PROXY_URL}");
  EXPECT_EQ(config.http.allow_private, (Lines{"localhost:8443", "[::1]:9"}));
  EXPECT_EQ(config.api.tls_certificate, folder.path("etc/api.pem"));
  EXPECT_EQ(config.api.tls_key, "${file:/run/api.key}");
}

struct Refused {
  const char* name;
  std::string yaml;
  Lines wanted;
};

class HostConfigRefuses : public testing::TestWithParam<Refused> {};

std::string name_of(const testing::TestParamInfo<Refused>& info) { return info.param.name; }

TEST_P(HostConfigRefuses, WithLineAndPointer) {
  const test::Folder folder;
  const auto loaded = load_host(folder.write("m.yaml", GetParam().yaml));
  EXPECT_EQ(told(loaded.problems), GetParam().wanted) << test::all_text(loaded.problems);
  for (const auto& problem : loaded.problems) {
    EXPECT_EQ(problem.file, folder.path("m.yaml"));
    EXPECT_FALSE(problem.remedy.empty()) << problem.message;
  }
}

std::string alias_bomb() {
  std::string text = "a: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 9; ++i) {
    const auto alias = "*a" + std::to_string(i - 1);
    text += std::string("b") + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 10; ++j) text += alias + " , ";
    text += alias + " ]\n";
  }
  return text;
}

INSTANTIATE_TEST_SUITE_P(
    Files, HostConfigRefuses,
    testing::Values(
        Refused{"empty", "", {"0 : the file is empty"}},
        Refused{"comment", "# nothing\n\n", {"0 : the file is empty"}},
        Refused{"list", "- a\n", {"1 : must be an object with members"}},
        Refused{"scalar", "hello\n", {"1 : must be an object with members"}},
        Refused{"tabs",
                "log:\n\tlevel: info\nstore:\n  \turl: x\n",
                {"2 : the line is indented with a tab", "4 : the line is indented with a tab"}},
        Refused{"tab_after_dash",
                "carriers:\n  accounts:\n  - a\nlist:\n  -\tname: x\n",
                {"5 : a tab follows the dash"}},
        Refused{"tab_between",
                "log:\n  level: info\n  \tformat: text\n",
                {"3 : the line is indented with a tab"}},
        Refused{"tab_after_a_block",
                "log:\n  level: |\n    \tx\n\tformat: text\n",
                {"4 : the line is indented with a tab"}},
        Refused{"latin1", "log:\n  level: inf\xF6\n", {"2 : the file is not UTF-8 text here"}},
        Refused{"nul",
                std::string("log:\n  level: a\0b\n", 18),
                {"2 : the file is not UTF-8 text here"}},
        Refused{"two_documents", "log: {}\n---\nlog: {}\n", {"2 : a second document starts here"}},
        Refused{"duplicates",
                "log:\n  level: info\n  level: debug\nlog: {}\n",
                {"3 /log/level: is given twice, first in line 2",
                 "4 /log: is given twice, first in line 1"}},
        Refused{"merge",
                "log: &l { level: info }\nstore:\n  <<: *l\n",
                {"3 : merge keys (<<) are not supported"}},
        Refused{"tag",
                "log:\n  level: !!str info\n",
                {"2 : YAML tags (tag:yaml.org,2002:str) are not used here"}},
        Refused{"map_as_name", "? { a: b }\n: c\n", {"1 : a list or map cannot be a name"}},
        Refused{"open_quote",
                "log: {}\nstore:\n  url: \"sqlite:it's \\\" x\n",
                {"3 : the quote that opens here is never closed"}},
        Refused{"open_single_quote",
                "log: {}\nstore: 'it''s\ny: \"1\"\n",
                {"2 : the quote that opens here is never closed"}},
        Refused{"no_name", ": c\n", {"1 : a name is missing before the colon"}}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Values, HostConfigRefuses,
    testing::Values(
        Refused{"unknown",
                "stor:\n  url: x\nlog:\n  levle: info\n  colour: red\n",
                {"1 /stor: is not known here", "4 /log/levle: is not known here",
                 "5 /log/colour: is not known here"}},
        Refused{"no_value",
                "log:\nstore:\n  url:\n",
                {"1 /log: has no value: it must be an object with members",
                 "3 /store/url: has no value: it must be text"}},
        Refused{"numbers",
                "http:\n  timeout_seconds: 030\n",
                {"2 /http/timeout_seconds: must be a whole number"}},
        Refused{"quoted_number",
                "http:\n  timeout_seconds: \"30\"\n",
                {"2 /http/timeout_seconds: must be a whole number"}},
        Refused{"float",
                "http: { timeout_seconds: 30.0 }\n",
                {"1 /http/timeout_seconds: must be a whole number"}},
        Refused{"range",
                "http: { timeout_seconds: 0 }\n",
                {"1 /http/timeout_seconds: must be at least 1"}},
        Refused{"huge",
                "http: { timeout_seconds: 99999999999999999999999 }\n",
                {"1 /http/timeout_seconds: must be a whole number"}},
        Refused{
            "boolean", "api: { allow_plain: on }\n", {"1 /api/allow_plain: must be true or false"}},
        Refused{"enum",
                "log: { level: warn }\n",
                {"1 /log/level: must be one of debug, info, warning, error"}},
        Refused{"pin",
                "plugins: { pins: { amazon: abc } }\n",
                {"1 /plugins/pins/amazon: does not have the expected form, for example "
                 "sha256:0000000000000000000000000000000000000000000000000000000000000000 (pattern "
                 "^sha256:[0-9a-f]{64}$)"}},
        Refused{"twice_in_list",
                "carriers:\n  accounts:\n    - ups\n    - ups\n",
                {"4 /carriers/accounts/1: is in the list twice"}},
        Refused{"postgres",
                "store: { url: 'postgresql://m@db/marketplug' }\n",
                {"1 /store/url: PostgreSQL is not in this version"}},
        Refused{"other_url",
                "store: { url: 'mysql://x' }\n",
                {"1 /store/url: does not have the expected form, for example sqlite:marketplug.db "
                 "(pattern ^(sqlite:.+|postgresql://.+)$)"}},
        Refused{"state",
                "state: { folder: x }\n",
                {"1 /state/folder: has no effect: the state folder is that of the SQLite file"}},
        Refused{"url_reference",
                "store: { url: '${env:DB}' }\n",
                {"1 /state/folder: is required where store.url is a reference"}},
        Refused{"plain_key",
                "store: { encryption_key: 'abcdef' }\n",
                {"1 /store/encryption_key: is a secret in plain text"}},
        Refused{"plain_proxy",
                "http: { proxy: 'http://user:word@proxy:3128' }\n",
                {"1 /http/proxy: has a password in plain text"}},
        Refused{"broken_reference",
                "http:\n  ca_file: x${env:HOME}/ca.pem\n  proxy: ${vault:x}\n",
                {"2 /http/ca_file: is not a reference that is understood",
                 "3 /http/proxy: is not a reference that is understood",
                 "3 /http/proxy: does not have the expected form, for example "
                 "http://proxy.example.com:3128 (pattern "
                 "^(https?://[^\\s/@]+(@[^\\s/@]+)?/?)?$)"}},
        Refused{
            "references_nobody_resolves",
            "log: { level: \"${env:LEVEL}\" }\nstore: { keep_raw: \"${env:RAW}\" }\n"
            "orders: { statuses: [\"${env:STATUS}\"] }\napi: { listen: \"${env:LISTEN}\" }\n"
            "http: { allow_private: [\"${env:HOST}\"] }\n"
            "plugins: { isolation: { amazon: \"${env:I}\" }, pins: { amazon: \"${env:P}\" } }\n",
            {"1 /log/level: a reference is not possible here",
             "2 /store/keep_raw: a reference is not possible here",
             "3 /orders/statuses/0: a reference is not possible here",
             "4 /api/listen: a reference is not possible here",
             "5 /http/allow_private/0: a reference is not possible here",
             "6 /plugins/isolation/amazon: a reference is not possible here",
             "6 /plugins/pins/amazon: a reference is not possible here"}},
        Refused{"plain_http",
                "api: { listen: '0.0.0.0:80' }\n",
                {"1 /api/listen: would serve plain HTTP on an address that others can reach"}},
        Refused{"port",
                "api: { listen: '127.0.0.1:70000' }\n",
                {"1 /api/listen: has a port above 65535"}},
        Refused{"half_tls",
                "api: { tls: { key: x } }\n",
                {"1 /api/tls/certificate: is required where the other of certificate and key is "
                 "given"}}),
    name_of);

TEST(HostConfig, StopsAliasBombs) {
  const test::Folder folder;
  const auto loaded = load_host(folder.write("m.yaml", alias_bomb()));
  ASSERT_EQ(loaded.problems.size(), 1u);
  EXPECT_NE(loaded.problems[0].message.find("too many values"), std::string::npos);
}

TEST(HostConfig, TakesSimpleAliases) {
  const test::Folder folder;
  const auto loaded = load_host(
      folder.write("m.yaml",
                   "carriers: { accounts: &a [ups] }\nhttp: { ca_file: &f ca.pem }\napi:\n  tls: { "
                   "certificate: *f , key: *f }\n"));
  EXPECT_EQ(told(loaded.problems), Lines());
  EXPECT_EQ(loaded.config.api.tls_key, folder.path("ca.pem"));
}

TEST(HostConfig, StopsDeepNesting) {
  const test::Folder folder;
  const auto loaded =
      load_host(folder.write("m.yaml", "a: " + std::string(200, '[') + std::string(200, ']')));
  ASSERT_EQ(loaded.problems.size(), 1u);
  EXPECT_EQ(loaded.problems[0].message, "the file is nested too deeply here");
  EXPECT_FALSE(load_host(folder.write("n.yaml", std::string(100'000, '['))).problems.empty());
}

TEST(HostConfig, TellsYamlErrorsWithTheirLine) {
  const test::Folder folder;
  for (const char* text : {"log: {}\nstore: { url: x\n", "log: {}\n  store: x\n",
                           "log: {}\nb: *none\n", "log: {}\n]\n", "log: {}\n@x: 1\n"}) {
    const auto loaded = load_host(folder.write("m.yaml", text));
    ASSERT_EQ(loaded.problems.size(), 1u) << text;
    EXPECT_GE(loaded.problems[0].line, 2) << text;
    EXPECT_TRUE(loaded.problems[0].message.starts_with("the file is not valid YAML"))
        << text << loaded.problems[0].message;
  }
}

TEST(HostConfig, TakesTabsWhereTheyIndentNothing) {
  const test::Folder folder;
  const auto loaded =
      load_host(folder.write("m.yaml",
                             "log:\t\n  level:\tdebug\t# why\t\ncarriers:\n  accounts:\n  -\tups\n"
                             "  - |-\n    a\n    \tb\n\n  - >\t# folded\n    \tc\n"));
  EXPECT_EQ(told(loaded.problems), Lines());
  EXPECT_EQ(loaded.config.log.level, "debug");
  EXPECT_EQ(loaded.config.carrier_accounts, (Lines{"ups", "a\n\tb", "\tc\n"}));
}

TEST(HostConfig, AcceptsAByteOrderMarkAndWindowsLines) {
  const test::Folder folder;
  const auto loaded =
      load_host(folder.write("m.yaml", "\xEF\xBB\xBFlog:\r\n  level: debug\r\nstore: {}\r\n"));
  EXPECT_EQ(told(loaded.problems), Lines());
  EXPECT_EQ(loaded.config.log.level, "debug");
}

TEST(HostConfig, TellsFilesThatCannotBeRead) {
  const test::Folder folder;
  const auto message = [](const std::string& file) {
    const auto loaded = load_host(file);
    return loaded.problems.size() == 1 ? loaded.problems[0].message : std::string("?");
  };
  EXPECT_EQ(message(""), "no configuration file was found");
  EXPECT_EQ(message(folder.path("none.yaml")), "the file does not exist");
  EXPECT_EQ(message(folder.path()), "this is a folder, not a file");
  const auto pipe = folder.path("pipe");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(message(pipe), "this is not a regular file");
  EXPECT_EQ(message(folder.write("large.yaml", std::string((1 << 20) + 1, '#'))),
            "the file is larger than 1 MiB");
  const auto secret = folder.write("closed.yaml", "log: {}\n");
  ASSERT_EQ(::chmod(secret.c_str(), 0), 0);
  // The superuser reads everything.
  if (::geteuid() != 0) {
    EXPECT_EQ(message(secret), "the file cannot be opened: Permission denied");
  }
}

TEST(HostConfig, FindsItsFile) { EXPECT_EQ(find_host_config("x/y.yaml"), "x/y.yaml"); }

TEST(Problem, ReadsAsOneLine) {
  EXPECT_EQ(to_text({"marketplug.yaml", 12, "/store/url", "must be text", "for example x"}),
            "marketplug.yaml:12: /store/url: must be text (for example x)");
  EXPECT_EQ(to_text({"marketplug.yaml", 0, "", "the file is empty", ""}),
            "marketplug.yaml: the file is empty");
  EXPECT_EQ(to_text({"", 0, "/id", "is required", ""}), "/id: is required");
}

TEST(Problem, SuggestsWhatWasMeant) {
  const test::Folder folder;
  const auto loaded = load_host(folder.write(
      "m.yaml", "stroe: {}\nlog: { level: warnign }\nhttp: { timeout_seconds: \"30\" }\n"));
  ASSERT_EQ(loaded.problems.size(), 3u) << test::all_text(loaded.problems);
  EXPECT_TRUE(loaded.problems[0].remedy.starts_with("did you mean store? known here: plugins, "))
      << loaded.problems[0].remedy;
  EXPECT_EQ(loaded.problems[1].remedy, "did you mean warning?");
  EXPECT_EQ(loaded.problems[2].remedy, "write it without quotes");
}

}  // namespace
}  // namespace marketplug::config::host_config_test
