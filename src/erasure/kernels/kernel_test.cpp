#include "erasure/kernels/kernel.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/bytes.hpp"
#include "erasure/codec.hpp"
#include "erasure/galois.hpp"
#include "erasure/test_bytes.hpp"

namespace disgrafs::erasure {
namespace {

constexpr std::size_t guard_bytes = 80;

/// Streams at random offsets of buffers whose other bytes must not change.
class Work {
 public:
    Work(std::size_t sources, std::size_t outs, std::size_t size, TestRandom& random)
        : size_(size), rows_(random.bytes(sources * outs)) {
        for (std::size_t i = 0; i < sources + outs; ++i) {
            offsets_.push_back(random.below(guard_bytes));
            buffers_.push_back(random.bytes(size + guard_bytes));
        }
        rows_[random.below(rows_.size())] = std::byte{0};
        rows_[random.below(rows_.size())] = std::byte{1};
        outs_ = outs;
    }

    /// All buffers after `kernel` ran.
    [[nodiscard]] std::vector<Bytes> run(Kernel const& kernel, bool is_added) const {
        auto buffers = buffers_;
        std::vector<std::byte const*> sources;
        std::vector<std::byte*> outs;
        auto const source_count = buffers.size() - outs_;
        for (std::size_t i = 0; i < buffers.size(); ++i) {
            if (i < source_count) {
                sources.push_back(buffers[i].data() + offsets_[i]);
            } else {
                outs.push_back(buffers[i].data() + offsets_[i]);
            }
        }
        kernel.multiply({
            .rows = reinterpret_cast<std::uint8_t const*>(rows_.data()),
            .sources = sources.data(),
            .outs = outs.data(),
            .source_count = source_count,
            .out_count = outs_,
            .size_bytes = size_,
            .is_added = is_added,
        });
        return buffers;
    }

    /// The same by the definition, one multiplication of the field at a time.
    [[nodiscard]] std::vector<Bytes> expected(bool is_added) const {
        auto buffers = buffers_;
        auto const source_count = buffers.size() - outs_;
        for (std::size_t i = 0; i < outs_; ++i) {
            for (std::size_t at = 0; at < size_; ++at) {
                auto& out = buffers[source_count + i][offsets_[source_count + i] + at];
                auto sum = is_added ? static_cast<std::uint8_t>(out) : std::uint8_t{0};
                for (std::size_t j = 0; j < source_count; ++j) {
                    sum ^= Gf8::multiply(
                        static_cast<std::uint8_t>(rows_[i * source_count + j]),
                        static_cast<std::uint8_t>(buffers_[j][offsets_[j] + at])
                    );
                }
                out = static_cast<std::byte>(sum);
            }
        }
        return buffers;
    }

 private:
    std::size_t size_;
    Bytes rows_;
    std::size_t outs_ = 0;
    std::vector<std::size_t> offsets_;
    std::vector<Bytes> buffers_;
};

std::span<Kernel const> list() { return std::span(kernels().list).first(kernels().count); }

void expect_all_right(Work const& work) {
    for (bool const is_added : {false, true}) {
        auto const expected = work.expected(is_added);
        for (auto const& kernel : list()) {
            ASSERT_TRUE(work.run(kernel, is_added) == expected) << kernel.name;
        }
    }
}

TEST(Kernel, ScalarIsAlwaysThere) {
    ASSERT_GE(list().size(), 1U);
    EXPECT_STREQ(list()[0].name, "scalar");
    EXPECT_NE(std::string(kernel_name()), "");
}

TEST(Kernel, AllKernelsMultiplyRightOnUnalignedSpansAndTouchNothingElse) {
    TestRandom random(1);
    for (std::size_t outs = 1; outs <= 14; ++outs) {
        for (int round = 0; round < 25; ++round) {
            auto const size = round == 0 ? 0 : random.below(round < 15 ? 300 : 1500);
            expect_all_right(Work(1 + random.below(12), outs, size, random));
        }
    }
}

TEST(Kernel, AllKernelsMultiplyRightForEveryShortLength) {
    TestRandom random(2);
    for (std::size_t size = 0; size <= 330; ++size) {
        expect_all_right(Work(3, 2, size, random));
    }
}

TEST(Kernel, AllKernelsMultiplyRightAcrossTheirBlocks) {
    TestRandom random(3);
    expect_all_right(Work(2, 9, 30'000, random));
    expect_all_right(Work(40, 8, 9'001, random));
    expect_all_right(Work(255, 3, 515, random));
    expect_all_right(Work(2, 253, 515, random));
}

TEST(Kernel, NoSourcesGiveZeros) {
    for (auto const& kernel : list()) {
        Bytes out(100, std::byte{1});
        auto* const to = out.data();
        kernel.multiply({nullptr, nullptr, &to, 0, 1, out.size(), false});
        EXPECT_EQ(out, Bytes(100)) << kernel.name;
    }
}

TEST(Kernel, AllKernelsGiveTheSameCrc) {
    TestRandom random(4);
    auto const bytes = random.bytes(200'000);
    auto const expect_same = [&](std::size_t at, std::size_t size) {
        auto const state = static_cast<std::uint32_t>(random.next());
        auto const expected = crc_portable(state, bytes.data() + at, size);
        for (auto const& kernel : list()) {
            ASSERT_EQ(kernel.crc(state, bytes.data() + at, size), expected) << kernel.name << size;
        }
    };
    for (std::size_t size = 0; size < 1200; ++size) {
        expect_same(random.below(64), size);
    }
    for (int round = 0; round < 300; ++round) {
        auto const at = random.below(1000);
        expect_same(at, random.below(bytes.size() - at));
    }
}

}  // namespace
}  // namespace disgrafs::erasure
