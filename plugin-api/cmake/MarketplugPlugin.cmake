# marketplug_add_plugin(name SOURCES files... SCHEMA settings.schema.json [LINK libraries...])
#   A connector plugin <name>.so with hidden visibility, a version script that exports the two symbols of
#   the C door, hardened linking, and the settings schema as <marketplug_settings_schema.hpp>
#   (embedded::settings_schema_json).
set(MARKETPLUG_CMAKE_DIR ${CMAKE_CURRENT_LIST_DIR})

function(marketplug_add_plugin name)
  cmake_parse_arguments(ARG "" "SCHEMA" "SOURCES;LINK" ${ARGN})
  if(NOT ARG_SOURCES OR NOT ARG_SCHEMA)
    message(FATAL_ERROR "marketplug_add_plugin(${name}) needs SOURCES and SCHEMA")
  endif()
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/${name}-generated)
  set(header ${generated}/marketplug_settings_schema.hpp)
  add_custom_command(OUTPUT ${header}
    COMMAND ${CMAKE_COMMAND} -DINPUT=${CMAKE_CURRENT_SOURCE_DIR}/${ARG_SCHEMA} -DOUTPUT=${header}
            -DSYMBOL=settings_schema_json -P ${MARKETPLUG_CMAKE_DIR}/embed.cmake
    DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${ARG_SCHEMA} ${MARKETPLUG_CMAKE_DIR}/embed.cmake VERBATIM)
  add_library(${name} MODULE ${ARG_SOURCES} ${header})
  target_include_directories(${name} PRIVATE ${generated})
  target_link_libraries(${name} PRIVATE marketplug::plugin_api ${ARG_LINK})
  target_compile_options(${name} PRIVATE -fvisibility=hidden -fvisibility-inlines-hidden)
  target_link_options(${name} PRIVATE -Wl,--version-script=${MARKETPLUG_CMAKE_DIR}/marketplug.map
    -Wl,--exclude-libs,ALL -Wl,-z,relro -Wl,-z,now)
  if(NOT (MARKETPLUG_SANITIZE AND CMAKE_CXX_COMPILER_ID MATCHES "Clang"))
    target_link_options(${name} PRIVATE -Wl,-z,defs)
  endif()
  set_target_properties(${name} PROPERTIES PREFIX "" BUILD_WITH_INSTALL_RPATH ON INSTALL_RPATH ""
    LINK_DEPENDS ${MARKETPLUG_CMAKE_DIR}/marketplug.map
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib/marketplug/plugins)
endfunction()
