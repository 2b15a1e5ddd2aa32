#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "analysers/kinds/readers.hpp"
#include "analysers/kinds/source_references.hpp"
#include "analysers/kinds/source_scan.hpp"

namespace disgrafs::analysers {
namespace {

using Words = std::vector<std::string_view>;

std::vector<std::string> targets(std::string_view text, std::string_view format) {
    std::vector<std::string> out;
    for (auto const& reference : find_references(text, format)) out.push_back(reference.target);
    return out;
}
using Targets = std::vector<std::string>;

TEST(WordsOfIdentifier, SplitsAtCaseUnderscoreAndDigits) {
    EXPECT_EQ(words_of_identifier("readHTMLPage_now2"), (Words{"read", "HTML", "Page", "now"}));
    EXPECT_EQ(words_of_identifier("ShardStore"), (Words{"Shard", "Store"}));
    EXPECT_EQ(words_of_identifier("_"), Words{});
}

TEST(ScanSource, TellsCommentsStringsAndIdentifiersApart) {
    auto const parts = scan_source(
        "// one\nauto x = \"not // this\"; /* two\n three */ char c = '\\''; call(y);",
        style_of("C++")
    );
    EXPECT_EQ(parts.comments, (Words{" one", " two\n three "}));
    EXPECT_EQ(parts.identifiers, (Words{"auto", "x", "char", "c", "call", "y"}));
}

TEST(ScanSource, KnowsPythonDocstrings) {
    auto const parts = scan_source(
        "def f():\n    \"\"\"Reads it.\"\"\"\n    return 'it # no'  # yes\n", style_of("Python")
    );
    EXPECT_EQ(parts.comments, (Words{"Reads it.", " yes"}));
}

TEST(ScanSource, EndsOnUnclosedThings) {
    for (auto const* text : {"/* open", "\"open", "'", "'a", "`open", "\"\"\"open", "//", "\"\\"}) {
        scan_source(text, style_of("C++"));
        scan_source(text, style_of("Python"));
    }
}

TEST(FindReferences, OfEachLanguage) {
    EXPECT_EQ(
        targets("#include <vector>\n  #include \"kv/store.hpp\"\n#include <vector>\n", "C++"),
        (Targets{"vector", "kv/store.hpp"})
    );
    EXPECT_EQ(
        targets("import os.path\nfrom .shard import Store\nimportant = 1\n", "Python"),
        (Targets{"os.path", ".shard"})
    );
    EXPECT_EQ(
        targets(
            "import { a } from './a';\nimport 'b.css';\nconst c = require(\"c\");\nconst d = "
            "'no';\n"
            "export * from \"./e\";\nexport const f = 'no';\n",
            "TypeScript"
        ),
        (Targets{"./a", "b.css", "./e"})
    );
    EXPECT_EQ(
        targets("import (\n\t\"fmt\"\n\tx \"net/http\"\n)\nvar a = \"no\"\n\"no\"\n", "Go"),
        (Targets{"fmt", "net/http"})
    );
    EXPECT_EQ(
        targets("use crate::wire::Frame;\nmod store;\n", "Rust"),
        (Targets{"crate::wire::Frame", "store"})
    );
    EXPECT_EQ(targets("import static java.util.List;\n", "Java"), (Targets{"java.util.List"}));
    EXPECT_EQ(
        targets("include(cmake/a.cmake)\nadd_subdirectory(fuzz)\n", "CMake"),
        (Targets{"cmake/a.cmake", "fuzz"})
    );
    EXPECT_EQ(targets("source ./lib.sh\n. other.sh\n", "Shell"), (Targets{"./lib.sh", "other.sh"}));
}

TEST(SourceCode, ProseIsCommentsThenIdentifiers) {
    std::string_view const text =
        "/// Keeps shards on disk.\n/// A shard is immutable.\nclass ShardStore {\n"
        "    int segmentCount; // how many\n};\n";
    auto const reading = read_source(
        {.name = "a.hpp", .media_type = "", .bytes = as_bytes(text), .size_bytes = text.size()},
        "C++"
    );
    EXPECT_EQ(
        reading.prose,
        "Keeps shards on disk.\nA shard is immutable.\n\n\nhow many\n\n\nshard store. segment "
        "count. "
    );
    EXPECT_EQ(reading.text, text);
}

}  // namespace
}  // namespace disgrafs::analysers
