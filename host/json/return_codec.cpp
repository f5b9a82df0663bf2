#include "host/json/return_codec.hpp"

#include <charconv>
#include <string>

#include "host/json/document_reader.hpp"
#include "host/json/document_writer.hpp"
#include "host/json/return_fields.hpp"

namespace marketplug::json {
namespace {

/// The line at a place as encode_return_personal() names it; nullptr: there is none.
ReturnLine* line_at(BuyerReturn& of, std::string_view place) {
  std::size_t index = 0;
  const auto* const end = place.data() + place.size();
  const auto read = std::from_chars(place.data(), end, index);
  const bool named = read.ec == std::errc() && read.ptr == end && std::to_string(index) == place;
  return named && index < of.lines.size() ? &of.lines[index] : nullptr;
}

Failure return_not_readable(const char* which, const std::string& id, const std::string& pointer,
                            const char* why) {
  Failure failure;
  failure.kind = Failure::Kind::kInternal;
  failure.code = "return_document";
  failure.message = "The stored " + std::string(which) + " of return " +
                    (id.empty() ? "(unknown)" : id) + " cannot be read at \"" + pointer +
                    "\": " + why + ".";
  failure.remedy =
      "The store was written by another version: run that version or restore a backup.";
  return failure;
}

}  // namespace

std::string encode_return(const BuyerReturn& buyer_return) {
  DocumentWriter to("return", buyer_return.id, 512 + buyer_return.lines.size() * 512);
  to.object(buyer_return, Fields<BuyerReturn>::kMembers);
  return to.take();
}

std::string encode_return_personal(const BuyerReturn& buyer_return) {
  DocumentWriter to("return", buyer_return.id, 256);
  to.open();
  bool any = false;
  for (std::size_t i = 0; i < buyer_return.lines.size(); ++i) {
    const ReturnLine& line = buyer_return.lines[i];
    if (!DocumentWriter::has_any(line, Fields<ReturnLine>::kPersonal)) continue;
    if (!any) {
      to.key("lines");
      to.open();
    }
    any = true;
    to.key(std::to_string(i));
    to.object(line, Fields<ReturnLine>::kPersonal);
  }
  if (any) to.close();
  to.close();
  return to.take_filled();
}

Result<BuyerReturn> decode_return(std::string_view document, std::string_view personal) {
  BuyerReturn made;
  DocumentReader from_document(document);
  try {
    from_document.document(made, Fields<BuyerReturn>::kMembers);
  } catch (const ScanError& error) {
    return return_not_readable("document", made.id, from_document.path(), error.what());
  }
  if (personal.empty()) return made;
  DocumentReader from_personal(personal);
  try {
    from_personal.personal<ReturnLine>(
        made, Fields<BuyerReturn>::kPersonal,
        [&](std::string_view place) { return line_at(made, place); });
  } catch (const ScanError& error) {
    return return_not_readable("personal data", made.id, from_personal.path(), error.what());
  }
  return made;
}

std::string_view to_string(ReturnState state) noexcept { return word_of(state); }

}  // namespace marketplug::json
