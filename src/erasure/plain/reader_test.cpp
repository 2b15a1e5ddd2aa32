#include "erasure/plain/reader.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "erasure/layout.hpp"
#include "erasure/plain/format.hpp"
#include "erasure/plain/memory.hpp"
#include "erasure/plain/store.hpp"
#include "erasure/test_bytes.hpp"

namespace disgrafs::erasure {
namespace {

constexpr Layout layout{.k = 4, .m = 2};

/// Reads a whole shard as a decoder would. The error, or nothing.
Result<void> read_all(Bytes bytes) {
    MemorySource file(std::move(bytes));
    TRY(auto shard, PlainShard::open(file));
    auto const size = shard.shape().shard_bytes();
    for (std::uint64_t at = 0; at < size; at += unit_bytes) {
        Bytes out(std::min<std::uint64_t>(unit_bytes, size - at));
        TRY_OK(shard.read(at, out));
    }
    return {};
}

TEST(PlainReader, PayloadReadsBack) {
    TestRandom random(1);
    auto const content = random.bytes(4 * unit_bytes + 400);
    MemorySource file((*plain_shards_of(content, layout))[1]);
    auto shard = PlainShard::open(file);
    ASSERT_TRUE(shard) << shard.error().message;
    EXPECT_EQ(shard->index(), 1);
    EXPECT_EQ(shard->shape(), (PlainShape{.layout = layout, .file_bytes = content.size()}));
    Bytes out(unit_bytes + 100);
    ASSERT_TRUE(shard->read(0, out));
    EXPECT_TRUE(std::ranges::equal(out, ByteView(content).subspan(out.size(), out.size())));
    Bytes last(100);
    ASSERT_TRUE(shard->read(unit_bytes, last));
    EXPECT_TRUE(std::ranges::equal(last, ByteView(out).subspan(unit_bytes)));
}

TEST(PlainReader, EveryFlippedBitOfAShardIsFound) {
    TestRandom random(2);
    for (std::size_t const size : {0U, 1U, 41U}) {
        for (auto const& whole : *plain_shards_of(random.bytes(size), layout)) {
            ASSERT_TRUE(read_all(whole));
            for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
                auto bytes = whole;
                bytes[bit / 8] ^= std::byte{1} << bit % 8;
                EXPECT_FALSE(read_all(bytes)) << "bit " << bit << " of a file of " << size;
            }
        }
    }
}

TEST(PlainReader, EveryOtherLengthIsRefused) {
    TestRandom random(3);
    auto const whole = (*plain_shards_of(random.bytes(41), layout))[5];
    for (std::size_t size = 0; size < whole.size() + 20; ++size) {
        auto bytes = whole;
        bytes.resize(size);
        EXPECT_EQ(read_all(bytes).has_value(), size == whole.size()) << size;
    }
}

TEST(PlainReader, ManyBlockChecksumsAreComparedInPieces) {
    // 16,384 checksums are read at once: 1 GiB of payload; the file claims more than that, sparse.
    class Sparse final : public PlainSource {
     public:
        Sparse(PlainShape const& shape, Bytes header, Bytes end)
            : shape_(shape), header_(std::move(header)), end_(std::move(end)) {}
        [[nodiscard]] std::uint64_t size_bytes() const override { return shape_.size_bytes(); }
        Result<void> read(std::uint64_t offset, MutableShard out) override {
            for (auto& byte : out) {
                auto const at = offset++;
                byte = at < header_.size()     ? header_[at]
                       : at >= shape_.end_at() ? end_[at - shape_.end_at()]
                                               : std::byte{0};
            }
            return {};
        }

     private:
        PlainShape shape_;
        Bytes header_;
        Bytes end_;
    };
    PlainShape const shape{
        .layout = {.k = 1, .m = 0, .matrix = Matrix::replica}, .file_bytes = 3ULL << 30U
    };
    PlainRoot root;
    for (std::uint64_t i = 0; i < shape.block_count(); ++i) {
        root.add(0);
    }
    std::vector<std::uint32_t> const roots{root.finish(shape.shard_bytes())};
    auto const header = encode_plain_header({.shape = shape, .index = 0});
    Sparse file(shape, header, encode_plain_end(shape, roots));
    EXPECT_TRUE(PlainShard::open(file));
    Sparse other(shape, header, encode_plain_end(shape, std::vector{roots[0] + 1}));
    EXPECT_EQ(PlainShard::open(other).error().message, "has damaged block checksums");
}

TEST(PlainReader, ShardsOfOneSetKnowEachOther) {
    TestRandom random(4);
    auto const content = random.bytes(1000);
    auto other_content = content;
    other_content.back() ^= std::byte{1};
    auto const files = *plain_shards_of(content, layout);
    auto const others = *plain_shards_of(other_content, layout);
    EXPECT_TRUE(std::ranges::equal(ByteView(files[0]).first(314), ByteView(others[0]).first(314)));
    MemorySource a(files[0]);
    MemorySource b(files[4]);
    MemorySource c(others[0]);
    auto const first = PlainShard::open(a);
    EXPECT_TRUE(first->is_of_set_of(*PlainShard::open(b)));
    EXPECT_FALSE(first->is_of_set_of(*PlainShard::open(c)));
}

TEST(BareShard, AnotherLengthOrIndexIsRefused) {
    PlainShape const shape{.layout = layout, .file_bytes = 37};
    MemorySource right(Bytes(10));
    MemorySource wrong(Bytes(11));
    EXPECT_TRUE(BareShard::open(right, shape, 5));
    EXPECT_FALSE(BareShard::open(right, shape, 6));
    EXPECT_FALSE(BareShard::open(right, shape, -1));
    EXPECT_EQ(
        BareShard::open(wrong, shape, 0).error().message,
        "has 11 bytes; a shard of 37 bytes in 4 is 10"
    );
}

}  // namespace
}  // namespace disgrafs::erasure
