# cmake [-DUPDATE=ON] [-DLOCK=file] [-DINCLUDE_DIR=folder] -P abi_lock.cmake
# Compares the SDK's headers with abi.lock, which holds the version of the plugin interface and the SHA-256
# of each header; with -DUPDATE=ON writes it anew. While the major version is 0 the digest of what it records is
# kept in marketplug/abi_headers.hpp too: it is part of the layout hash, so that a plugin and a host with other
# headers refuse each other. From version 1 on a header that has changed without the
# version step it needs is refused in both modes: the layout hash in a plugin cannot see reordered virtual
# functions or members swapped for others of their size, so this is the place where they are noticed.
cmake_minimum_required(VERSION 3.25)
get_filename_component(sdk ${CMAKE_CURRENT_LIST_DIR} DIRECTORY)
if(NOT LOCK)
  set(LOCK ${sdk}/abi.lock)
endif()
if(NOT INCLUDE_DIR)
  set(INCLUDE_DIR ${sdk}/include)
endif()
set(update_command "cmake -DUPDATE=ON -P plugin-api/cmake/abi_lock.cmake")

# ---- what the headers say
file(READ ${INCLUDE_DIR}/marketplug/abi.hpp abi_header)
foreach(part Major Minor)
  if(NOT abi_header MATCHES "kAbi${part} = ([0-9]+);")
    message(FATAL_ERROR "${INCLUDE_DIR}/marketplug/abi.hpp does not define kAbi${part}")
  endif()
  string(TOLOWER ${part} key)
  set(new_${key} ${CMAKE_MATCH_1})
endforeach()
file(GLOB_RECURSE headers RELATIVE ${INCLUDE_DIR} ${INCLUDE_DIR}/*.hpp ${INCLUDE_DIR}/*.ipp)
list(REMOVE_ITEM headers marketplug/abi_headers.hpp)  # says what the others are
list(SORT headers)
set(text "# The plugin interface: its version, and the SHA-256 of each header of plugin-api/include.
# Written by: ${update_command}
abi_major ${new_major}
abi_minor ${new_minor}
")
foreach(header IN LISTS headers)
  file(SHA256 ${INCLUDE_DIR}/${header} new_sha_${header})
  string(APPEND text "${new_sha_${header}}  ${header}\n")
endforeach()

string(SHA256 digest "${text}")
string(SUBSTRING ${digest} 0 16 digest)
set(digest_header ${INCLUDE_DIR}/marketplug/abi_headers.hpp)
set(digest_text "#pragma once
// What the SDK's headers are, as one number: part of the layout hash while kAbiMajor is 0.
// Written by: ${update_command}

#include <cstdint>

namespace marketplug {

inline constexpr std::uint64_t kHeaderDigest = 0x${digest};

}  // namespace marketplug
")

# ---- what the lock says
set(old_headers)
set(locked FALSE)
if(EXISTS ${LOCK})
  file(STRINGS ${LOCK} lines)
  foreach(line IN LISTS lines)
    if(line MATCHES "^abi_(major|minor) ([0-9]+)$")
      set(old_${CMAKE_MATCH_1} ${CMAKE_MATCH_2})
    elseif(line MATCHES "^([0-9a-f]+)  (.+)$")
      list(APPEND old_headers ${CMAKE_MATCH_2})
      set(old_sha_${CMAKE_MATCH_2} ${CMAKE_MATCH_1})
    endif()
  endforeach()
  if(NOT DEFINED old_major OR NOT DEFINED old_minor)
    message(FATAL_ERROR "${LOCK} names no version: restore it from the repository")
  endif()
  set(locked TRUE)
elseif(NOT UPDATE)
  message(FATAL_ERROR "${LOCK} is missing: run ${update_command}")
endif()

set(frozen)  # changed or gone: other layouts or meanings, perhaps
set(grown)   # new, or abi.hpp itself, which names what is new
if(locked)
  foreach(header IN LISTS headers)
    if(NOT DEFINED old_sha_${header})
      list(APPEND grown "${header} is new")
    elseif(NOT old_sha_${header} STREQUAL new_sha_${header})
      if(header STREQUAL "marketplug/abi.hpp")
        list(APPEND grown "${header} has changed")
      else()
        list(APPEND frozen "${header} has changed")
      endif()
    endif()
  endforeach()
  foreach(header IN LISTS old_headers)
    if(NOT header IN_LIST headers)
      list(APPEND frozen "${header} is gone")
    endif()
  endforeach()

  # ---- the rules
  set(old "${old_major}.${old_minor}")
  set(new "${new_major}.${new_minor}")
  if(new VERSION_LESS old)
    message(FATAL_ERROR "abi.hpp says version ${new} of the plugin interface, abi.lock ${old}: "
      "a version never goes back")
  endif()
  if(old_major GREATER 0 AND new_major EQUAL old_major AND frozen)
    list(JOIN frozen "\n  " what)
    message(FATAL_ERROR "Version ${old_major} of the plugin interface is frozen, but\n  ${what}\n"
      "Plugins built before would be loaded and would misunderstand the host. Undo the change and put what "
      "is new into a new interface with a new id beside the old one (order-source/2), which is a step of "
      "kAbiMinor; or raise kAbiMajor in marketplug/abi.hpp, which refuses every plugin built before.")
  endif()
  if(old_major GREATER 0 AND grown AND new VERSION_EQUAL old)
    list(JOIN grown "\n  " what)
    message(FATAL_ERROR "The plugin interface has grown without a version step:\n  ${what}\n"
      "An older host would load a plugin that needs the new part. Raise kAbiMinor in marketplug/abi.hpp.")
  endif()
endif()

if(UPDATE)
  file(WRITE ${LOCK} "${text}")
  if(new_major EQUAL 0)
    file(WRITE ${digest_header} "${digest_text}")
  endif()
  message(STATUS "${LOCK} holds version ${new_major}.${new_minor} of the plugin interface")
else()
  file(READ ${LOCK} present)
  if(NOT present STREQUAL text)
    list(JOIN frozen "\n  " what)
    list(JOIN grown "\n  " more)
    message(FATAL_ERROR "abi.lock is out of date (version ${old}, headers ${new}):\n  ${what}\n  ${more}\n"
      "Run ${update_command} and commit the file with the change.")
  endif()
  set(present "")
  if(EXISTS ${digest_header})
    file(READ ${digest_header} present)
  endif()
  if(new_major EQUAL 0 AND NOT present STREQUAL digest_text)
    message(FATAL_ERROR "marketplug/abi_headers.hpp is out of date: plugins built before a change of the headers "
      "would be loaded.\nRun ${update_command} and commit the file with the change.")
  endif()
endif()
