#include "erasure/codec.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <isa-l/erasure_code.h>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "erasure/checksum.hpp"
#include "erasure/combination.hpp"
#include "erasure/layout.hpp"
#include "erasure/test_bytes.hpp"

namespace disgrafs::erasure {
namespace {

/// m parities of `size` bytes, by ISA-L alone.
std::vector<Bytes> isal_parity(Layout layout, std::vector<Bytes> const& data, std::size_t size) {
    int const k = layout.k;
    int const m = layout.m;
    std::vector<std::uint8_t> matrix(static_cast<std::size_t>((k + m) * k));
    std::vector<std::uint8_t> tables(static_cast<std::size_t>(32 * k * m));
    gf_gen_cauchy1_matrix(matrix.data(), k + m, k);
    ec_init_tables(k, m, matrix.data() + std::ptrdiff_t{k} * k, tables.data());
    std::vector<Bytes> parity(layout.m, Bytes(size));
    std::vector<unsigned char*> from;
    std::vector<unsigned char*> to;
    from.reserve(layout.k);
    to.reserve(layout.m);
    for (auto const& shard : data) {
        auto* const bytes = const_cast<std::byte*>(shard.data());
        from.push_back(reinterpret_cast<unsigned char*>(bytes));
    }
    for (auto& shard : parity) {
        to.push_back(reinterpret_cast<unsigned char*>(shard.data()));
    }
    ec_encode_data(static_cast<int>(size), k, m, tables.data(), from.data(), to.data());
    return parity;
}

void expect_parity_of_isal(Layout layout, std::size_t size, TestRandom& random) {
    auto const shards = random_stripe(layout, size, random);
    std::vector<Bytes> const data(shards.begin(), shards.begin() + layout.k);
    std::vector<Bytes> const parity(shards.begin() + layout.k, shards.end());
    ASSERT_TRUE(parity == isal_parity(layout, data, size))
        << layout.k + 0 << "+" << layout.m + 0 << " " << size;
}

TEST(Codec, ParityIsByteForByteThatOfIsal) {
    TestRandom random(1);
    for (std::uint8_t k = 2; k <= 32; ++k) {
        for (std::uint8_t m = 1; k + m <= 32; ++m) {
            for (std::size_t const size : {1U, 15U, 16U, 63U, 64U, 65U, 257U, 65'537U}) {
                expect_parity_of_isal({.k = k, .m = m}, size, random);
            }
        }
    }
    expect_parity_of_isal({.k = 200, .m = 55}, 65'537, random);
    expect_parity_of_isal({.k = 2, .m = 253}, 4097, random);
    expect_parity_of_isal({.k = 254, .m = 1}, 4097, random);
}

TEST(Codec, EmptyShardsHaveEmptyParity) {
    TestRandom random(2);
    for (auto const& shard : random_stripe({.k = 4, .m = 2}, 0, random)) {
        EXPECT_TRUE(shard.empty());
    }
}

/// Loses every shard that is not in `have` and computes it again.
void expect_all_back(
    Layout layout, std::vector<Bytes> const& shards, std::vector<int> const& have
) {
    std::vector<int> want;
    std::vector<Bytes> out;
    std::vector<ConstShard> survivors;
    survivors.reserve(layout.k);
    for (int const shard : have) {
        survivors.emplace_back(shards[static_cast<std::size_t>(shard)]);
    }
    for (int shard = 0; shard < layout.total(); ++shard) {
        if (std::ranges::find(have, shard) == have.end()) {
            want.push_back(shard);
            out.emplace_back(shards[static_cast<std::size_t>(shard)].size(), std::byte{0xEE});
        }
    }
    auto const decoder = Decoder::plan(layout, have, want);
    ASSERT_TRUE(decoder.has_value()) << decoder.error().message;
    decoder->apply(survivors, mutable_spans(out));
    for (std::size_t i = 0; i < want.size(); ++i) {
        ASSERT_TRUE(out[i] == shards[static_cast<std::size_t>(want[i])]) << "shard " << want[i];
    }
}

TEST(Codec, EveryKOfTheShardsGiveTheContentBack) {
    TestRandom random(3);
    auto layouts = layouts_in_use();
    for (std::uint8_t k = 2; k <= 9; ++k) {
        for (std::uint8_t m = 1; k + m <= 10; ++m) {
            layouts.push_back({.k = k, .m = m});
        }
    }
    for (auto const layout : layouts) {
        auto const shards = random_stripe(layout, 97, random);
        for (auto const& have : every_k_of(layout)) {
            expect_all_back(layout, shards, have);
        }
    }
}

TEST(Codec, RandomShardsOfLargeLayoutsGiveTheContentBack) {
    TestRandom random(4);
    for (int round = 0; round < 60; ++round) {
        auto const k = static_cast<std::uint16_t>(2 + random.below(200));
        auto const m = static_cast<std::uint16_t>(1 + random.below(255U - k));
        Layout const layout{.k = k, .m = m};
        auto const shards = random_stripe(layout, random.below(700), random);
        expect_all_back(layout, shards, random.pick(k, layout.total()));
    }
}

/// The shards of one stripe of content, each as long as the layout says.
std::vector<Bytes> shards_of(Layout layout, Bytes const& content) {
    std::vector<Bytes> data;
    data.reserve(layout.k);
    for (int i = 0; i < layout.k; ++i) {
        data.emplace_back(shard_bytes(layout, content.size(), i));
    }
    split(layout, content, mutable_spans(data));
    return encoded(layout, std::move(data));
}

TEST(Codec, TrimmedShardsCountAsIfFilledWithZeros) {
    TestRandom random(5);
    for (auto const layout : layouts_in_use()) {
        for (std::size_t const size : {1U, 65'535U, 65'536U, 65'537U, 200'000U, 700'001U}) {
            auto const content = random.bytes(size);
            auto const shards = shards_of(layout, content);
            auto padded = std::vector<Bytes>(shards.begin(), shards.begin() + layout.k);
            for (auto& shard : padded) {
                shard.resize(shards[0].size());
            }
            padded = encoded(layout, std::move(padded));
            for (int i = layout.k; i < layout.total(); ++i) {
                auto const shard = static_cast<std::size_t>(i);
                ASSERT_EQ(shards[shard].size(), shard_bytes(layout, size, i));
                ASSERT_TRUE(shards[shard] == padded[shard]);
            }
            for (int round = 0; round < 5; ++round) {
                expect_all_back(layout, shards, random.pick(layout.k, layout.total()));
            }
        }
    }
}

TEST(Codec, OnlyAsMuchIsComputedAsTheOutHolds) {
    TestRandom random(6);
    Layout const layout{.k = 4, .m = 2};
    auto const shards = random_stripe(layout, 1000, random);
    auto const decoder = Decoder::plan(layout, std::vector{1, 3, 4, 5}, std::vector{2, 0});
    std::vector<ConstShard> const survivors{shards[1], shards[3], shards[4], shards[5]};
    Bytes room(1000, std::byte{0xEE});
    Bytes whole(1000);
    decoder->apply(survivors, std::vector<MutableShard>{MutableShard(room).first(333), whole});
    EXPECT_TRUE(std::ranges::equal(ByteView(room).first(333), ByteView(shards[2]).first(333)));
    EXPECT_TRUE(std::ranges::all_of(ByteView(room).subspan(333), [](std::byte byte) {
        return byte == std::byte{0xEE};
    }));
    EXPECT_TRUE(whole == shards[0]);
}

TEST(Codec, UpdateOfOneShardEqualsEncodingAnew) {
    TestRandom random(7);
    for (auto const layout : layouts_in_use()) {
        auto shards = random_stripe(layout, 5000, random);
        auto const index = random.below(layout.k);
        auto const delta = random.bytes(1 + random.below(5000));
        std::vector<MutableShard> const parity(shards.begin() + layout.k, shards.end());
        Encoder(layout).update(static_cast<int>(index), delta, parity);
        auto data = std::vector<Bytes>(shards.begin(), shards.begin() + layout.k);
        for (std::size_t at = 0; at < delta.size(); ++at) {
            data[index][at] ^= delta[at];
        }
        auto const anew = encoded(layout, data);
        for (std::size_t i = layout.k; i < anew.size(); ++i) {
            ASSERT_TRUE(shards[i] == anew[i]);
        }
    }
}

TEST(Codec, VerifyFindsAFlippedBitInAnyShard) {
    TestRandom random(8);
    for (auto const layout : layouts_in_use()) {
        auto shards = shards_of(layout, random.bytes(std::size_t{layout.k} * 70'000));
        Encoder const encoder(layout);
        ASSERT_TRUE(encoder.verify(const_spans(shards)));
        for (auto& shard : shards) {
            auto& byte = shard[random.below(shard.size())];
            byte ^= std::byte{0x10};
            ASSERT_FALSE(encoder.verify(const_spans(shards)));
            byte ^= std::byte{0x10};
        }
        shards.back().pop_back();
        ASSERT_FALSE(encoder.verify(const_spans(shards)));
    }
}

/// Encodes with checksums into buffers `over` bytes beside a line, and expects what encoding and
/// block_checksums() give.
void expect_same_with_checksums(
    Layout layout, std::vector<Bytes> const& data, Outs where, std::size_t over
) {
    auto const expected = encoded(layout, data);
    auto const size = data[0].size();
    std::vector<Bytes> room(layout.m, Bytes(size + 128, std::byte{0xEE}));
    std::vector<MutableShard> parity;
    for (auto& buffer : room) {
        auto const address = reinterpret_cast<std::uintptr_t>(buffer.data());
        parity.push_back(MutableShard(buffer).subspan(64 - address % 64 + over, size));
    }
    std::vector<std::vector<std::uint32_t>> made;
    made.reserve(expected.size());
    for (auto const& shard : expected) {
        made.emplace_back((shard.size() + unit_bytes - 1) / unit_bytes);
    }
    std::vector<std::span<std::uint32_t>> const checksums(made.begin(), made.end());
    Encoder(layout).encode(const_spans(data), parity, checksums, where);
    for (std::size_t i = 0; i < expected.size(); ++i) {
        ASSERT_EQ(made[i], block_checksums(expected[i])) << "shard " << i << " of " << size;
        if (i >= layout.k) {
            ASSERT_TRUE(std::ranges::equal(parity[i - layout.k], expected[i])) << "shard " << i;
        }
    }
}

TEST(Codec, ChecksumsOfTheSamePassAreThoseOfTheShards) {
    TestRandom random(9);
    auto layouts = layouts_in_use();
    layouts.push_back({.k = 16, .m = 4});
    layouts.push_back({.k = 3, .m = 9, .matrix = Matrix::cauchy_xor});
    layouts.push_back({.k = 5, .m = 3, .w = 16, .matrix = Matrix::vandermonde});
    for (auto const layout : layouts) {
        for (std::size_t const size : {0U, 2U, 64U, 500U, 4096U, 65'536U, 65'600U, 140'002U}) {
            std::vector<Bytes> data;
            data.reserve(layout.k);
            for (int j = 0; j < layout.k; ++j) {
                data.push_back(random.bytes(size));
            }
            for (auto const where : {Outs::near, Outs::far}) {
                expect_same_with_checksums(layout, data, where, 0);
                expect_same_with_checksums(layout, data, where, 10);
            }
            for (auto shard = data.begin() + 1; shard != data.end(); ++shard) {
                shard->resize(random.below(data[0].size() + 1) / 2 * 2);
            }
            std::ranges::sort(data.begin() + 1, data.end(), std::greater(), &Bytes::size);
            expect_same_with_checksums(layout, data, Outs::by_size, 0);
        }
    }
}

TEST(Codec, OutsPastTheCachesHaveTheSameBytes) {
    TestRandom random(10);
    for (auto const layout : layouts_in_use()) {
        for (std::size_t const size : {1U, 63U, 64U, 5000U, 1'100'000U}) {
            auto const expected = random_stripe(layout, size, random);
            std::vector<Bytes> const data(expected.begin(), expected.begin() + layout.k);
            for (auto const where : {Outs::near, Outs::far, Outs::by_size}) {
                std::vector<Bytes> parity(layout.m, Bytes(size));
                Encoder(layout).encode(const_spans(data), mutable_spans(parity), where);
                for (std::size_t i = 0; i < layout.m; ++i) {
                    ASSERT_TRUE(parity[i] == expected[layout.k + i]) << size;
                }
            }
        }
    }
}

void expect_refused(Layout layout, std::vector<int> const& have, std::vector<int> const& want) {
    auto const decoder = Decoder::plan(layout, have, want);
    ASSERT_FALSE(decoder.has_value());
    EXPECT_EQ(decoder.error().code, Errc::invalid);
}

TEST(Codec, PlanFromWrongShardsIsRefused) {
    Layout const layout{.k = 3, .m = 2};
    expect_refused(layout, {0, 1}, {2});
    expect_refused(layout, {0, 1, 2, 3}, {4});
    expect_refused(layout, {0, 1, 1}, {2});
    expect_refused(layout, {0, 1, 5}, {2});
    expect_refused(layout, {0, 1, -1}, {2});
    expect_refused(layout, {0, 1, 2}, {2});
    expect_refused(layout, {0, 1, 2}, {3, 3});
    expect_refused({.k = 3, .m = 2, .w = 7}, {0, 1, 2}, {3});
    EXPECT_TRUE(Decoder::plan(layout, std::vector{4, 0, 3}, std::vector<int>{}).has_value());
}

TEST(CodecDeathTest, EncoderOfAnInvalidLayoutIsABug) {
    EXPECT_DEATH(Encoder({.k = 0, .m = 1}), "k must be at least 1");
}

TEST(CodecDeathTest, ParityOfAnotherLengthIsABug) {
    std::vector<Bytes> const data(2, Bytes(10));
    std::vector<Bytes> parity(1, Bytes(9));
    Encoder const encoder({.k = 2, .m = 1});
    EXPECT_DEATH(encoder.encode(const_spans(data), mutable_spans(parity)), "parity 9 of 10");
}

}  // namespace
}  // namespace disgrafs::erasure
