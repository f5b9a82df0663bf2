#include <map>
#include <set>
#include <stdexcept>
#include <string>

#include "host/json/order_codec.hpp"
#include "host/json/return_codec.hpp"
#include "host/json/scanner.hpp"

namespace marketplug::json {
namespace {

/// Members of an object as they are written: f(name, the value's text).
template <class Function>
void each_raw_member(std::string_view text, const Function& f) {
  Scanner scan(text);
  scan.open('{');
  for (bool first = true; scan.member('}', first);) {
    const auto name = scan.key();
    f(name, scan.skip_value());
  }
  scan.finish();
}

using LineMembers = std::map<std::string, std::string_view, std::less<>>;

/// What names a line in a personal text.
enum class LineName { kId, kPlace };

class Joiner {
 public:
  Joiner(LineName names, std::size_t expected) : names_(names) { out_.reserve(expected); }

  void extra(std::string_view text) {
    each_raw_member(text, [&](const ScannedString& name, std::string_view value) {
      taken_.insert(name.text());
      append(name.raw, value);
    });
  }

  void document(std::string_view text, std::string_view personal) {
    LineMembers by_line;
    if (!personal.empty()) {
      each_raw_member(personal, [&](const ScannedString& name, std::string_view value) {
        if (name.raw != "lines") return;
        each_raw_member(value, [&](const ScannedString& id, std::string_view members) {
          by_line.emplace(id.text(), members);
        });
      });
    }
    each_raw_member(text, [&](const ScannedString& name, std::string_view value) {
      if (taken_.count(name.text()) != 0) return;
      if (name.raw != "lines" || by_line.empty()) return append(name.raw, value);
      append(name.raw, "[");
      lines(value, by_line);
      out_ += ']';
    });
  }

  void personal(std::string_view text) {
    each_raw_member(text, [&](const ScannedString& name, std::string_view value) {
      if (name.raw != "lines") append(name.raw, value);
    });
  }

  std::string take() {
    out_ += '}';
    return std::move(out_);
  }

 private:
  void append(std::string_view name, std::string_view value) {
    if (out_.size() > 1) out_ += ',';
    out_.append("\"").append(name).append("\":").append(value);
  }

  void lines(std::string_view text, const LineMembers& by_line) {
    Scanner scan(text);
    scan.open('[');
    std::size_t place = 0;
    for (bool first = true; scan.member(']', first); ++place) {
      if (out_.back() != '[') out_ += ',';
      const auto one = scan.skip_value();
      line(one, by_line, names_ == LineName::kId ? id_of(one) : std::to_string(place));
    }
  }

  static std::string id_of(std::string_view line) {
    std::string id;
    each_raw_member(line, [&](const ScannedString& name, std::string_view value) {
      if (name.raw != "id" || value.empty() || value.front() != '"') return;
      id = Scanner(value).string().text();
    });
    return id;
  }

  void line(std::string_view text, const LineMembers& by_line, const std::string& name) {
    const auto found = by_line.find(name);
    if (found == by_line.end()) {
      out_ += text;
      return;
    }
    text.remove_suffix(1);
    out_.append(text);
    if (found->second.size() > 2 && text.size() > 1) out_ += ',';
    out_.append(found->second.substr(1));
  }

  const LineName names_;
  std::string out_ = "{";
  std::set<std::string, std::less<>> taken_;
};

std::string join_texts(LineName names, std::string_view extra, std::string_view document,
                       std::string_view personal) {
  Joiner joiner(names, extra.size() + document.size() + personal.size() + 16);
  try {
    if (!extra.empty()) joiner.extra(extra);
    if (!document.empty()) joiner.document(document, personal);
    if (!personal.empty()) joiner.personal(personal);
  } catch (const ScanError& error) {
    throw std::invalid_argument(std::string(names == LineName::kId
                                                ? "join_order: a text is not an order's: "
                                                : "join_return: a text is not a return's: ") +
                                error.what());
  }
  return joiner.take();
}

}  // namespace

std::string join_order(std::string_view extra, std::string_view document,
                       std::string_view personal) {
  return join_texts(LineName::kId, extra, document, personal);
}

std::string join_return(std::string_view extra, std::string_view document,
                        std::string_view personal) {
  return join_texts(LineName::kPlace, extra, document, personal);
}

}  // namespace marketplug::json
