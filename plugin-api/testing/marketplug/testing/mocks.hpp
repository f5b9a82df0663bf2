#pragma once
// GoogleMock mocks, one per service of the host and one for the host itself, for tests that must
// say which calls they expect. Where that does not matter, take the fakes of fakes.hpp.
// GoogleMock's own rules for threads hold; each test owns its mocks.

#include <gmock/gmock.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "marketplug/host.hpp"
#include "marketplug/services/clock.hpp"
#include "marketplug/services/documents.hpp"
#include "marketplug/services/http.hpp"
#include "marketplug/services/log.hpp"
#include "marketplug/services/metrics.hpp"
#include "marketplug/services/quota.hpp"
#include "marketplug/services/random.hpp"
#include "marketplug/services/secrets.hpp"
#include "marketplug/services/state.hpp"

namespace marketplug::testing {

class MockHost : public Host {
 public:
  MOCK_METHOD(void*, query, (std::string_view service_id), (noexcept, override));
};

class MockStepContext : public StepContext {
 public:
  MOCK_METHOD(TimePoint, deadline, (), (const, noexcept, override));
  MOCK_METHOD(bool, stop_requested, (), (const, noexcept, override));
  MOCK_METHOD(bool, keep_raw, (), (const, noexcept, override));
};

class MockClock : public Clock {
 public:
  MOCK_METHOD(TimePoint, now, (), (const, noexcept, override));
};

class MockRandom : public Random {
 public:
  MOCK_METHOD(std::uint64_t, next, (), (noexcept, override));
};

class MockHttpClient : public HttpClient {
 public:
  MOCK_METHOD(Result<HttpResponse>, send, (const HttpRequest& request, StepContext& ctx),
              (override));
  MOCK_METHOD(Result<DocumentInfo>, download,
              (const HttpRequest& request, const DownloadLimits& limits, StepContext& ctx),
              (override));
};

class MockDocuments : public Documents {
 public:
  MOCK_METHOD(Result<DocumentInfo>, info, (std::string_view handle), (override));
  MOCK_METHOD(Result<std::string>, read,
              (std::string_view handle, std::uint64_t offset, std::uint64_t max_bytes), (override));
  MOCK_METHOD(void, drop, (std::string_view handle), (override));
};

class MockLog : public Log {
 public:
  MOCK_METHOD(void, write,
              (Level level, std::string_view event, std::string_view message,
               std::span<const LogField> fields),
              (override));
};

class MockMetrics : public Metrics {
 public:
  MOCK_METHOD(void, count,
              (std::string_view name, double amount, std::span<const MetricLabel> labels),
              (override));
  MOCK_METHOD(void, gauge,
              (std::string_view name, double value, std::span<const MetricLabel> labels),
              (override));
};

class MockQuota : public Quota {
 public:
  MOCK_METHOD(QuotaAnswer, take,
              (const QuotaKey& key, const QuotaPlan& plan, QuotaPriority priority), (override));
  MOCK_METHOD(void, observe, (const QuotaKey& key, double per_second), (override));
  MOCK_METHOD(TimePoint, refused, (const QuotaKey& key, const QuotaPlan& plan), (override));
  MOCK_METHOD(double, left, (const QuotaKey& key, const QuotaPlan& plan, QuotaPriority priority),
              (override));
};

class MockSecrets : public Secrets {
 public:
  MOCK_METHOD(Result<std::string>, get, (std::string_view handle), (override));
  MOCK_METHOD(Status, replace, (std::string_view handle, std::string_view value), (override));
};

class MockState : public State {
 public:
  MOCK_METHOD(std::optional<std::string>, get, (std::string_view key), (override));
  MOCK_METHOD(void, put, (std::string_view key, std::string_view value), (override));
  MOCK_METHOD(void, erase, (std::string_view key), (override));
};

}  // namespace marketplug::testing
