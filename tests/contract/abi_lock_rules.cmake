# cmake -DSCRIPT=abi_lock.cmake -DFOLDER=scratch -P abi_lock_rules.cmake
# Proves on a small interface of its own that abi_lock.cmake refuses what it must, with reason and remedy.
cmake_minimum_required(VERSION 3.25)
file(REMOVE_RECURSE ${FOLDER})
set(headers ${FOLDER}/include/marketplug)
set(failures 0)

function(version major minor)
  file(WRITE ${headers}/abi.hpp "constexpr int kAbiMajor = ${major};\nconstexpr int kAbiMinor = ${minor};\n")
endfunction()

# run(<what> <update: ON|OFF> <expected: OK, or a text that the error must contain>...)
function(run what update)
  execute_process(COMMAND ${CMAKE_COMMAND} -DUPDATE=${update} -DLOCK=${FOLDER}/abi.lock
    -DINCLUDE_DIR=${FOLDER}/include -P ${SCRIPT} RESULT_VARIABLE code ERROR_VARIABLE error OUTPUT_QUIET)
  string(REGEX REPLACE "[ \n]+" " " error "${error}")  # CMake wraps its messages
  if(ARGN STREQUAL "OK")
    if(NOT code EQUAL 0)
      message(SEND_ERROR "${what}: expected success, got: ${error}")
    endif()
    return()
  endif()
  if(code EQUAL 0)
    message(SEND_ERROR "${what}: was accepted")
  endif()
  foreach(text IN LISTS ARGN)
    string(FIND "${error}" "${text}" at)
    if(at EQUAL -1)
      message(SEND_ERROR "${what}: the error does not say \"${text}\": ${error}")
    endif()
  endforeach()
endfunction()

file(WRITE ${headers}/order.hpp "struct Order { int a; int b; };\n")

# Version 0 records, no more.
version(0 1)
run("no lock" OFF "is missing" "-DUPDATE=ON")
run("first lock" ON OK)
run("unchanged" OFF OK)
file(WRITE ${headers}/order.hpp "struct Order { int b; int a; };\n")
run("changed in version 0" OFF "out of date" "marketplug/order.hpp has changed" "-DUPDATE=ON")
run("update in version 0" ON OK)
run("updated" OFF OK)

# The freeze.
version(1 0)
run("raised to 1" OFF "out of date")
run("lock of version 1" ON OK)
run("frozen and unchanged" OFF OK)

# A frozen header has changed: same size, same layout hash, another meaning.
file(WRITE ${headers}/order.hpp "struct Order { int a; int b; };\n")
foreach(update OFF ON)
  run("frozen header changed, update ${update}" ${update} "Version 1 of the plugin interface is frozen"
    "marketplug/order.hpp has changed" "new interface with a new id" "raise kAbiMajor")
endforeach()
version(1 1)
run("frozen header changed with a minor step only" ON "is frozen" "marketplug/order.hpp has changed")
version(2 0)
run("frozen header changed with a major step" OFF "out of date")
run("update with a major step" ON OK)
run("version 2" OFF OK)
file(REMOVE ${headers}/order.hpp)
run("frozen header gone" ON "is frozen" "marketplug/order.hpp is gone")
file(WRITE ${headers}/order.hpp "struct Order { int a; int b; };\n")
run("frozen header back" OFF OK)

# Growth is a minor step.
file(WRITE ${headers}/invoice.hpp "struct Invoice {};\n")
foreach(update OFF ON)
  run("new header without a step, update ${update}" ${update} "marketplug/invoice.hpp is new" "Raise kAbiMinor")
endforeach()
version(2 1)
run("new header with a step" OFF "out of date")
run("update with a minor step" ON OK)
run("version 2.1" OFF OK)
version(2 0)
run("a version that goes back" ON "never goes back")
