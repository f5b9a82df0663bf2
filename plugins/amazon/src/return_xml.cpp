#include "src/return_xml.hpp"

#include <libxml/parser.h>
#include <libxml/xmlreader.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>

#include "src/answers.hpp"
#include "src/report_text.hpp"
#include "src/text.hpp"

namespace marketplug::amazon {
namespace {

constexpr std::size_t kXmlPiece = 64u << 10;
constexpr std::size_t kLargestReturn = 1u << 20;
constexpr std::size_t kMostItems = 1000;
/// The document's own encoding is ignored: XmlBytes gives UTF-8.
constexpr int kXmlOptions = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                            XML_PARSE_COMPACT | XML_PARSE_IGNORE_ENC;

Failure bad_xml(std::string_view why, int line) {
  Failure failure = failed(Failure::Kind::kRemote, "report_xml",
                           "Amazon's XML report of returns " + std::string(why) + ".",
                           "Marketplug reads the flat file instead, and tries the XML report "
                           "again after a week.");
  if (line > 0) failure.detail = "line " + std::to_string(line);
  return failure;
}

/// How many bytes at the end begin a character of UTF-8 that goes on behind them.
std::size_t unfinished(std::string_view text) {
  for (std::size_t back = 1; back <= std::min<std::size_t>(3, text.size()); ++back) {
    const auto byte = static_cast<unsigned char>(text[text.size() - back]);
    if ((byte & 0xc0) == 0x80) continue;
    const std::size_t length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}

/// The document as UTF-8 that libxml2 takes: signs that XML forbids become blanks.
class XmlBytes {
 public:
  XmlBytes(Documents& documents, const DocumentInfo& document)
      : documents_(documents), document_(document) {}

  /// As xmlInputReadCallback; -1 where failure() says why.
  int read(char* out, int size) {
    while (at_ == ready_.size() && !ended_) {
      if (!more()) return -1;
    }
    const std::size_t count = std::min(ready_.size() - at_, static_cast<std::size_t>(size));
    std::memcpy(out, ready_.data() + at_, count);
    at_ += count;
    return static_cast<int>(count);
  }
  const std::optional<Failure>& failure() const noexcept { return failure_; }

 private:
  bool more() {
    auto piece = documents_.read(document_.handle, fetched_, kXmlPiece);
    if (!piece) {
      failure_ = piece.failure();
      return false;
    }
    if (fetched_ == 0) choose_charset(piece.value());
    fetched_ += piece.value().size();
    ended_ = piece.value().empty();
    std::string raw = std::exchange(rest_, {}) + piece.value();
    const std::size_t cut = ended_ || charset_ != Charset::kUtf8 ? 0 : unfinished(raw);
    rest_ = raw.substr(raw.size() - cut);
    raw.resize(raw.size() - cut);
    ready_ = decoded(raw, charset_);
    at_ = 0;
    for (char& c : ready_) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') c = ' ';
    }
    return true;
  }

  /// By the Content-Type, else by the document's own declaration.
  void choose_charset(std::string_view begin) {
    charset_ = charset_of(document_.content_type);
    if (lower(document_.content_type).find("charset=") != std::string::npos) return;
    const std::string_view declared = begin.substr(0, std::min(begin.find("?>"), begin.size()));
    const std::size_t at = declared.find("encoding=");
    if (at == std::string_view::npos || at + 10 >= declared.size()) return;
    const std::string_view name = declared.substr(at + 10);
    charset_ = charset_by_name(name.substr(0, name.find_first_of("\"'")));
  }

  Documents& documents_;
  const DocumentInfo& document_;
  Charset charset_ = Charset::kUtf8;
  std::uint64_t fetched_ = 0;
  std::string rest_, ready_;
  std::size_t at_ = 0;
  bool ended_ = false;
  std::optional<Failure> failure_;
};

struct CloseReader {
  void operator()(xmlTextReader* reader) const { xmlFreeTextReader(reader); }
};
using XmlReader = std::unique_ptr<xmlTextReader, CloseReader>;

XmlReader open_xml(XmlBytes& bytes) {
  static const bool ready = (xmlInitParser(), true);
  static_cast<void>(ready);
  const auto read = [](void* context, char* out, int size) {
    return static_cast<XmlBytes*>(context)->read(out, size);
  };
  return XmlReader(xmlReaderForIO(read, nullptr, &bytes, nullptr, "UTF-8", kXmlOptions));
}

std::string_view text_view(const xmlChar* text) {
  return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

std::string trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1));
}

/// Gathers one <return_details> after the other.
class ReturnGatherer {
 public:
  /// True: a return is complete, see record().
  bool node(xmlTextReader* reader) {
    const int type = xmlTextReaderNodeType(reader);
    const std::string_view name = text_view(xmlTextReaderConstLocalName(reader));
    if (type == XML_READER_TYPE_ELEMENT) {
      if (xmlTextReaderDepth(reader) == 0) envelope_ = name == "AmazonEnvelope";
      begin(name);
      // An empty element (<a/>) has no end of its own.
      return xmlTextReaderIsEmptyElement(reader) == 1 && end(name);
    }
    if (type == XML_READER_TYPE_END_ELEMENT) return end(name);
    if (type == XML_READER_TYPE_TEXT || type == XML_READER_TYPE_CDATA) {
      const std::string_view text = text_view(xmlTextReaderConstValue(reader));
      if (inside_) value_.append(text);
      size_ += text.size();
    }
    return false;
  }
  const ReturnRecord& record() const noexcept { return record_; }
  bool too_large() const noexcept {
    return inside_ && (size_ > kLargestReturn || record_.items.size() > kMostItems);
  }
  bool inside() const noexcept { return inside_; }
  bool is_envelope() const noexcept { return envelope_; }

 private:
  void begin(std::string_view name) {
    value_.clear();
    if (name == "return_details") {
      inside_ = true;
      record_ = ReturnRecord();
      size_ = 0;
    } else if (inside_ && name == "item_details") {
      record_.items.emplace_back();
      in_item_ = true;
    }
    size_ += name.size() + 1;
  }
  bool end(std::string_view name) {
    if (!inside_) return false;
    if (name == "return_details") {
      inside_ = in_item_ = false;
      return true;
    }
    if (name == "item_details") {
      in_item_ = false;
    } else if (std::string text = trimmed(value_); !text.empty()) {
      ReturnTexts& texts = in_item_ ? record_.items.back() : record_.texts;
      texts.insert_or_assign(std::string(name), std::move(text));
    }
    value_.clear();
    return false;
  }

  ReturnRecord record_;
  std::string value_;
  std::size_t size_ = 0;
  bool inside_ = false, in_item_ = false, envelope_ = false;
};

}  // namespace

Result<bool> read_return_xml(Documents& documents, const DocumentInfo& document, std::uint64_t skip,
                             std::size_t most,
                             const std::function<void(const ReturnRecord&)>& take) {
  XmlBytes bytes(documents, document);
  const XmlReader reader = open_xml(bytes);
  if (!reader) return bad_xml("cannot be read here: there is no memory for it", 0);
  // Without it libxml2 may print what it finds wrong, with the text around it.
  xmlTextReaderSetStructuredErrorHandler(
      reader.get(), [](void*, xmlError*) {}, nullptr);
  ReturnGatherer gatherer;
  std::uint64_t count = 0;
  for (;;) {
    const int more = xmlTextReaderRead(reader.get());
    const int line = xmlTextReaderGetParserLineNumber(reader.get());
    if (bytes.failure()) return *bytes.failure();
    if (more < 0) return bad_xml("is not well-formed", line);
    if (more == 0) break;
    const int type = xmlTextReaderNodeType(reader.get());
    if (type == XML_READER_TYPE_DOCUMENT_TYPE || type == XML_READER_TYPE_ENTITY_REFERENCE) {
      return bad_xml("has a document type or entities, which it never should", line);
    }
    const bool whole = gatherer.node(reader.get());
    if (gatherer.too_large()) return bad_xml("has a return of more than 1 MiB", line);
    if (gatherer.inside() && count >= skip + most) return true;
    if (whole && ++count > skip) take(gatherer.record());
  }
  if (count == 0 && !gatherer.is_envelope()) return bad_xml("is something else", 0);
  return false;
}

}  // namespace marketplug::amazon
