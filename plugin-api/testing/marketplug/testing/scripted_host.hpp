#pragma once
// A host for tests of a plugin: every service is a fake, HTTP answers from a script, documents come
// from what was downloaded. One thread; owned by the test.

#include "marketplug/testing/fakes.hpp"
#include "marketplug/testing/scripted_http.hpp"

namespace marketplug::testing {

class ScriptedHost : public FakeHost {
 public:
  ScriptedHost() {
    offer<Clock>(clock);
    offer<Random>(random);
    offer<Log>(log);
    offer<Metrics>(metrics);
    offer<Secrets>(secrets);
    offer<State>(state);
    offer<Quota>(quota);
    offer<Documents>(documents);
    offer<HttpClient>(http);
  }

  FakeClock clock;
  SeededRandom random;
  CapturedLog log;
  CapturedMetrics metrics;
  FakeSecrets secrets;
  FakeState state;
  FakeQuota quota;
  FakeDocuments documents;
  ScriptedHttp http{&documents};
};

}  // namespace marketplug::testing
