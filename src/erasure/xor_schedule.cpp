#include "erasure/xor_schedule.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "base/assert.hpp"
#include "erasure/galois.hpp"
#include "erasure/kernels/kernel.hpp"
#include "erasure/kernels/planes.hpp"

namespace disgrafs::erasure {
namespace {

/// The bit matrix, column by column: which rows contain a plane.
class BitMatrix {
 public:
    explicit BitMatrix(std::size_t rows) : words_((rows + 63) / 64) {}

    std::size_t add_column() {
        bits_.resize(bits_.size() + words_);
        return columns_++;
    }
    void set(std::size_t row, std::size_t column) {
        bits_[column * words_ + row / 64] |= std::uint64_t{1} << row % 64;
    }
    [[nodiscard]] bool has(std::size_t row, std::size_t column) const {
        return (bits_[column * words_ + row / 64] >> row % 64 & 1U) != 0;
    }
    [[nodiscard]] std::size_t columns() const { return columns_; }

    /// Rows that contain both.
    [[nodiscard]] int common(std::size_t a, std::size_t b) const {
        int sum = 0;
        for (std::size_t word = 0; word < words_; ++word) {
            sum += std::popcount(bits_[a * words_ + word] & bits_[b * words_ + word]);
        }
        return sum;
    }
    /// A new column for the sum of two, taken out of them where a row has both.
    std::size_t share(std::size_t a, std::size_t b) {
        auto const shared = add_column();
        for (std::size_t word = 0; word < words_; ++word) {
            auto const both = bits_[a * words_ + word] & bits_[b * words_ + word];
            bits_[shared * words_ + word] = both;
            bits_[a * words_ + word] ^= both;
            bits_[b * words_ + word] ^= both;
        }
        return shared;
    }

 private:
    std::size_t words_;
    std::size_t columns_ = 0;
    std::vector<std::uint64_t> bits_;
};

/// Row 8i + b: which bits of the sources make bit b of out i.
BitMatrix bit_matrix(std::size_t source_count, std::span<Coefficient const> rows) {
    auto const out_count = rows.size() / source_count;
    BitMatrix matrix(8 * out_count);
    for (std::size_t j = 0; j < source_count; ++j) {
        for (unsigned bit = 0; bit < 8; ++bit) {
            auto const column = matrix.add_column();
            for (std::size_t i = 0; i < out_count; ++i) {
                auto const constant = static_cast<std::uint8_t>(rows[i * source_count + j]);
                auto const image = Gf8::multiply(constant, static_cast<std::uint8_t>(1U << bit));
                for (std::size_t b = 0; b < 8; ++b) {
                    if ((static_cast<unsigned>(image) >> b & 1U) != 0) {
                        matrix.set(8 * i + b, column);
                    }
                }
            }
        }
    }
    return matrix;
}

/// For every column the later one with which it shares most rows.
class Partners {
 public:
    explicit Partners(BitMatrix const& matrix) : matrix_(matrix) {
        for (std::size_t column = 0; column < matrix.columns(); ++column) {
            best_.push_back({});
        }
        for (std::size_t column = 0; column < matrix.columns(); ++column) {
            look(column);
        }
    }
    struct Pair {
        std::size_t a = 0;
        std::size_t b = 0;
        int common = 0;
    };
    [[nodiscard]] Pair best() const { return *std::ranges::max_element(best_, {}, &Pair::common); }
    /// After share(a, b) made `shared`.
    void update(Pair const& pair, std::size_t shared) {
        best_.push_back({});
        for (std::size_t column = 0; column < shared; ++column) {
            auto const partner = best_[column].b;
            if (column == pair.a || column == pair.b || partner == pair.a || partner == pair.b) {
                look(column);
            } else {
                offer(column, shared);
            }
        }
    }

 private:
    void look(std::size_t column) {
        best_[column] = {};
        for (auto other = column + 1; other < matrix_.columns(); ++other) {
            offer(column, other);
        }
    }
    void offer(std::size_t column, std::size_t other) {
        auto const common = matrix_.common(column, other);
        if (common > best_[column].common) {
            best_[column] = {.a = column, .b = other, .common = common};
        }
    }
    BitMatrix const& matrix_;
    std::vector<Pair> best_;
};

}  // namespace

XorSchedule::XorSchedule(std::size_t source_count, std::span<Coefficient const> rows, Sums sums)
    : source_count_(source_count),
      out_count_(source_count == 0 ? 0 : rows.size() / source_count),
      plane_count_(8 * (source_count_ + out_count_)) {
    if (rows.empty()) {
        return;
    }
    auto matrix = bit_matrix(source_count, rows);
    auto const first_out = 8 * source_count;
    auto const first_shared = first_out + 8 * out_count_;
    auto const plane = [&](std::size_t column) {
        return static_cast<std::uint32_t>(
            column < first_out ? column : column - first_out + first_shared
        );
    };
    std::vector<std::vector<std::uint32_t>> row_sums(8 * out_count_);
    auto const each_row = [&](auto&& with) {
        for (std::size_t row = 0; row < row_sums.size(); ++row) {
            row_sums[row].clear();
            for (std::size_t column = 0; column < matrix.columns(); ++column) {
                if (matrix.has(row, column)) {
                    row_sums[row].push_back(plane(column));
                }
            }
            with(row_sums[row].empty() ? 0 : row_sums[row].size() - 1);
        }
    };
    each_row([&](std::size_t xors) { naive_xor_count_ += xors; });
    if (sums == Sums::shared && rows.size() <= shared_max) {
        Partners partners(matrix);
        for (auto pair = partners.best(); pair.common > 1; pair = partners.best()) {
            auto const shared = matrix.share(pair.a, pair.b);
            partners.update(pair, shared);
            program_.insert(program_.end(), {plane(shared), 2, plane(pair.a), plane(pair.b)});
            ++xor_count_;
            ++plane_count_;
        }
    }
    each_row([&](std::size_t xors) { xor_count_ += xors; });
    for (std::size_t row = 0; row < row_sums.size(); ++row) {
        auto const& sum = row_sums[row];
        program_.push_back(static_cast<std::uint32_t>(first_out + row));
        program_.push_back(static_cast<std::uint32_t>(sum.size()));
        program_.insert(program_.end(), sum.begin(), sum.end());
    }
}

void XorSchedule::run(Product const& product) const {
    DISGRAFS_ASSERT(
        product.source_count == source_count_ && product.out_count == out_count_,
        "{} × {} for {} × {}",
        product.out_count,
        product.source_count,
        out_count_,
        source_count_
    );
    std::vector<std::byte> planes(plane_count_ * plane_bytes);
    auto* const first_out = planes.data() + 8 * source_count_ * plane_bytes;
    for (std::size_t at = 0; at < product.size_bytes; at += plane_block_bytes) {
        auto const size = std::min(plane_block_bytes, product.size_bytes - at);
        std::byte block[plane_block_bytes] = {};
        for (std::size_t j = 0; j < source_count_; ++j) {
            auto const* from = product.sources[j] + at;
            if (size < plane_block_bytes) {
                std::memcpy(block, from, size);
                from = block;
            }
            transpose_planes(from, planes.data() + j * plane_block_bytes);
        }
        run_program(program_.data(), program_.size(), planes.data());
        for (std::size_t i = 0; i < out_count_; ++i) {
            auto* const to = product.outs[i] + at;
            auto const* const from = first_out + i * plane_block_bytes;
            if (size == plane_block_bytes && product.store != Store::add) {
                transpose_planes(from, to);
                continue;
            }
            transpose_planes(from, block);
            for (std::size_t byte = 0; byte < size; ++byte) {
                to[byte] = product.store == Store::add ? to[byte] ^ block[byte] : block[byte];
            }
        }
    }
}

void multiply_xor(Product const& product) {
    if (product.source_count == 0) {
        multiply_scalar(product);  // Zeros.
        return;
    }
    std::span<Coefficient const> const rows(product.rows, product.out_count * product.source_count);
    XorSchedule(product.source_count, rows, XorSchedule::Sums::each_row).run(product);
}

}  // namespace disgrafs::erasure
