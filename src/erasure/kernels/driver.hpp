#pragma once

/// \file erasure/kernels/driver.hpp  The loop that the vector kernels share; only they include it.
///
/// The streams are walked in strips of a few vectors. A strip of every source is read once and its
/// products are summed in registers for up to `group_max` outs at a time. With more outs than that,
/// blocks small enough for the caches are walked once per group of outs; with more than
/// `sources_max` sources, once per so many of them.
///
/// A Lane says what a vector is. It lives in an unnamed namespace of its kernel file, so that all
/// code made here belongs to that file and its flags:
///     Vector, Table             a vector of bytes; a constant ready to multiply with
///     bytes, element_bytes      of a vector, of an element of the field
///     group_max                 outs whose sums fit the registers
///     wide(outs)                vectors of a strip that fit the registers
///     columns(outs)             sources whose inputs are held at once
///     is_unrolled               make code of its own for the layouts in use …
///     tables_held               … where so many tables stay in registers
///     Input split(Vector)       whatever is shared by all products of a vector
///     multiply(Input, Table), add(Vector, Vector), zero(), load(), store(), table(constant)
///     can_stream                has stores past the caches:
///     stream(), fence()         such a store, to an aligned place; wait for those
///     Folding                   NoFolding, or how a CRC32C goes on by a vector (crc_fold.hpp)

#include <cstddef>
#include <cstdint>

#include "erasure/kernels/kernel.hpp"

namespace disgrafs::erasure {

/// Of lanes that only multiply.
struct NoFolding {
    struct Sum {};
};

template <typename Lane>
struct Driver {
    using Table = typename Lane::Table;
    using Vector = typename Lane::Vector;
    using Folding = typename Lane::Folding;
    using Crc = typename Folding::Sum;
    static constexpr std::size_t group_max = Lane::group_max;
    static constexpr std::size_t sources_max = 256;
    static constexpr std::size_t any = 0;  ///< As many sources as are given at run time.

    /// Some streams, some of their bytes.
    struct Streams {
        Table const* tables;  ///< source_count × outs, column by column.
        std::byte const* const* sources;
        std::byte* const* outs;
        std::size_t source_count;
    };

    /// What code is made for.
    struct How {
        Store to;
        std::size_t source_count;  ///< Or any.
        bool has_crcs;
    };

    template <std::size_t outs, std::size_t vectors>
    struct Sums {
        Vector of[outs][vectors];
    };

    /// Add the products of `columns` neighbouring sources to the sums.
    template <std::size_t columns, bool has_crcs, std::size_t outs, std::size_t vectors>
    [[gnu::always_inline]] static void add_columns(
        Sums<outs, vectors>& sums,
        Table const* table,
        std::byte const* const* sources,
        [[maybe_unused]] Crc* crcs,
        std::size_t at
    ) {
        typename Lane::Input inputs[columns][vectors];
#pragma GCC unroll 8
        for (std::size_t j = 0; j < columns; ++j) {
#pragma GCC unroll 8
            for (std::size_t v = 0; v < vectors; ++v) {
                auto const x = Lane::load(sources[j] + at + v * Lane::bytes);
                if constexpr (has_crcs) {
                    crcs[j] = Folding::add(crcs[j], x);
                }
                inputs[j][v] = Lane::split(x);
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
    template <std::size_t outs, std::size_t vectors, How how>
    [[gnu::always_inline]] static void strip(
        Streams const& streams, [[maybe_unused]] Crc* crcs, std::size_t at
    ) {
        constexpr auto count = how.source_count;
        Sums<outs, vectors> sums;
#pragma GCC unroll 8
        for (std::size_t i = 0; i < outs; ++i) {
#pragma GCC unroll 8
            for (std::size_t v = 0; v < vectors; ++v) {
                sums.of[i][v] = how.to == Store::add
                                    ? Lane::load(streams.outs[i] + at + v * Lane::bytes)
                                    : Lane::zero();
            }
        }
        auto const* table = streams.tables;
        auto const* source = streams.sources;
        auto* crc = crcs;
        constexpr auto columns = Lane::columns(outs);
        if constexpr (count == any) {
            auto left = streams.source_count;
            for (; left >= columns; left -= columns, source += columns, table += columns * outs) {
                add_columns<columns, how.has_crcs>(sums, table, source, crc, at);
                crc += how.has_crcs ? columns : 0;
            }
            for (; left > 0; --left, ++source, table += outs) {
                add_columns<1, how.has_crcs>(sums, table, source, crc, at);
                crc += how.has_crcs ? 1 : 0;
            }
        } else {
            constexpr std::size_t step = how.has_crcs ? 1 : 0;  // Else crc is null.
            // Tables that do not fit the registers are read where they are used: the compiler would
            // keep them widened on the stack.
            if constexpr (count * outs > Lane::tables_held) {
                asm("" : "+r"(table));
            }
#pragma GCC unroll 16
            for (std::size_t j = 0; j + columns <= count; j += columns) {
                add_columns<columns, how.has_crcs>(
                    sums, table + j * outs, source + j, crc + j * step, at
                );
            }
#pragma GCC unroll 16
            for (std::size_t j = count / columns * columns; j < count; ++j) {
                add_columns<1, how.has_crcs>(
                    sums, table + j * outs, source + j, crc + j * step, at
                );
            }
        }
#pragma GCC unroll 8
        for (std::size_t i = 0; i < outs; ++i) {
#pragma GCC unroll 8
            for (std::size_t v = 0; v < vectors; ++v) {
                if constexpr (how.has_crcs) {
                    auto& out_crc = crcs[(count == any ? streams.source_count : count) + i];
                    out_crc = Folding::add(out_crc, sums.of[i][v]);
                }
                if constexpr (how.to == Store::stream) {
                    Lane::stream(streams.outs[i] + at + v * Lane::bytes, sums.of[i][v]);
                } else {
                    Lane::store(streams.outs[i] + at + v * Lane::bytes, sums.of[i][v]);
                }
            }
        }
    }

    /// Fewer bytes than a vector has: through copies, so that nothing outside is touched.
    template <std::size_t outs, Store to>
    static void tail(Streams const& streams, std::size_t at, std::size_t size_bytes) {
        std::byte copies[sources_max + outs][Lane::bytes];
        std::byte const* sources[sources_max];
        std::byte* results[outs];
        for (std::size_t j = 0; j < streams.source_count; ++j) {
            Lane::store(copies[outs + j], Lane::zero());
            __builtin_memcpy(copies[outs + j], streams.sources[j] + at, size_bytes);
            sources[j] = copies[outs + j];
        }
        for (std::size_t i = 0; i < outs; ++i) {
            Lane::store(copies[i], Lane::zero());
            __builtin_memcpy(copies[i], streams.outs[i] + at, to == Store::add ? size_bytes : 0);
            results[i] = copies[i];
        }
        strip<outs, 1, How{to, any, false}>(
            {streams.tables, sources, results, streams.source_count}, nullptr, 0
        );
        for (std::size_t i = 0; i < outs; ++i) {
            __builtin_memcpy(streams.outs[i] + at, results[i], size_bytes);
        }
    }

    /// `crcs`: of the sources, then of the outs; or null.
    template <std::size_t outs, How how>
    static void walk(Streams const& streams, Crc* crcs, std::size_t at, std::size_t end) {
        constexpr bool is_streamed = how.to == Store::stream;
        constexpr Store plain = is_streamed ? Store::replace : how.to;
        // Past the caches a line or two of each stream at a time is the fastest.
        constexpr auto wide = is_streamed && Lane::wide(outs) > 2 ? 2 : Lane::wide(outs);
        if constexpr (is_streamed && !how.has_crcs) {
            auto const over = (reinterpret_cast<std::uintptr_t>(streams.outs[0]) + at) % 64;
            if (over != 0) {
                auto const aligned = end - at < 64 - over ? end : at + 64 - over;
                walk<outs, How{plain, any, false}>(streams, crcs, at, aligned);
                at = aligned;
            }
        }
        if constexpr (how.has_crcs && how.source_count != any) {
            // In registers for as long as they fit: nobody else knows where these are.
            Crc own[how.source_count + outs];
            for (std::size_t i = 0; i < how.source_count + outs; ++i) {
                own[i] = crcs[i];
            }
            for (; end - at >= wide * Lane::bytes; at += wide * Lane::bytes) {
                strip<outs, wide, how>(streams, own, at);
            }
            for (std::size_t i = 0; i < how.source_count + outs; ++i) {
                crcs[i] = own[i];
            }
        }
        for (; end - at >= wide * Lane::bytes; at += wide * Lane::bytes) {
            strip<outs, wide, how>(streams, crcs, at);
        }
        for (; end - at >= Lane::bytes; at += Lane::bytes) {
            strip<outs, 1, How{plain, any, how.has_crcs}>(streams, crcs, at);
        }
        if (at < end) {
            tail<outs, plain>(streams, at, end - at);
        }
    }

    using Walk = void (*)(Streams const&, Crc*, std::size_t, std::size_t);

    /// Code of its own for the shapes that the layouts in use need (design §4) and for 16+4,
    /// encoding and decoding; null for others.
    template <std::size_t outs, Store to, bool has_crcs>
    static Walk fixed(std::size_t source_count) {
        if constexpr (Lane::is_unrolled && to != Store::add && outs <= 4) {
            switch (source_count) {
                case 2:
                    if constexpr (outs <= 2) return walk<outs, How{to, 2, has_crcs}>;
                    break;
                case 4:
                    if constexpr (outs <= 2) return walk<outs, How{to, 4, has_crcs}>;
                    break;
                case 6:
                    if constexpr (outs <= 3) return walk<outs, How{to, 6, has_crcs}>;
                    break;
                case 8:
                    if constexpr (outs <= 3) return walk<outs, How{to, 8, has_crcs}>;
                    break;
                case 10:
                    return walk<outs, How{to, 10, has_crcs}>;
                case 16:
                    if constexpr (outs == 4) return walk<outs, How{to, 16, has_crcs}>;
                    break;
                default:
                    break;
            }
        }
        return nullptr;
    }

    template <Store to, bool has_crcs, std::size_t outs = 1>
    static Walk choose(std::size_t out_count, std::size_t source_count) {
        if constexpr (outs < group_max) {
            if (out_count > outs) {
                return choose<to, has_crcs, outs + 1>(out_count, source_count);
            }
        }
        auto const own = fixed<outs, to, has_crcs>(source_count);
        return own != nullptr ? own : walk<outs, How{to, any, has_crcs}>;
    }

    template <bool has_crcs>
    static Walk choose(Store to, std::size_t out_count, std::size_t source_count) {
        switch (to) {
            case Store::add:
                return choose<Store::add, false>(out_count, source_count);
            case Store::stream:
                if constexpr (Lane::can_stream) {
                    return choose<Store::stream, has_crcs>(out_count, source_count);
                }
                [[fallthrough]];
            default:
                return choose<Store::replace, has_crcs>(out_count, source_count);
        }
    }

    /// A part of a product: some sources, some outs, some bytes.
    struct Part {
        std::size_t source;
        std::size_t source_count;  ///< ≤ sources_max
        std::size_t out;
        std::size_t out_count;  ///< ≤ group_max
        std::size_t at;
        std::size_t end;
    };

    static void make_tables(Product const& product, Part const& part, Table* table) {
        for (std::size_t j = part.source; j < part.source + part.source_count; ++j) {
            for (std::size_t i = part.out; i < part.out + part.out_count; ++i) {
                *table++ = Lane::table(product.rows[i * product.source_count + j]);
            }
        }
    }

    static void run(Product const& product, Part const& part, Store to) {
        Table tables[sources_max * group_max];
        make_tables(product, part, tables);
        auto const* const* const sources = product.sources + part.source;
        auto* const* const outs = product.outs + part.out;
        Streams const streams{tables, sources, outs, part.source_count};
        choose<false>(to, part.out_count, part.source_count)(streams, nullptr, part.at, part.end);
    }

    /// All outs over the bytes [at, end).
    static void run_block(Product const& product, Store first, std::size_t at, std::size_t end) {
        std::size_t source = 0;
        auto to = first;
        do {
            auto const left = product.source_count - source;
            auto const source_count = left < sources_max ? left : sources_max;
            std::size_t out = 0;
            for (std::size_t rest = groups(product); rest > 0; --rest) {
                auto const out_count = (product.out_count - out + rest - 1) / rest;
                run(product, {source, source_count, out, out_count, at, end}, to);
                out += out_count;
            }
            source += source_count;
            to = Store::add;
        } while (source < product.source_count);
    }

    static std::size_t groups(Product const& product) {
        return (product.out_count + group_max - 1) / group_max;
    }

    /// Streaming needs outs that lie alike, on whole elements, and the sums of all sources at once.
    static Store store_for(Product const& product) {
        if (product.store != Store::stream || !Lane::can_stream ||
            product.source_count > sources_max) {
            return product.store == Store::add ? Store::add : Store::replace;
        }
        auto const over = [&](std::size_t i) {
            return reinterpret_cast<std::uintptr_t>(product.outs[i]) % 64;
        };
        for (std::size_t i = 0; i < product.out_count; ++i) {
            if (over(i) != over(0) || over(i) % Lane::element_bytes != 0) {
                return Store::replace;
            }
        }
        return Store::stream;
    }

    static void multiply(Product const& product) {
        auto const to = store_for(product);
        auto block_bytes = product.size_bytes;
        if (groups(product) > 1 || product.source_count > sources_max) {
            auto const sources =
                product.source_count < sources_max ? product.source_count : sources_max;
            block_bytes = l1_bytes / (sources + 1) / strip_bytes * strip_bytes;
            block_bytes = block_bytes < block_bytes_min ? block_bytes_min : block_bytes;
        }
        for (std::size_t at = 0; at < product.size_bytes; at += block_bytes) {
            auto const left = product.size_bytes - at;
            run_block(product, to, at, at + (left < block_bytes ? left : block_bytes));
        }
        if constexpr (Lane::can_stream) {
            if (to == Store::stream) {
                Lane::fence();
            }
        }
    }

    /// multiply(), and the CRC32C states of the sources, then of the outs, go on by all bytes.
    /// Nothing is done, and false, when the shape is none for which that pays.
    static bool multiply_with_crcs(Product const& product, std::uint32_t* states) {
        if (product.source_count > sources_max || groups(product) != 1 ||
            product.store == Store::add) {
            return false;
        }
        auto const to = store_for(product);
        for (std::size_t i = 0; to == Store::stream && i < product.out_count; ++i) {
            if (reinterpret_cast<std::uintptr_t>(product.outs[i]) % 64 != 0) {
                return false;
            }
        }
        Table tables[sources_max * group_max];
        Part const all{0, product.source_count, 0, product.out_count, 0, product.size_bytes};
        make_tables(product, all, tables);
        auto const count = product.source_count + product.out_count;
        Crc crcs[sources_max + group_max];
        for (std::size_t i = 0; i < count; ++i) {
            crcs[i] = Folding::begin(states[i]);
        }
        Streams const streams{tables, product.sources, product.outs, product.source_count};
        choose<true>(to, product.out_count, product.source_count)(
            streams, crcs, 0, product.size_bytes
        );
        if constexpr (Lane::can_stream) {
            if (to == Store::stream) {
                Lane::fence();
            }
        }
        auto const whole = product.size_bytes / Lane::bytes * Lane::bytes;
        for (std::size_t i = 0; i < count; ++i) {
            auto const* const stream = i < product.source_count
                                           ? product.sources[i]
                                           : product.outs[i - product.source_count];
            states[i] = Folding::end(crcs[i], stream + whole, product.size_bytes - whole);
        }
        return true;
    }

    static constexpr std::size_t l1_bytes = std::size_t{24} << 10U;
    static constexpr std::size_t strip_bytes = 512;
    static constexpr std::size_t block_bytes_min = 2048;
};

}  // namespace disgrafs::erasure
