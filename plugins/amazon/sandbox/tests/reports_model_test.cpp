// The Reports API against Amazon's own model, where MARKETPLUG_SPECS names its folder.

#include "plugins/amazon/sandbox/operations.hpp"
#include "plugins/amazon/sandbox/reports_query.hpp"
#include "plugins/amazon/sandbox/tests/model_schema.hpp"
#include "plugins/amazon/sandbox/tests/report_bench.hpp"

namespace amazon_sandbox::tests {
namespace {

constexpr const char* kModel = "reports_2021-06-30.json";

struct ReportsModel : ::testing::Test {
  void expect_model(const ModelSchema& model, const std::string& definition,
                    const Response& response) {
    for (const auto& problem : model.check(definition, Bench::json(response))) {
      ADD_FAILURE() << problem << "\n" << response.body;
    }
  }

  ReportBench bench;
};

TEST_F(ReportsModel, AnswersInEveryStateAreOfTheModel) {
  NEEDS_AMAZONS_MODELS();
  const auto model = load_model(kModel);
  bench.add(Status::kShipped);
  bench.configure([](ReportSettings& settings) {
    settings.fatal_next = 1;
    settings.stuck_next = 1;
  });
  std::vector<std::string> ids;
  for (const auto& type : {kByUpdate, kByUpdate, kByUpdate, kReturnsXml, kByCreation}) {
    const auto created = bench.create(type);
    expect_model(model, "CreateReportResponse", created);
    ids.push_back(Bench::text(created, "reportId"));
  }
  EXPECT_EQ(bench.send("DELETE", kReports + "/" + ids.back()).status, 200);
  std::set<std::string> statuses;
  for (int step = 0; step < 4; ++step) {
    for (const auto& id : ids) {
      expect_model(model, "Report", bench.get(kReports + "/" + id));
      statuses.insert(bench.status(id));
    }
    expect_model(model, "GetReportsResponse",
                 bench.get(kReports + "?pageSize=2&reportTypes=" + kByUpdate + "," + kReturnsXml));
    bench.clock.advance(std::chrono::seconds(10));
  }
  EXPECT_EQ(statuses,
            (std::set<std::string>{"CANCELLED", "DONE", "FATAL", "IN_PROGRESS", "IN_QUEUE"}));
  expect_model(model, "ReportDocument", bench.document_of(ids[2]));
  expect_model(model, "ReportDocument", bench.document_of(ids[1]));
}

TEST_F(ReportsModel, ErrorsAreOfTheModel) {
  NEEDS_AMAZONS_MODELS();
  const auto model = load_model(kModel);
  for (const auto& target :
       {kReports, kReports + "/x", kReports + "/1", kDocuments + "x", kReports + "?nextToken=x"}) {
    const auto response = bench.get(target);
    EXPECT_EQ(response.status / 100, 4) << target;
    expect_model(model, "ErrorList", response);
  }
  for (const auto* body : {"", "{}", R"({"reportType":"x","marketplaceIds":[]})"}) {
    expect_model(model, "ErrorList", bench.send("POST", kReports, body));
  }
  expect_model(model, "ErrorList", bench.send("DELETE", kReports + "/1"));
}

TEST_F(ReportsModel, PublishedPlansAndPathsAreThoseOfTheModel) {
  NEEDS_AMAZONS_MODELS();
  const auto model = load_model(kModel);
  int checked = 0;
  for (const auto& [path, operations] : model.model().at("paths").as_object()) {
    for (const auto& [method, value] : operations.as_object()) {
      const auto* name = value.is_object() ? value.as_object().if_contains("operationId") : nullptr;
      const auto* operation =
          name == nullptr ? nullptr : operation_by_name(std::string(name->as_string()));
      if (operation == nullptr) continue;
      std::string upper(method);
      for (auto& c : upper) c = static_cast<char>(c - 'a' + 'A');
      EXPECT_EQ(operation->path, std::string_view(path));
      EXPECT_EQ(operation->method, upper);
      const auto row = "| " + std::string(operation->rate_text) + " | " +
                       std::to_string(operation->burst) + " |";
      EXPECT_NE(std::string(value.at("description").as_string()).find(row), std::string::npos)
          << operation->name << row;
      ++checked;
    }
  }
  EXPECT_EQ(checked, 5);
}

TEST_F(ReportsModel, ParametersAreThoseOfTheModel) {
  NEEDS_AMAZONS_MODELS();
  const auto model = load_model(kModel);
  const auto now = bench.clock.now();
  const std::map<std::string, std::string> values{{"processingStatuses", "DONE"},
                                                  {"marketplaceIds", "A1805IZSGTT6HS"},
                                                  {"pageSize", "100"},
                                                  {"createdSince", "2026-11-01T00:00:00Z"},
                                                  {"createdUntil", "2026-11-02T00:00:00Z"}};
  const auto& get = model.model().at("paths").at(kReports).at("get");
  for (const auto& parameter : get.at("parameters").as_array()) {
    const std::string name(parameter.at("name").as_string());
    Parameters query;
    if (name != "nextToken" && name != "reportTypes") {
      query.emplace_back("reportTypes", kByUpdate);
    }
    const auto known = values.find(name);
    query.emplace_back(name, known == values.end() ? kByUpdate : known->second);
    EXPECT_TRUE(std::holds_alternative<ListRequest>(parse_get_reports(query, now))) << name;
    if (name != "processingStatuses") continue;
    for (const auto& status : parameter.at("items").at("enum").as_array()) {
      EXPECT_TRUE(report_status_by_name(std::string(status.as_string()))) << status;
    }
  }
}

/// Amazon's static examples: what it takes and what it refuses.
TEST_F(ReportsModel, ExamplesOfBadRequestsAreRefused) {
  NEEDS_AMAZONS_MODELS();
  const auto model = load_model(kModel);
  const auto& paths = model.model().at("paths").as_object();
  const auto example = [&](const std::string& path, const char* method, const char* status) {
    return paths.at(path)
        .at(method)
        .at("responses")
        .at(status)
        .at("x-amzn-api-sandbox")
        .at("static")
        .at(0)
        .at("request")
        .at("parameters");
  };
  EXPECT_EQ(
      bench
          .send("POST", kReports,
                boost::json::serialize(example(kReports, "post", "400").at("body").at("value")))
          .status,
      400);
  const std::string bad(
      example(kReports + "/{reportId}", "get", "400").at("reportId").at("value").as_string());
  EXPECT_EQ(bench.get(kReports + "/" + bad).status, 400);
  const std::string document(example(kDocuments + "{reportDocumentId}", "get", "400")
                                 .at("reportDocumentId")
                                 .at("value")
                                 .as_string());
  EXPECT_EQ(bench.get(kDocuments + document).status, 400);
  const auto listing = example(kReports, "get", "200");
  Parameters query;
  for (const auto& [name, value] : listing.as_object()) {
    std::string text;
    for (const auto& element : value.at("value").as_array()) {
      text += (text.empty() ? "" : ",") + std::string(element.as_string());
    }
    query.emplace_back(name, text);
  }
  EXPECT_TRUE(std::holds_alternative<ListRequest>(parse_get_reports(query, bench.clock.now())));
}

}  // namespace
}  // namespace amazon_sandbox::tests
