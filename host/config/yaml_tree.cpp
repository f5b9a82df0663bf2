#include "host/config/yaml_tree.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <sstream>
#include <utility>

#include "host/config/yaml_text.hpp"

namespace marketplug::config {
namespace {

constexpr std::size_t kMaxBytes = 1u << 20;
constexpr std::size_t kMaxNodes = 100'000;
constexpr std::size_t kMaxDepth = 32;

/// Ends the reading of a file: what comes after could only mislead.
struct Stop {
  Problem problem;
};

class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(std::string_view text, const std::string& file, std::vector<Problem>& problems)
      : text_(text), file_(file), problems_(problems) {}

  YamlNode take() { return std::move(root_); }
  bool has_document() const noexcept { return has_document_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (has_document_) {
      stop(mark, "a second document starts here",
           "keep one document per file: remove the line \"---\"");
    }
    has_document_ = true;
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    YamlNode node;
    node.text = null_text(mark);
    node.line = mark.line + 1;
    add(std::move(node), mark, anchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    check_tag(mark, tag);
    if (!quote_closed(mark)) {
      stop(mark, "the quote that opens here is never closed", "close it: the file may be cut off");
    }
    YamlNode node;
    node.kind = YamlNode::Kind::kScalar;
    node.text = value;
    node.quoted = tag == "!";
    node.line = mark.line + 1;
    add(std::move(node), mark, anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) {
      stop(mark, "the alias refers to something that contains it", "write the value out");
    }
    YamlNode node = found->second;
    count(node, mark);
    node.line = mark.line + 1;
    put(std::move(node), mark);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(YamlNode::Kind::kList, mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(YamlNode::Kind::kMap, mark, tag, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Frame {
    YamlNode node;
    std::optional<YamlNode> key;  ///< kMap: read, its value follows
    YAML::Mark mark;
    YAML::anchor_t anchor = 0;
  };

  [[noreturn]] void stop(const YAML::Mark& mark, std::string message, std::string remedy) const {
    throw Stop{{file_, mark.line + 1, "", std::move(message), std::move(remedy)}};
  }

  std::string_view text_at(const YAML::Mark& mark) const {
    if (mark.pos < 0 || static_cast<std::size_t>(mark.pos) > text_.size()) return {};
    return text_.substr(static_cast<std::size_t>(mark.pos));
  }

  /// yaml-cpp takes the end of the file for the closing quote.
  bool quote_closed(const YAML::Mark& mark) const {
    const auto rest = text_at(mark);
    if (rest.empty() || (rest[0] != '"' && rest[0] != '\'')) return true;
    for (std::size_t i = 1; i < rest.size(); ++i) {
      const bool escape = rest[0] == '"' ? rest[i] == '\\' : rest.substr(i, 2) == "''";
      if (escape) {
        ++i;
      } else if (rest[i] == rest[0]) {
        return true;
      }
    }
    return false;
  }

  /// yaml-cpp does not hand over how an empty value was written.
  std::string null_text(const YAML::Mark& mark) const {
    const auto rest = text_at(mark);
    for (const std::string_view word : {"null", "Null", "NULL", "~"}) {
      if (rest.starts_with(word)) return std::string(word);
    }
    return "";
  }

  void check_tag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.empty() || tag == "!" || tag == "?") return;
    problems_.push_back({file_, mark.line + 1, "", "YAML tags (" + tag + ") are not used here",
                         "remove the tag: types come from the schema"});
  }

  void open(YamlNode::Kind kind, const YAML::Mark& mark, const std::string& tag,
            YAML::anchor_t anchor) {
    check_tag(mark, tag);
    if (stack_.size() >= kMaxDepth) {
      stop(mark, "the file is nested too deeply here", "no setting is nested that deeply");
    }
    Frame frame;
    frame.node.kind = kind;
    frame.node.line = mark.line + 1;
    frame.mark = mark;
    frame.anchor = anchor;
    stack_.push_back(std::move(frame));
  }

  void close() {
    Frame frame = std::move(stack_.back());
    stack_.pop_back();
    add(std::move(frame.node), frame.mark, frame.anchor);
  }

  void add(YamlNode node, const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (++nodes_ > kMaxNodes) too_large(mark);
    if (anchor != 0) anchors_[anchor] = node;
    put(std::move(node), mark);
  }

  [[noreturn]] void too_large(const YAML::Mark& mark) const {
    stop(mark, "the file has too many values (aliases count as often as they are used)",
         "write the values out instead of nesting aliases");
  }

  void count(const YamlNode& node, const YAML::Mark& mark) {
    if (++nodes_ > kMaxNodes) too_large(mark);
    for (const auto& item : node.items) count(item, mark);
    for (const auto& member : node.members) count(member.value, mark);
  }

  void put(YamlNode node, const YAML::Mark& mark) {
    if (stack_.empty()) {
      root_ = std::move(node);
      return;
    }
    Frame& frame = stack_.back();
    if (frame.node.kind == YamlNode::Kind::kList) {
      frame.node.items.push_back(std::move(node));
    } else if (!frame.key) {
      read_key(frame, std::move(node), mark);
    } else {
      frame.node.members.push_back({std::move(*frame.key), std::move(node)});
      frame.key.reset();
    }
  }

  void read_key(Frame& frame, YamlNode key, const YAML::Mark& mark) {
    if (key.kind == YamlNode::Kind::kList || key.kind == YamlNode::Kind::kMap) {
      stop(mark, "a list or map cannot be a name", "write \"name: value\"");
    }
    if (key.text == "<<" && !key.quoted) {
      stop(mark, "merge keys (<<) are not supported", "write the members out");
    }
    if (key.kind == YamlNode::Kind::kNull && key.text.empty()) {
      stop(mark, "a name is missing before the colon", "write \"name: value\"");
    }
    key.kind = YamlNode::Kind::kScalar;
    frame.key = std::move(key);
  }

  std::string_view text_;
  const std::string& file_;
  std::vector<Problem>& problems_;
  YamlNode root_;
  bool has_document_ = false;
  std::vector<Frame> stack_;
  std::map<YAML::anchor_t, YamlNode> anchors_;
  std::size_t nodes_ = 0;
};

std::string_view line_at(std::string_view text, int line) {
  for (; line > 0; --line) text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  return text.substr(0, text.find('\n'));
}

/// What yaml-cpp could not read, said so that a person finds it.
Problem yaml_problem(const YAML::Exception& error, std::string_view text, const std::string& file) {
  const int line = error.mark.line + 1;
  if (line > 0) {
    const auto at = line_at(text, error.mark.line);
    const auto indent = at.substr(0, at.find_first_not_of(" \t-?:"));
    const auto tab = indent.find('\t');
    if (tab != std::string_view::npos) {
      const bool after_dash = indent.substr(0, tab).find('-') != std::string_view::npos;
      return {file, line, "", after_dash ? "a tab follows the dash" : kTabIndent,
              after_dash ? "write a space after the dash: YAML allows no tab there" : kNoTabs};
    }
  }
  return {file, line, "", "the file is not valid YAML: " + error.msg,
          "check the indentation, colons and quotes of this line and the one above; inside "
          "{ } and [ ] a reference needs quotes: \"${env:NAME}\""};
}

}  // namespace

YamlNode parse_yaml(std::string_view text, const std::string& file,
                    std::vector<Problem>& problems) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const auto before = problems.size();
  check_text(text, file, problems);
  if (problems.size() != before) return {};
  TreeBuilder builder(text, file, problems);
  try {
    std::istringstream in{std::string(text)};
    YAML::Parser parser(in);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Stop& stop) {
    problems.push_back(stop.problem);
    return {};
  } catch (const YAML::Exception& error) {
    problems.push_back(yaml_problem(error, text, file));
    return {};
  }
  return builder.take();
}

bool read_file(const std::string& file, std::string& text, std::vector<Problem>& problems) {
  const auto fail = [&](std::string message, std::string remedy) {
    problems.push_back({file, 0, "", std::move(message), std::move(remedy)});
    return false;
  };
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  if (status.type() == std::filesystem::file_type::not_found) {
    return fail("the file does not exist", "check its path");
  }
  if (status.type() == std::filesystem::file_type::directory) {
    return fail("this is a folder, not a file", "name the YAML file in it");
  }
  if (status.type() != std::filesystem::file_type::regular) {
    return fail("this is not a regular file", "name a YAML file that this user may read");
  }
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    return fail(std::string("the file cannot be opened: ") + std::strerror(errno),
                "give the user that runs marketplug the right to read it");
  }
  text.resize(kMaxBytes + 1);
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (in.bad()) return fail("the file cannot be read to its end", "check the disk");
  if (text.size() > kMaxBytes) {
    return fail("the file is larger than 1 MiB", "this is hardly a configuration: check its path");
  }
  return true;
}

}  // namespace marketplug::config
