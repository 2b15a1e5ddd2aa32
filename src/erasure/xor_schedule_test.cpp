#include "erasure/xor_schedule.hpp"

#include <bit>
#include <cstddef>
#include <vector>

#include <gtest/gtest.h>

#include "base/bytes.hpp"
#include "erasure/galois.hpp"
#include "erasure/kernels/kernel.hpp"
#include "erasure/layout.hpp"
#include "erasure/matrix.hpp"
#include "erasure/test_bytes.hpp"

namespace disgrafs::erasure {
namespace {

/// The outs of `rows` by the reference and by a schedule are the same.
void expect_same_bytes(
    std::vector<Coefficient> const& rows, std::size_t source_count, std::size_t size, Store store
) {
    TestRandom random(size + 1);
    std::vector<Bytes> sources;
    std::vector<std::byte const*> from;
    sources.reserve(source_count);
    from.reserve(source_count);
    for (std::size_t j = 0; j < source_count; ++j) {
        sources.push_back(random.bytes(size));
    }
    for (auto const& source : sources) {
        from.push_back(source.data());
    }
    std::vector<Bytes> expected(rows.size() / source_count, Bytes(size, std::byte{7}));
    auto made = expected;
    auto const product = [&](std::vector<Bytes>& outs, std::vector<std::byte*>& to) {
        for (auto& out : outs) {
            to.push_back(out.data());
        }
        return Product{
            .rows = rows.data(),
            .sources = from.data(),
            .outs = to.data(),
            .source_count = source_count,
            .out_count = outs.size(),
            .size_bytes = size,
            .store = store,
        };
    };
    std::vector<std::byte*> to;
    multiply_scalar(product(expected, to));
    for (auto const sums : {XorSchedule::Sums::each_row, XorSchedule::Sums::shared}) {
        std::vector<std::byte*> outs;
        XorSchedule(source_count, rows, sums).run(product(made, outs));
        ASSERT_TRUE(made == expected) << source_count << " " << size;
        made.assign(made.size(), Bytes(size, std::byte{7}));
    }
}

TEST(XorSchedule, GivesTheBytesOfTheReference) {
    for (auto const store : {Store::replace, Store::add, Store::stream}) {
        for (std::size_t const size : {0U, 1U, 127U, 1023U, 1024U, 1025U, 5000U}) {
            expect_same_bytes(parity_rows({.k = 10, .m = 4}), 10, size, store);
            expect_same_bytes(
                parity_rows({.k = 4, .m = 2, .matrix = Matrix::cauchy_xor}), 4, size, store
            );
            expect_same_bytes({0, 0, 0, 1, 0, 2}, 3, size, store);
        }
    }
}

TEST(XorSchedule, WideRowsAreTakenAsTheyAre) {
    auto const rows = parity_rows({.k = 40, .m = 10});
    XorSchedule const schedule(40, rows, XorSchedule::Sums::shared);
    EXPECT_EQ(schedule.xor_count(), schedule.naive_xor_count());
    expect_same_bytes(rows, 40, 2000, Store::replace);
}

TEST(XorSchedule, SharedSumsAreMadeOnce) {
    for (auto const matrix : {Matrix::cauchy, Matrix::vandermonde, Matrix::cauchy_xor}) {
        Layout const layout{.k = 10, .m = 4, .matrix = matrix};
        auto const rows = parity_rows(layout);
        std::size_t ones = 0;
        for (auto const constant : rows) {
            for (std::uint8_t x = 1; x != 0; x = static_cast<std::uint8_t>(x << 1U)) {
                auto const image = Gf8::multiply(static_cast<std::uint8_t>(constant), x);
                ones += static_cast<std::size_t>(std::popcount(image));
            }
        }
        XorSchedule const schedule(10, rows, XorSchedule::Sums::shared);
        EXPECT_EQ(schedule.naive_xor_count(), ones - std::size_t{8} * layout.m);
        EXPECT_LT(schedule.xor_count(), schedule.naive_xor_count() * 3 / 5) << name_of(matrix);
    }
}

}  // namespace
}  // namespace disgrafs::erasure
