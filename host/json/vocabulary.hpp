#pragma once
// The part of JSON Schema in which settings are described
// (schemas/settings-vocabulary.schema.json): small enough that files, API and page all understand
// the whole of it. Pure functions, any thread.

#include <boost/json/value.hpp>
#include <string_view>
#include <vector>

#include "host/json/schema.hpp"

namespace marketplug::json {

/// Everything that keeps a document from being a settings schema; pointers lead into the document.
/// Empty: it is one, and Schema::compile() takes it.
std::vector<SchemaError> check_vocabulary(const boost::json::value& document);

/// The vocabulary itself, as a draft-07 schema.
std::string_view vocabulary_schema() noexcept;

}  // namespace marketplug::json
