#include "analysis/analyse_frame.hpp"

#include <string>
#include <string_view>

#include "analysis/findings.hpp"
#include "base/assert.hpp"

namespace disgrafs::analysis {

namespace {

void put_u32(std::byte* to, std::uint32_t value) {
    for (unsigned i = 0; i < 4; ++i) to[i] = static_cast<std::byte>(value >> (8 * i));
}

std::uint32_t get_u32(std::byte const* from) {
    std::uint32_t value = 0;
    for (unsigned i = 0; i < 4; ++i) value |= std::to_integer<std::uint32_t>(from[i]) << (8 * i);
    return value;
}

Result<FrameHead> decode_head(
    ByteView bytes, std::size_t json_bytes_max, std::size_t body_bytes_max, std::string_view what
) {
    DISGRAFS_ASSERT(bytes.size() == FrameHead::size_bytes, "{} bytes", bytes.size());
    FrameHead const head{.json_bytes = get_u32(bytes.data()), .body_bytes = get_u32(&bytes[4])};
    if (head.json_bytes > json_bytes_max || head.body_bytes > body_bytes_max) {
        return fail(
            Errc::invalid,
            "{} frame of {} + {} bytes, at most {} + {}",
            what,
            head.json_bytes,
            head.body_bytes,
            json_bytes_max,
            body_bytes_max
        );
    }
    return head;
}

}  // namespace

FrameHeadBytes encode_frame_head(FrameHead head) {
    FrameHeadBytes bytes;
    put_u32(bytes.data(), head.json_bytes);
    put_u32(&bytes[4], head.body_bytes);
    return bytes;
}

Result<FrameHead> decode_request_head(ByteView bytes) {
    return decode_head(bytes, limits::request_json_bytes, limits::request_body_bytes, "request");
}

Result<FrameHead> decode_answer_head(ByteView bytes) {
    return decode_head(bytes, limits::answer_json_bytes, limits::text_bytes, "answer");
}

std::string encode_frame(std::string_view json, std::string_view body) {
    auto const head = encode_frame_head({
        .json_bytes = static_cast<std::uint32_t>(json.size()),
        .body_bytes = static_cast<std::uint32_t>(body.size()),
    });
    std::string frame(as_text(head));
    frame.append(json).append(body);
    return frame;
}

}  // namespace disgrafs::analysis
