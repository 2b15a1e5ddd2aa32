#pragma once

/// \file erasure/kernels/driver.hpp  The loop that the vector kernels share; only they include it.
///
/// The streams are walked in strips of a few vectors. A strip of every source is read once and its
/// products are summed in registers for up to `group_max` outs at a time. With more outs than that,
/// blocks small enough for the L1 cache are walked once per group of outs.
///
/// A Lane says what a vector is. It lives in an unnamed namespace of its kernel file, so that all
/// code made here belongs to that file and its flags:
///     Vector, Table             a vector of bytes; a constant ready to multiply with
///     bytes, wide(outs)         bytes of a vector; vectors of a strip that fit the registers
///     Input split(Vector)       whatever is shared by all products of a vector
///     multiply(Input, Table), add(Vector, Vector), zero(), load(), store(), table(constant)

#include <cstddef>
#include <cstdint>

#include "erasure/kernels/kernel.hpp"

namespace disgrafs::erasure {

inline constexpr std::size_t group_max = 6;
inline constexpr std::size_t source_max = 255;

template <typename Lane>
struct Driver {
    using Table = typename Lane::Table;
    using Vector = typename Lane::Vector;

    /// Some streams, some of their bytes.
    struct Streams {
        Table const* tables;  ///< source_count × outs, column by column.
        std::byte const* const* sources;
        std::byte* const* outs;
        std::size_t source_count;
        bool is_added;
    };

    template <std::size_t outs, std::size_t vectors>
    struct Sums {
        Vector of[outs][vectors];
    };

    /// Add the products of `columns` neighbouring sources to the sums.
    template <std::size_t columns, std::size_t outs, std::size_t vectors>
    [[gnu::always_inline]] static void add_columns(
        Sums<outs, vectors>& sums,
        Table const* table,
        std::byte const* const* sources,
        std::size_t at
    ) {
        typename Lane::Input inputs[columns][vectors];
#pragma GCC unroll 8
        for (std::size_t j = 0; j < columns; ++j) {
#pragma GCC unroll 8
            for (std::size_t v = 0; v < vectors; ++v) {
                inputs[j][v] = Lane::split(Lane::load(sources[j] + at + v * Lane::bytes));
            }
        }
#pragma GCC unroll 8
        for (std::size_t i = 0; i < outs; ++i) {
#pragma GCC unroll 8
            for (std::size_t v = 0; v < vectors; ++v) {
#pragma GCC unroll 8
                for (std::size_t j = 0; j < columns; ++j) {
                    auto const product = Lane::multiply(inputs[j][v], table[j * outs + i]);
                    sums.of[i][v] = Lane::add(sums.of[i][v], product);
                }
            }
        }
    }

    /// The bytes [at, at + vectors · Lane::bytes) of every stream.
    template <std::size_t outs, std::size_t vectors>
    [[gnu::always_inline]] static void strip(Streams const& streams, std::size_t at) {
        Sums<outs, vectors> sums;
#pragma GCC unroll 8
        for (std::size_t i = 0; i < outs; ++i) {
#pragma GCC unroll 8
            for (std::size_t v = 0; v < vectors; ++v) {
                sums.of[i][v] = streams.is_added
                                    ? Lane::load(streams.outs[i] + at + v * Lane::bytes)
                                    : Lane::zero();
            }
        }
        auto const* table = streams.tables;
        auto const* source = streams.sources;
        auto left = streams.source_count;
        constexpr auto columns = Lane::columns(outs);
        for (; left >= columns; left -= columns, source += columns, table += columns * outs) {
            add_columns<columns>(sums, table, source, at);
        }
        for (; left > 0; --left, ++source, table += outs) {
            add_columns<1>(sums, table, source, at);
        }
#pragma GCC unroll 8
        for (std::size_t i = 0; i < outs; ++i) {
#pragma GCC unroll 8
            for (std::size_t v = 0; v < vectors; ++v) {
                Lane::store(streams.outs[i] + at + v * Lane::bytes, sums.of[i][v]);
            }
        }
    }

    /// Fewer bytes than a vector has: through copies, so that nothing outside is touched.
    template <std::size_t outs>
    static void tail(Streams const& streams, std::size_t at, std::size_t size_bytes) {
        std::byte copies[source_max + outs][Lane::bytes];
        std::byte const* sources[source_max];
        std::byte* results[outs];
        for (std::size_t j = 0; j < streams.source_count; ++j) {
            Lane::store(copies[outs + j], Lane::zero());
            __builtin_memcpy(copies[outs + j], streams.sources[j] + at, size_bytes);
            sources[j] = copies[outs + j];
        }
        for (std::size_t i = 0; i < outs; ++i) {
            Lane::store(copies[i], Lane::zero());
            __builtin_memcpy(copies[i], streams.outs[i] + at, streams.is_added ? size_bytes : 0);
            results[i] = copies[i];
        }
        strip<outs, 1>(
            {streams.tables, sources, results, streams.source_count, streams.is_added}, 0
        );
        for (std::size_t i = 0; i < outs; ++i) {
            __builtin_memcpy(streams.outs[i] + at, results[i], size_bytes);
        }
    }

    template <std::size_t outs>
    static void walk(Streams const& streams, std::size_t at, std::size_t end) {
        constexpr std::size_t wide = Lane::wide(outs);
        for (; end - at >= wide * Lane::bytes; at += wide * Lane::bytes) {
            strip<outs, wide>(streams, at);
        }
        for (; end - at >= Lane::bytes; at += Lane::bytes) {
            strip<outs, 1>(streams, at);
        }
        if (at < end) {
            tail<outs>(streams, at, end - at);
        }
    }

    /// Outs [first, first + count) over the bytes [at, end).
    static void group(
        Product const& product,
        std::size_t first,
        std::size_t count,
        std::size_t at,
        std::size_t end
    ) {
        Table tables[source_max * group_max];
        auto* table = tables;
        for (std::size_t j = 0; j < product.source_count; ++j) {
            for (std::size_t i = first; i < first + count; ++i) {
                *table++ = Lane::table(product.rows[i * product.source_count + j]);
            }
        }
        Streams const streams{
            tables, product.sources, product.outs + first, product.source_count, product.is_added
        };
        using Walk = void (*)(Streams const&, std::size_t, std::size_t);
        constexpr Walk walks[group_max] = {walk<1>, walk<2>, walk<3>, walk<4>, walk<5>, walk<6>};
        walks[count - 1](streams, at, end);
    }

    static void multiply(Product const& product) {
        std::size_t const groups = (product.out_count + group_max - 1) / group_max;
        std::size_t block_bytes = product.size_bytes;
        if (groups > 1) {
            block_bytes = l1_bytes / (product.source_count + 1) / strip_bytes * strip_bytes;
            block_bytes = block_bytes < block_bytes_min ? block_bytes_min : block_bytes;
        }
        for (std::size_t at = 0; at < product.size_bytes; at += block_bytes) {
            auto const left = product.size_bytes - at;
            auto const end = at + (left < block_bytes ? left : block_bytes);
            std::size_t first = 0;
            for (std::size_t rest = groups; rest > 0; --rest) {
                auto const count = (product.out_count - first + rest - 1) / rest;
                group(product, first, count, at, end);
                first += count;
            }
        }
    }

    static constexpr std::size_t l1_bytes = std::size_t{24} << 10U;
    static constexpr std::size_t strip_bytes = 256;
    static constexpr std::size_t block_bytes_min = 2048;
};

}  // namespace disgrafs::erasure
