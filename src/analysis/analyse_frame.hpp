#pragma once

/// \file analysis/analyse_frame.hpp  One frame on the standard streams of disgrafs-analyze.
///
///     u32le json length | u32le body length | json | body        (docs/formats/analyse.md)

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace disgrafs::analysis {

/// The two lengths in front of every frame.
struct FrameHead {
    static constexpr std::size_t size_bytes = 8;

    std::uint32_t json_bytes = 0;
    std::uint32_t body_bytes = 0;

    friend bool operator==(FrameHead const&, FrameHead const&) = default;
};

using FrameHeadBytes = std::array<std::byte, FrameHead::size_bytes>;

FrameHeadBytes encode_frame_head(FrameHead head);

/// `bytes` are FrameHead::size_bytes long. Errors: invalid (beyond the limits of findings.hpp;
/// nothing that follows can be trusted then).
Result<FrameHead> decode_request_head(ByteView bytes);
Result<FrameHead> decode_answer_head(ByteView bytes);

/// Head, json and body in one string.
std::string encode_frame(std::string_view json, std::string_view body);

}  // namespace disgrafs::analysis
