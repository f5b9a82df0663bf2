# marketplug_add_plugin(name SOURCES files... SCHEMA settings.schema.json [LINK libraries...])
#   A connector plugin <name>.so with hidden visibility, a version script that exports the two symbols of
#   the C door, hardened linking, and the settings schema as <marketplug_settings_schema.hpp>
#   (embedded::settings_schema_json). It lands in lib/marketplug/plugins of the build, which a host started
#   there reads; set LIBRARY_OUTPUT_DIRECTORY on the target for another place.
# marketplug_add_conformance_test(name CASES folder [OPTIONS options of marketplug-testkit...])
#   A test <name>-conformance that holds the plugin <name> to what the host expects, with folder/cases.json.
set(MARKETPLUG_CMAKE_DIR ${CMAKE_CURRENT_LIST_DIR})

function(marketplug_add_plugin name)
  cmake_parse_arguments(ARG "" "SCHEMA" "SOURCES;LINK" ${ARGN})
  if(NOT ARG_SOURCES OR NOT ARG_SCHEMA)
    message(FATAL_ERROR "marketplug_add_plugin(${name}) needs SOURCES and SCHEMA")
  endif()
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "marketplug_add_plugin(${name}) does not know: ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  cmake_path(ABSOLUTE_PATH ARG_SCHEMA BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} OUTPUT_VARIABLE schema)
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/${name}-generated)
  set(header ${generated}/marketplug_settings_schema.hpp)
  add_custom_command(OUTPUT ${header}
    COMMAND ${CMAKE_COMMAND} -DINPUT=${schema} -DOUTPUT=${header}
            -DSYMBOL=settings_schema_json -P ${MARKETPLUG_CMAKE_DIR}/embed.cmake
    DEPENDS ${schema} ${MARKETPLUG_CMAKE_DIR}/embed.cmake VERBATIM)
  add_library(${name} MODULE ${ARG_SOURCES} ${header})
  target_include_directories(${name} PRIVATE ${generated})
  target_link_libraries(${name} PRIVATE marketplug::plugin_api ${ARG_LINK})
  target_compile_options(${name} PRIVATE -fvisibility=hidden -fvisibility-inlines-hidden)
  target_link_options(${name} PRIVATE -Wl,--version-script=${MARKETPLUG_CMAKE_DIR}/marketplug.map
    -Wl,--exclude-libs,ALL -Wl,-z,relro -Wl,-z,now)
  # Clang leaves the sanitizers' functions to the host's own runtime, so they are undefined here.
  set(flags "${CMAKE_CXX_FLAGS} ${MARKETPLUG_SANITIZE}")
  if(NOT (CMAKE_CXX_COMPILER_ID MATCHES "Clang" AND flags MATCHES "-fsanitize|address|thread"))
    target_link_options(${name} PRIVATE -Wl,-z,defs)
  endif()
  set_target_properties(${name} PROPERTIES PREFIX "" BUILD_WITH_INSTALL_RPATH ON INSTALL_RPATH ""
    LINK_DEPENDS ${MARKETPLUG_CMAKE_DIR}/marketplug.map
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib/marketplug/plugins)
  # The host refuses what others could write, and many people build with umask 002.
  add_custom_command(TARGET ${name} POST_BUILD
    COMMAND chmod go-w $<TARGET_FILE:${name}> $<TARGET_FILE_DIR:${name}> VERBATIM)
endfunction()

function(marketplug_add_conformance_test name)
  cmake_parse_arguments(ARG "" "CASES" "OPTIONS" ${ARGN})
  if(NOT ARG_CASES)
    message(FATAL_ERROR "marketplug_add_conformance_test(${name}) needs CASES")
  endif()
  if(NOT MARKETPLUG_TESTKIT)
    message(WARNING "marketplug-testkit is not installed beside the SDK: ${name} is not held to the host's checks")
    return()
  endif()
  cmake_path(ABSOLUTE_PATH ARG_CASES BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} OUTPUT_VARIABLE cases)
  add_test(NAME ${name}-conformance COMMAND ${MARKETPLUG_TESTKIT} $<TARGET_FILE:${name}> --cases ${cases}
    --report ${CMAKE_CURRENT_BINARY_DIR}/${name}-conformance.json
    --junit ${CMAKE_CURRENT_BINARY_DIR}/${name}-conformance.xml ${ARG_OPTIONS})
endfunction()
