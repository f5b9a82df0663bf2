#pragma once
// Where the values of a document stand in their file, and problems told with it. Values, any
// thread. Internal to host/config.

#include <boost/json/value.hpp>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "host/config/config.hpp"
#include "host/config/yaml_tree.hpp"
#include "host/json/schema.hpp"

namespace marketplug::config {

struct Places {
  std::string file;
  std::map<std::string, int> lines;              ///< JSON pointer -> line; empty: not from a file
  std::map<std::string, const YamlNode*> nodes;  ///< JSON pointer -> as written

  /// The line of a pointer, else of the nearest place around it; 0: unknown.
  int line_of(std::string_view pointer) const;
  Problem problem(std::string_view pointer, std::string message, std::string remedy) const;
};

/// Whether a reference may stand at a pointer of the document: somebody resolves it there.
using MayRefer = std::function<bool(std::string_view pointer)>;

/// All errors of `data` (which stands at `prefix` of the document) as problems with remedies. Where
/// a value is a reference, its form is left to whoever resolves it; where nobody does,
/// place_references() has said so.
void add_schema_problems(const Places& places, const json::Schema& schema,
                         const boost::json::value& data, std::string_view prefix,
                         const MayRefer& may_refer, std::vector<Problem>& problems);

/// By line, then as found.
void sort_problems(std::vector<Problem>& problems);

}  // namespace marketplug::config
