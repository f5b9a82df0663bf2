#pragma once
// A simulator with the requests of the Reports API at hand. One thread per object.

#include <zlib.h>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "marketplug/model/time.hpp"
#include "plugins/amazon/sandbox/report_types.hpp"
#include "plugins/amazon/sandbox/tests/bench.hpp"

namespace amazon_sandbox::tests {

inline const std::string kReports = "/reports/2021-06-30/reports";
inline const std::string kDocuments = "/reports/2021-06-30/documents/";
inline const std::string kByUpdate = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL";
inline const std::string kByCreation = "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL";
inline const std::string kReturnsXml = "GET_XML_RETURNS_DATA_BY_RETURN_DATE";
inline const std::string kReturnsFlat = "GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE";
inline const std::string kReturnsFba = "GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA";

/// RFC 1952.
inline std::string gunzip(const std::string& packed) {
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  std::string text(packed.size() * 40 + 1000, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  text.resize(stream.total_out);
  inflateEnd(&stream);
  return text;
}

struct Table {
  std::vector<std::string> header;
  std::vector<std::map<std::string, std::string>> rows;
};

inline std::vector<std::string> split(const std::string& text, char at) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == at) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

inline Table read_table(const std::string& text) {
  Table table;
  EXPECT_TRUE(text.ends_with('\n'));
  for (const auto& line : split(text.substr(0, text.size() - 1), '\n')) {
    const auto fields = split(line, '\t');
    if (table.header.empty()) {
      table.header = fields;
      continue;
    }
    EXPECT_EQ(fields.size(), table.header.size()) << line;
    auto& row = table.rows.emplace_back();
    for (std::size_t i = 0; i < fields.size(); ++i) row[table.header[i]] = fields[i];
  }
  return table;
}

struct ReportBench : Bench {
  explicit ReportBench(std::uint64_t seed = 1, Region region = Region::kEurope)
      : Bench(seed, region) {
    quotas_off();
  }

  void configure(const std::function<void(ReportSettings&)>& change) {
    auto settings = simulator.settings();
    change(settings.reports);
    simulator.configure(settings);
  }

  Response send(std::string_view method, const std::string& target, std::string body = {}) {
    auto made = request(target);
    made.method = method;
    made.body = std::move(body);
    if (!made.body.empty()) made.headers.emplace_back("Content-Type", "application/json");
    return simulator.handle(made);
  }

  /// The last days of a type in NL; `more` are further members.
  Response create(const std::string& type, int days = 14, const std::string& more = {}) {
    const auto from = marketplug::format_time(clock.now() - std::chrono::hours(24) * days);
    return send("POST", kReports,
                R"({"reportType":")" + type +
                    R"(","marketplaceIds":["A1805IZSGTT6HS"],"dataStartTime":")" + from + "\"" +
                    more + "}");
  }
  std::string create_id(const std::string& type, int days = 14) {
    return text(create(type, days), "reportId");
  }
  std::string status(const std::string& id) {
    return text(get(kReports + "/" + id), "processingStatus");
  }
  void finish() { clock.advance(simulator.settings().reports.duration); }

  /// getReportDocument of a report that is done.
  Response document_of(const std::string& id, const std::string& query = {}) {
    const auto document = text(get(kReports + "/" + id), "reportDocumentId");
    EXPECT_FALSE(document.empty()) << "the report has no document: " << status(id);
    return get(kDocuments + document + query);
  }
  Response download(const std::string& url, const Headers& headers = {}) {
    Request made;
    made.target = url.substr(std::min(url.size(), url.find('/', 8)));
    made.headers = headers;
    return simulator.handle(made);
  }
  /// Creates the report, waits for it, downloads and unpacks it.
  std::string contents(const std::string& type, int days = 14) {
    const auto id = create_id(type, days);
    finish();
    const auto document = document_of(id);
    const auto bytes = download(text(document, "url")).body;
    return text(document, "compressionAlgorithm").empty() ? bytes : gunzip(bytes);
  }
  Table table(const std::string& type, int days = 14) { return read_table(contents(type, days)); }

  std::string add(Status status, FulfilledBy by = FulfilledBy::kMerchant,
                  std::chrono::milliseconds ago = std::chrono::hours(24)) {
    NewOrder order;
    order.marketplace = market("NL");
    order.status = status;
    order.fulfilled_by = by;
    order.updated = clock.now() - ago;
    return simulator.add_order(order);
  }
};

}  // namespace amazon_sandbox::tests
