# disgrafs_floors(0 base 1 erasure io …)
#
# The one list of modules, bottom to top. Enters src/<module> for each folder that exists, in the
# order written, and leaves <build>/modules.txt (name floor uses…) for tools/ and the docs.
macro(disgrafs_floors)
  set(floor_ 0)
  foreach(word_ IN ITEMS ${ARGN})
    if(word_ MATCHES "^[0-9]+$")
      set(floor_ ${word_})
    else()
      set_property(GLOBAL PROPERTY disgrafs_floor_${word_} ${floor_})
    endif()
  endforeach()
  file(WRITE ${PROJECT_BINARY_DIR}/modules.txt "")
  foreach(word_ IN ITEMS ${ARGN})
    if(EXISTS ${PROJECT_SOURCE_DIR}/src/${word_}/CMakeLists.txt)
      add_subdirectory(${PROJECT_SOURCE_DIR}/src/${word_})
    endif()
  endforeach()
endmacro()

# disgrafs_module(<name> SOURCES <files…> USES <modules…> LINKS <libraries…>)
#
# One folder of src/ = one library disgrafs_<name> = one namespace = one test program.
#   foo.hpp        must compile alone (checked by the target all_verify_interface_header_sets)
#   foo.cpp        into the library
#   foo_test.cpp   into <name>_test, one ctest entry
#   foo_bench.cpp  into <name>_bench
# A module that USES one which does not stand below it, or to its left, stops the configure step.
function(disgrafs_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;USES;LINKS")
  get_property(floor GLOBAL PROPERTY disgrafs_floor_${name})
  if("${floor}" STREQUAL "")
    message(FATAL_ERROR "${name} stands on no floor: add it to disgrafs_floors() in CMakeLists.txt.")
  endif()
  foreach(used IN LISTS arg_USES)
    if(NOT TARGET disgrafs_${used})
      get_property(used_floor GLOBAL PROPERTY disgrafs_floor_${used})
      message(FATAL_ERROR "${name} (floor ${floor}) may not use ${used} (floor ${used_floor}): "
                          "only lower floors, or a neighbour listed before it.")
    endif()
  endforeach()
  list(JOIN arg_USES " " uses)
  file(APPEND ${PROJECT_BINARY_DIR}/modules.txt "${name} ${floor} ${uses}\n")

  set(tests ${arg_SOURCES})
  set(benches ${arg_SOURCES})
  set(headers ${arg_SOURCES})
  set(sources ${arg_SOURCES})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(FILTER benches INCLUDE REGEX "_bench\\.cpp$")
  list(FILTER headers INCLUDE REGEX "\\.hpp$")
  list(FILTER sources EXCLUDE REGEX "(_test\\.cpp|_bench\\.cpp|\\.hpp)$")

  set(reach PUBLIC)
  if(sources)
    add_library(disgrafs_${name} STATIC ${sources})
  else()
    add_library(disgrafs_${name} INTERFACE)
    set(reach INTERFACE)
  endif()
  if(headers)
    target_sources(disgrafs_${name} ${reach}
                   FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR}/src FILES ${headers})
    set_target_properties(disgrafs_${name} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
  endif()
  target_include_directories(disgrafs_${name} ${reach} ${PROJECT_SOURCE_DIR}/src)
  list(TRANSFORM arg_USES PREPEND disgrafs_)
  target_link_libraries(disgrafs_${name} ${reach} ${arg_USES} ${arg_LINKS})

  if(tests AND BUILD_TESTING)
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE disgrafs_${name} GTest::gmock GTest::gtest_main)
    add_test(NAME ${name} COMMAND ${name}_test)
    disgrafs_test_seconds(seconds)
    set_tests_properties(${name} PROPERTIES TIMEOUT ${seconds} LABELS unit)
  endif()
  if(benches AND BUILD_TESTING)
    add_executable(${name}_bench ${benches})
    target_link_libraries(${name}_bench PRIVATE disgrafs_${name} benchmark::benchmark_main)
  endif()
endfunction()

# disgrafs_test_seconds(<variable>)   the most that a unit test may take; the thread sanitizer is slow
function(disgrafs_test_seconds variable)
  if(DISGRAFS_SANITIZE MATCHES "thread")
    set(${variable} 1500 PARENT_SCOPE)
  else()
    set(${variable} 300 PARENT_SCOPE)
  endif()
endfunction()

# disgrafs_program(<name> SOURCES <files…> USES <modules…>)   a main of src/app
function(disgrafs_program name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;USES")
  list(TRANSFORM arg_USES PREPEND disgrafs_)
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_USES})
endfunction()

# disgrafs_fuzz(<name> SOURCES <files…> USES <modules…>)   a libFuzzer target, preset "fuzz" only
function(disgrafs_fuzz name)
  if(DISGRAFS_FUZZ)
    disgrafs_program(${name} ${ARGN})
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  endif()
endfunction()
