#pragma once
// Boost.JSON as the Amazon plugin uses it: strict about what Boost.JSON lets pass, one parse into
// memory of its own, and lookups that give nothing instead of throwing where a type is not the one
// expected. A document is owned by whoever holds it; one thread at a time.

#include <boost/json/value.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace marketplug::amazon {

/// Parses text after text into the same memory: a value lives until the next parse.
class JsonReader {
 public:
  JsonReader();
  ~JsonReader();
  JsonReader(JsonReader&&) noexcept;
  JsonReader& operator=(JsonReader&&) noexcept;

  /// nullptr where the text is not JSON that can be believed: RFC 8259 with at most 32 levels and
  /// valid UTF-8, no name twice in an object, no NUL in a text, no number that a double or a 64-bit
  /// integer cannot hold. `error` then says why and where ("syntax error at byte 17"), and holds no
  /// value of the text.
  const boost::json::value* parse(std::string_view text, std::string& error);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// A parsed text; all its values die with it. Moving it moves no value.
class JsonDocument {
 public:
  /// As JsonReader::parse; nullopt where that gives nullptr.
  static std::optional<JsonDocument> parse(std::string_view text, std::string& error);
  const boost::json::value& root() const noexcept { return *root_; }

 private:
  JsonReader reader_;
  const boost::json::value* root_ = nullptr;
};

/// Compact JSON.
std::string to_text(const boost::json::value& value);

/// The member of an object; nullptr where `of` is no object, or lacks it, or it is null.
const boost::json::value* member(const boost::json::value& of, std::string_view name) noexcept;
/// A text member; empty where absent or not a text.
std::string_view text_member(const boost::json::value& of, std::string_view name) noexcept;
/// A truth member; `otherwise` where absent or not a truth value.
bool bool_member(const boost::json::value& of, std::string_view name, bool otherwise) noexcept;
/// The elements of an array member; nullptr where absent or not an array.
const boost::json::array* array_member(const boost::json::value& of,
                                       std::string_view name) noexcept;

}  // namespace marketplug::amazon
