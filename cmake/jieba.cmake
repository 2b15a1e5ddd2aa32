# cppjieba: headers and dictionaries for Chinese words, from the npm package nodejieba (deps/).
# Gives the target disgrafs_jieba, and the dictionaries as <build>/share/disgrafs/jieba, where a
# program in <build>/bin finds them by ../share/disgrafs/jieba.
include_guard(GLOBAL)
set(jieba_ ${PROJECT_SOURCE_DIR}/deps/node_modules/nodejieba/submodules/cppjieba)
if(NOT EXISTS ${jieba_}/dict/jieba.dict.utf8)
  message(FATAL_ERROR "cppjieba is missing. Install it once:\n"
                      "  (cd ${PROJECT_SOURCE_DIR}/deps && npm ci --ignore-scripts)\n"
                      "or build by ./dev build, which does so.")
endif()
add_library(disgrafs_jieba INTERFACE)
target_include_directories(disgrafs_jieba SYSTEM INTERFACE
                           ${jieba_}/include ${jieba_}/deps/limonp/include)
file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/share/disgrafs)
file(CREATE_LINK ${jieba_}/dict ${PROJECT_BINARY_DIR}/share/disgrafs/jieba SYMBOLIC)
