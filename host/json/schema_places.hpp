#pragma once
// Where subschemas are: documents, their `$id`s, and what a `$ref` means. Used while a schema is
// compiled, by one thread. Internal to host/json.

#include <boost/json/value.hpp>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "host/json/schema.hpp"

namespace marketplug::json {

/// A subschema and where it was found.
struct Place {
  const boost::json::value* schema = nullptr;
  std::string base;     ///< URI that its references are relative to
  std::string pointer;  ///< into its document
};

/// Throws std::invalid_argument that names the place.
[[noreturn]] void refuse_schema(const std::string& pointer, const std::string& what);

class SchemaPlaces {
 public:
  /// `documents` keeps every document that is added or resolved.
  SchemaPlaces(std::vector<std::unique_ptr<boost::json::value>>& documents,
               const Schema::Resolver& resolver)
      : documents_(documents), resolver_(resolver) {}

  Place add_document(const boost::json::value& document, const std::string& uri);
  /// What a reference with an absolute URI (as far as there is one) means; `from` is its pointer.
  Place locate(const std::string& uri, const std::string& from);
  /// The place with its own `$id` taken into account.
  static Place rebased(Place place);

 private:
  void index(const Place& at, std::size_t depth);
  static Place walk(Place place, const std::string& fragment, const std::string& from);

  std::vector<std::unique_ptr<boost::json::value>>& documents_;
  const Schema::Resolver& resolver_;
  std::map<std::string, Place, std::less<>> places_;
};

}  // namespace marketplug::json
