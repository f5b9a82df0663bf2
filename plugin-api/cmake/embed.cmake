# cmake -DINPUT=file -DOUTPUT=header -DSYMBOL=name -P embed.cmake
# Writes a header with the file's text as `inline constexpr std::string_view <name>`.
file(READ ${INPUT} text)
string(FIND "${text}" ")embedded\"" clash)
if(NOT clash EQUAL -1)
  message(FATAL_ERROR "${INPUT} contains the delimiter of a raw string")
endif()
file(WRITE ${OUTPUT} "#pragma once
#include <string_view>
namespace embedded {
inline constexpr std::string_view ${SYMBOL} = R\"embedded(")
file(APPEND ${OUTPUT} "${text}")
file(APPEND ${OUTPUT} ")embedded\";
}  // namespace embedded
")
