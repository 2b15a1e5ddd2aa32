#include "analysis/analyse_frame.hpp"

#include <string>

#include <gtest/gtest.h>

#include "analysis/findings.hpp"

namespace disgrafs::analysis {
namespace {

TEST(AnalyseFrame, IsTwoLittleEndianLengthsThenJsonThenBody) {
    std::string body(0x0102, 'b');
    auto const frame = encode_frame("{}", body);
    EXPECT_EQ(to_hex(as_bytes(frame).first(12)), "02000000020100007b7d6262");
    EXPECT_EQ(frame.size(), 8 + 2 + body.size());
}

TEST(AnalyseFrame, HeadReadsBack) {
    FrameHead const head{.json_bytes = 65536, .body_bytes = 67108864};
    auto const bytes = encode_frame_head(head);
    auto const read = decode_request_head(bytes);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(*read, head);
}

TEST(AnalyseFrame, HeadBeyondTheLimitsIsInvalid) {
    auto const long_json = encode_frame_head({.json_bytes = 65537, .body_bytes = 0});
    auto const long_body = encode_frame_head({.json_bytes = 2, .body_bytes = 67108865});
    auto const long_text = encode_frame_head({.json_bytes = 2, .body_bytes = 1048577});
    EXPECT_EQ(decode_request_head(long_json).error().code, Errc::invalid);
    EXPECT_EQ(decode_request_head(long_body).error().code, Errc::invalid);
    EXPECT_TRUE(decode_request_head(long_text));
    EXPECT_EQ(decode_answer_head(long_text).error().code, Errc::invalid);
}

}  // namespace
}  // namespace disgrafs::analysis
