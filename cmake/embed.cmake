# cmake -D IN=file -D OUT=file.cpp -D NAMESPACE=a::b -D NAME=function -P embed.cmake
#
# Writes a source file with one function that returns the text of IN. Raw string literals are cut into
# pieces of 8,000 characters, which every compiler accepts.
file(READ "${IN}" text)
string(LENGTH "${text}" size)
set(pieces "")
set(at 0)
while(at LESS size)
  string(SUBSTRING "${text}" ${at} 8000 piece)
  string(APPEND pieces "        R\"~embed~(${piece})~embed~\"\n")
  math(EXPR at "${at} + 8000")
endwhile()
file(WRITE "${OUT}" "#include <string_view>
namespace ${NAMESPACE} {
std::string_view ${NAME}();
std::string_view ${NAME}() {
    static constexpr char text[] =
${pieces};
    return {text, sizeof text - 1};
}
}
")
