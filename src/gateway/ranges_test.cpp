#include "gateway/ranges.hpp"

#include <gtest/gtest.h>

namespace disgrafs::gateway {
namespace {

std::optional<ByteRange> range(std::string_view value, std::uint64_t size) {
    auto const result = parse_range(value, size);
    EXPECT_TRUE(result) << value;
    return result ? *result : std::nullopt;
}

TEST(Ranges, FirstToLastIsInclusive) { EXPECT_EQ(range("bytes=0-99", 1000), (ByteRange{0, 100})); }

TEST(Ranges, OpenEndGoesToTheEnd) { EXPECT_EQ(range("bytes=990-", 1000), (ByteRange{990, 10})); }

TEST(Ranges, SuffixCountsFromTheEnd) { EXPECT_EQ(range("bytes=-10", 1000), (ByteRange{990, 10})); }

TEST(Ranges, BeyondTheEndIsTrimmed) {
    EXPECT_EQ(range("bytes=5-5000", 10), (ByteRange{5, 5}));
    EXPECT_EQ(range("bytes=-5000", 10), (ByteRange{0, 10}));
}

TEST(Ranges, NothingInsideIsAnError) {
    EXPECT_FALSE(parse_range("bytes=10-", 10));
    EXPECT_FALSE(parse_range("bytes=0-", 0));
    EXPECT_FALSE(parse_range("bytes=-0", 10));
}

TEST(Ranges, WhatIsNoSingleByteRangeIsIgnored) {
    for (auto const* value : {"lines=1-2", "bytes=", "bytes=a-b", "bytes=5-2", "bytes=0-1,3-4"}) {
        EXPECT_EQ(range(value, 10), std::nullopt) << value;
    }
}

TEST(Ranges, HttpDateIsInGmt) {
    EXPECT_EQ(to_http_date(Timestamp{784111777'000'000}), "Sun, 06 Nov 1994 08:49:37 GMT");
}

}  // namespace
}  // namespace disgrafs::gateway
