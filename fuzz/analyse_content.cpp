/// \file fuzz/analyse_content.cpp  Files of every kind, through kind, reader and words.
///
/// The first byte picks a name; findings must be within the limits, whatever the rest is.
/// Out of the sandbox: what crashes here would cost one fork there.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "analysers/analyse.hpp"
#include "analysis/findings.hpp"
#include "base/assert.hpp"

namespace {

using namespace disgrafs;

constexpr std::array names{
    "a.md", "a.html", "a.svg", "a.txt", "a.cpp", "a.py", "a.ts", "a.go", "a"
};

analysers::Resources& resources() {
    static auto loaded = analysers::Resources::load({.share = DISGRAFS_SHARE}).value();
    return loaded;
}

}  // namespace

// Loads the dictionaries, which takes longer than one input may.
// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's.
extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {
    for (auto const resource : analysers::all_resources) resources().load(resource);
    return 0;
}

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    if (size == 0) return 0;
    std::string_view const input(reinterpret_cast<char const*>(data), size);
    auto const bytes = as_bytes(input.substr(1));
    auto const found = analysers::analyse(
        {.name = names[data[0] % names.size()],
         .media_type = "",
         .bytes = bytes,
         .size_bytes = bytes.size()},
        resources()
    );
    auto const json = analysis::encode_findings(found);
    auto const again = analysis::decode_findings(json, found.text);
    DISGRAFS_ASSERT(again, "{}", again ? "" : again.error().message);
    DISGRAFS_ASSERT(analysis::encode_findings(*again) == json, "changed: {}", json);
    DISGRAFS_ASSERT(again->text == found.text, "text changed");
    return 0;
}
