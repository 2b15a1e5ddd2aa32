/// \file fuzz/analyse_request.cpp  Frames, requests and answers of disgrafs-analyze.
///
/// What decodes must encode to something that decodes to the same.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "analysis/analyse_frame.hpp"
#include "analysis/findings.hpp"
#include "base/assert.hpp"

namespace {

using namespace disgrafs::analysis;

void check_request(std::string_view json) {
    auto const request = decode_request(json);
    if (!request) return;
    auto const written = encode_request(*request);
    auto const again = decode_request(written);
    DISGRAFS_ASSERT(again && encode_request(*again) == written, "{}", written);
}

void check_findings(std::string_view json, std::string_view text) {
    auto const findings = decode_findings(json, text);
    if (!findings) return;
    auto const written = encode_findings(*findings);
    auto const again = decode_findings(written, text);
    DISGRAFS_ASSERT(again && encode_findings(*again) == written, "{}", written);
    DISGRAFS_ASSERT(trimmed(*findings) == *findings, "trimmed changed {}", written);
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const input(reinterpret_cast<char const*>(data), size);
    if (size < FrameHead::size_bytes) return 0;
    auto const head = disgrafs::as_bytes(input.substr(0, FrameHead::size_bytes));
    (void)decode_request_head(head);
    (void)decode_answer_head(head);
    auto const rest = input.substr(FrameHead::size_bytes);
    auto const json_bytes = static_cast<std::size_t>(data[0]) * rest.size() / 255;
    check_request(rest);
    check_findings(rest.substr(0, json_bytes), rest.substr(json_bytes));
    return 0;
}
