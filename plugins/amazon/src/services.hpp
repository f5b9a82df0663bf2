#pragma once
// The host's services that the Amazon plugin uses, asked for once. They belong to the host and live
// as long as the connector; call them on the step's thread.

#include <initializer_list>
#include <string_view>

#include "marketplug/host.hpp"
#include "marketplug/services/clock.hpp"
#include "marketplug/services/documents.hpp"
#include "marketplug/services/http.hpp"
#include "marketplug/services/log.hpp"
#include "marketplug/services/quota.hpp"
#include "marketplug/services/secrets.hpp"
#include "marketplug/services/state.hpp"

namespace marketplug::amazon {

/// What every request says of its sender, as Amazon asks for.
inline constexpr std::string_view kUserAgent = "Marketplug/0.1.0 (Language=C++; Platform=Linux)";

struct Services {
  HttpClient& http;
  Secrets& secrets;
  Clock& clock;
  Quota* quota = nullptr;  ///< nullptr: the published plan is not watched, only Amazon's 429
  Log* log = nullptr;      ///< nullptr: nothing is logged
  Documents* documents = nullptr;  ///< nullptr: reports cannot be read
  State* state = nullptr;          ///< nullptr: nothing is remembered beside the cursors
};

/// Throws std::runtime_error naming a service that the plugin cannot do without.
Services services_of(Host& host);

/// Writes where there is a log.
void note(const Services& services, Log::Level level, std::string_view event,
          std::string_view message, std::initializer_list<LogField> fields);

}  // namespace marketplug::amazon
