#pragma once
// URIs after RFC 3986, as far as JSON Schema needs them: resolving a reference, checking the form.
// Pure functions, any thread. Internal to host/json.

#include <string>
#include <string_view>

namespace marketplug::json {

/// A reference against its base (RFC 3986, 5.2). No form is refused.
std::string resolve_uri(std::string_view base, std::string_view reference);
/// "%7Ba" -> "{a"; what is not two hexadecimal digits stays as it is.
std::string percent_decoded(std::string_view text);

enum class UriForm {
  kAbsolute,   ///< with a scheme
  kReference,  ///< a scheme may lack
};
/// `unicode`: characters beyond ASCII are allowed (an IRI).
bool is_uri(std::string_view text, UriForm form, bool unicode) noexcept;

}  // namespace marketplug::json
