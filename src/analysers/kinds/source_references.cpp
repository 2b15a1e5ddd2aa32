#include "analysers/kinds/source_references.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"

namespace disgrafs::analysers {

namespace {

/// How the target is written after the telling word.
enum class Target {
    quoted,  ///< The next text in quotes or angle brackets on the line.
    word,    ///< The next word: up to white space, ; , ( or {.
    call,    ///< In brackets: include(x).
};

struct Rule {
    std::string_view format;
    std::string_view begin;  ///< How the line starts, after white space.
    std::string_view how;
    Target target;
};

constexpr Rule rules[] = {
    {"C", "#include", "include", Target::quoted},
    {"C header", "#include", "include", Target::quoted},
    {"C++", "#include", "include", Target::quoted},
    {"C++", "import ", "import", Target::word},
    {"Objective-C", "#import", "import", Target::quoted},
    {"Objective-C", "#include", "include", Target::quoted},
    {"Python", "import ", "import", Target::word},
    {"Python", "from ", "import", Target::word},
    {"JavaScript", "import ", "import", Target::quoted},
    {"JavaScript", "export ", "import", Target::quoted},
    {"JavaScript", "} from ", "import", Target::quoted},
    {"JavaScript", "const ", "import", Target::quoted},
    {"TypeScript", "import ", "import", Target::quoted},
    {"TypeScript", "export ", "import", Target::quoted},
    {"TypeScript", "} from ", "import", Target::quoted},
    {"Vue", "import ", "import", Target::quoted},
    {"CSS", "@import", "import", Target::quoted},
    {"SCSS", "@import", "import", Target::quoted},
    {"SCSS", "@use", "import", Target::quoted},
    {"Java", "import ", "import", Target::word},
    {"Kotlin", "import ", "import", Target::word},
    {"Scala", "import ", "import", Target::word},
    {"Swift", "import ", "import", Target::word},
    {"Haskell", "import ", "import", Target::word},
    {"C#", "using ", "import", Target::word},
    {"Go", "import ", "import", Target::quoted},
    {"Go", "\"", "import", Target::quoted},
    {"Rust", "use ", "import", Target::word},
    {"Rust", "mod ", "import", Target::word},
    {"Shell", "source ", "include", Target::word},
    {"Shell", ". ", "include", Target::word},
    {"PHP", "require", "include", Target::quoted},
    {"PHP", "include", "include", Target::quoted},
    {"PHP", "use ", "import", Target::word},
    {"Ruby", "require", "import", Target::quoted},
    {"Lua", "require", "import", Target::quoted},
    {"Perl", "use ", "import", Target::word},
    {"R", "library", "import", Target::call},
    {"Julia", "using ", "import", Target::word},
    {"Julia", "include", "include", Target::call},
    {"CMake", "include", "include", Target::call},
    {"CMake", "add_subdirectory", "include", Target::call},
    {"Makefile", "include ", "include", Target::word},
    {"Protocol Buffers", "import", "import", Target::quoted},
};

std::string_view trimmed_left(std::string_view text) {
    auto const begin = text.find_first_not_of(" \t");
    return begin == std::string_view::npos ? std::string_view() : text.substr(begin);
}

std::string_view quoted_target(std::string_view rest) {
    auto const begin = rest.find_first_of("\"'<`");
    if (begin == std::string_view::npos) return {};
    char const closing = rest[begin] == '<' ? '>' : rest[begin];
    auto const end = rest.find(closing, begin + 1);
    return end == std::string_view::npos ? std::string_view()
                                         : rest.substr(begin + 1, end - begin - 1);
}

std::string_view word_target(std::string_view rest) {
    rest = trimmed_left(rest);
    for (auto const word : {"static ", "type "}) {
        if (rest.starts_with(word)) rest = trimmed_left(rest.substr(std::string_view(word).size()));
    }
    return rest.substr(0, rest.find_first_of(" \t;,({"));
}

std::string_view call_target(std::string_view rest) {
    rest = trimmed_left(rest);
    if (!rest.starts_with('(')) return {};
    auto target = trimmed_left(rest.substr(1));
    target = target.substr(0, target.find_first_of(" \t),"));
    if (target.size() >= 2 && (target[0] == '"' || target[0] == '\'')) {
        target = target.substr(1, target.size() - 2);
    }
    return target;
}

std::string_view target_of(Rule const& rule, std::string_view rest) {
    switch (rule.target) {
        case Target::quoted:
            return quoted_target(rest);
        case Target::word:
            return word_target(rest);
        case Target::call:
            return call_target(rest);
    }
    return {};
}

/// A constant is an import only by a call: const x = require("y").
bool applies(Rule const& rule, std::string_view line, bool in_go_list) {
    if (rule.begin == "\"") return in_go_list;
    if (!line.starts_with(rule.begin)) return false;
    if (rule.begin == "const ") return line.find("require(") != std::string_view::npos;
    if (rule.begin == "export ") return line.find(" from ") != std::string_view::npos;
    return true;
}

/// Go lists its imports in brackets: there every quoted text is one.
class GoImports {
 public:
    bool holds(std::string_view line) {
        if (line.starts_with("import (")) is_open_ = true;
        if (line.starts_with(')')) is_open_ = false;
        return is_open_;
    }

 private:
    bool is_open_ = false;
};

}  // namespace

std::vector<analysis::Reference> find_references(std::string_view text, std::string_view format) {
    std::vector<analysis::Reference> references;
    GoImports go;
    for (auto const raw_line : split(text, '\n')) {
        auto const line = trimmed_left(raw_line);
        bool const in_go_list = format == "Go" && go.holds(line);
        for (auto const& rule : rules) {
            if (rule.format != format || !applies(rule, line, in_go_list)) continue;
            auto const rest = rule.begin == "\"" ? line : line.substr(rule.begin.size());
            analysis::Reference const found{
                std::string(rule.how), std::string(target_of(rule, rest))
            };
            if (found.target.empty() || std::ranges::find(references, found) != references.end())
                continue;
            references.push_back(found);
            if (references.size() == analysis::limits::references) return references;
        }
    }
    return references;
}

}  // namespace disgrafs::analysers
