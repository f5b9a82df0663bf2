#pragma once
// Boost.JSON as the Amazon plugin uses it: one parse per body into memory of its own, and lookups
// that give nothing instead of throwing where a type is not the one expected. A document is owned
// by whoever holds it; one thread at a time.

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/value.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace marketplug::amazon {

/// A parsed text; all its values die with it. Moving it moves no value.
class JsonDocument {
 public:
  /// nullopt where the text is not JSON: strict RFC 8259, at most 32 levels, valid UTF-8. `error`
  /// then says why and where ("syntax error at byte 17").
  static std::optional<JsonDocument> parse(std::string_view text, std::string& error);
  const boost::json::value& root() const noexcept { return held_->root; }

 private:
  struct Held {
    explicit Held(std::size_t first_block) : memory(first_block) {}
    boost::json::monotonic_resource memory;
    boost::json::value root;
  };
  explicit JsonDocument(std::unique_ptr<Held> held) : held_(std::move(held)) {}
  std::unique_ptr<Held> held_;
};

/// Compact JSON. A number too large for a double, which has no text, becomes the text "Infinity".
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
