#pragma once
// A JSON Schema draft-07 validator. Compiled once, then used from any thread. Errors carry a JSON
// pointer into the data, so that files, API and page show them at the right place.

#include <boost/json/value.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace marketplug::json {

struct SchemaError {
  std::string pointer;             ///< into the data; for a missing property: where it belongs
  std::string keyword;             ///< "required", "type" …
  std::string schema_pointer;      ///< into the schema
  std::string message;             ///< "must be one of NA, EU, FE"; never quotes the data
  std::string property;            ///< additionalProperties/required: the property's name
  std::vector<std::string> known;  ///< additionalProperties: names that would be allowed
};

class Schema {
 public:
  /// The document that a `$ref` to elsewhere means; nullopt: there is none.
  using Resolver = std::function<std::optional<boost::json::value>(std::string_view uri)>;

  /// Throws std::invalid_argument, with a pointer, for what is not a schema. Without a resolver
  /// only references into the document itself are followed.
  static Schema compile(const boost::json::value& document);
  static Schema compile(const boost::json::value& document, const Resolver& resolver);
  Schema(Schema&&) noexcept;
  Schema& operator=(Schema&&) noexcept;
  ~Schema();

  /// All errors, in document order; empty: valid.
  std::vector<SchemaError> validate(const boost::json::value& data) const;
  /// Fills in `default`s of absent properties, also inside chosen oneOf branches.
  void apply_defaults(boost::json::value& data) const;
  /// The subschema that governs the value at a pointer of `data` (oneOf by its discriminator);
  /// nullptr where none does. Lives as long as the Schema.
  const boost::json::value* at(const boost::json::value& data, std::string_view pointer) const;
  /// Every subschema that governs it: the object's own and those of chosen oneOf branches.
  std::vector<const boost::json::value*> all_at(const boost::json::value& data,
                                                std::string_view pointer) const;
  /// Defaults that their own subschema refuses; pointers into the schema.
  std::vector<SchemaError> check_defaults() const;

  struct Impl;

 private:
  explicit Schema(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace marketplug::json
