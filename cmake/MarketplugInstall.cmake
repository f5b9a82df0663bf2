# `cmake --install`: the host's programs, its plugins, and the SDK: headers, testing helpers, CMake package,
# template, schemas, documents. The same package is made in the build folder, so that
# CMAKE_PREFIX_PATH=build/release serves a plugin project too.
include(CMakePackageConfigHelpers)

# The host refuses what its group could write, whatever the umask of whoever installs.
set(CMAKE_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
  WORLD_READ WORLD_EXECUTE)
set(sdk ${PROJECT_SOURCE_DIR}/plugin-api)

# marketplug_package(<output folder> <include> <testing> <module>)
function(marketplug_package output MARKETPLUG_INCLUDE MARKETPLUG_TESTING MARKETPLUG_MODULE)
  configure_file(${sdk}/cmake/marketplugConfig.cmake.in ${output}/marketplugConfig.cmake @ONLY)
  # While nothing is frozen, a plugin is built for one release.
  write_basic_package_version_file(${output}/marketplugConfigVersion.cmake COMPATIBILITY SameMinorVersion)
endfunction()
marketplug_package(${PROJECT_BINARY_DIR}/installed "\${_marketplug_here}/../../../include"
  "\${_marketplug_here}/../../../include" "\${_marketplug_here}")
marketplug_package(${PROJECT_BINARY_DIR}/lib/cmake/marketplug ${sdk}/include ${sdk}/testing ${sdk}/cmake)
file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/share/marketplug)
file(CREATE_LINK ${sdk}/template ${PROJECT_BINARY_DIR}/share/marketplug/template SYMBOLIC)

install(DIRECTORY ${sdk}/include/marketplug ${sdk}/testing/marketplug DESTINATION include COMPONENT sdk)
install(FILES ${PROJECT_BINARY_DIR}/installed/marketplugConfig.cmake
  ${PROJECT_BINARY_DIR}/installed/marketplugConfigVersion.cmake
  ${sdk}/cmake/MarketplugPlugin.cmake ${sdk}/cmake/embed.cmake ${sdk}/cmake/marketplug.map
  DESTINATION lib/cmake/marketplug COMPONENT sdk)
install(DIRECTORY ${sdk}/template DESTINATION share/marketplug COMPONENT sdk)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/schemas DESTINATION share/marketplug COMPONENT sdk)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs/authors ${PROJECT_SOURCE_DIR}/docs/operators
  DESTINATION share/doc/marketplug COMPONENT sdk)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION share/doc/marketplug COMPONENT sdk)
