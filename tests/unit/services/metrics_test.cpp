#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <thread>
#include <vector>

#include "host/services/metric_rules.hpp"
#include "host/services/services.hpp"

namespace marketplug::services {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Labels = std::vector<MetricLabel>;

TEST(Metrics, CountsAndGaugesUnderThePrefix) {
  const auto metrics = make_metrics();
  metrics->count("orders_total", 2, Labels{{"shop", "shop-nl"}});
  metrics->count("orders_total", 3, Labels{{"shop", "shop-nl"}});
  metrics->gauge("lag_seconds", 1.5, {});
  const auto text = metrics->exposition();
  EXPECT_THAT(text, HasSubstr("marketplug_orders_total{shop=\"shop-nl\"} 5\n"));
  EXPECT_THAT(text, HasSubstr("marketplug_lag_seconds 1.5\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE marketplug_orders_total counter\n"));
  EXPECT_THAT(text, HasSubstr("marketplug_metrics_dropped_total 0\n"));
}

TEST(Metrics, WhatTheRulesRefuseIsDroppedAndCounted) {
  const auto metrics = make_metrics();
  metrics->count("Bad-Name", 1, {});
  metrics->count("", 1, {});
  metrics->count("orders_total", -1, {});
  metrics->count("orders_total", std::numeric_limits<double>::quiet_NaN(), {});
  metrics->gauge("lag", std::nan(""), {});
  metrics->count("orders_total", 1, Labels{{"order_id", "1"}});
  metrics->count("orders_total", 1, Labels{{"email", "x"}});
  metrics->count("orders_total", 1, Labels{{"__name__", "x"}});
  metrics->count("good_total", 1, {});
  metrics->gauge("good_total", 1, {});
  const auto text = metrics->exposition();
  EXPECT_THAT(text, HasSubstr("marketplug_metrics_dropped_total 9\n"));
  EXPECT_THAT(text, HasSubstr("marketplug_good_total 1\n"));
  EXPECT_THAT(text, Not(HasSubstr("orders_total")));
}

TEST(Metrics, ValuesThatCouldBePersonalBecomeOther) {
  for (const auto* value : {"902-1845936-5435065", "jan@example.invalid", "Jan de Vries", "12345",
                            "a\"b", "a\nb", "überall"}) {
    const auto kept = allowed_labels(Labels{{"kind", value}});
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->at("kind"), "other") << value;
  }
  EXPECT_EQ(allowed_labels(Labels{{"kind", std::string(65, 'a')}})->at("kind"), "other");
  EXPECT_EQ(allowed_labels(Labels{{"status", "429"}})->at("status"), "429");
  EXPECT_EQ(allowed_labels(Labels{{"shop", "shop-1234567"}})->at("shop"), "shop-1234567");
}

TEST(Metrics, SeriesHaveALimit) {
  const auto metrics = make_metrics();
  for (std::size_t i = 0; i < kMaxSeries + 5; ++i) {
    metrics->count("steps_total", 1, Labels{{"shop", "s" + std::to_string(i)}});
  }
  EXPECT_THAT(metrics->exposition(), HasSubstr("marketplug_metrics_dropped_total 5\n"));
}

TEST(Metrics, CountsFromManyThreads) {
  const auto metrics = make_metrics();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i) metrics->count("steps_total", 1, Labels{{"kind", "a"}});
      metrics->exposition();
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_THAT(metrics->exposition(), HasSubstr("marketplug_steps_total{kind=\"a\"} 2000\n"));
}

}  // namespace
}  // namespace marketplug::services
