#pragma once
// The archive that Amazon Custom makes of an order line, read in memory: a JSON document named
// after the line, with pictures beside it. Amazon documents no model of it; both shapes that
// sellers get are read, the tree `customizationData` first, because the list of `version3.0` leaves
// out texts that the buyer has moved. Pure functions, any thread.

#include <boost/json/value.hpp>
#include <string_view>
#include <vector>

#include "marketplug/model/order.hpp"

namespace marketplug::amazon {

// What is wrong with an archive, beside the codes of zip_archive.hpp.
inline constexpr std::string_view kCustomNone = "no_customization";    ///< nothing chosen in it
inline constexpr std::string_view kCustomBadJson = "bad_json";         ///< or deeper than 32 levels
inline constexpr std::string_view kCustomOther = "other_line";         ///< of another order line
inline constexpr std::string_view kCustomTooMuch = "too_many_values";  ///< beyond what is kept

inline constexpr std::size_t kCustomProperties = 500;
inline constexpr std::size_t kCustomBytes = 256u << 10;  ///< of all names and values

/// `problem` is empty where there are properties.
struct Customization {
  std::string_view problem;
  std::vector<LineProperty> properties;
};

/// Options, texts, fonts, colours and pictures' file names by what the buyer read beside them. With
/// several surfaces "<surface> / " stands before each name.
Customization read_customization(std::string_view archive, std::string_view line_id);
/// The same of the document alone.
Customization customization_of(const boost::json::value& document, std::string_view line_id);

}  // namespace marketplug::amazon
