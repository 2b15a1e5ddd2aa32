/// \file erasure/wasm/module.cpp  The codec as functions that JavaScript can call.
///
/// Used by web/src/erasure/codec.ts only, which checks what people give it. A run of bytes crosses
/// as a Span, a list of them as its address. Nothing here allocates for the caller: everything from
/// start() to the end of the memory is the caller's. Answers below 0 are −1 − Errc.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "erasure/checksum.hpp"
#include "erasure/codec.hpp"
#include "erasure/layout.hpp"

extern "C" {
extern std::byte __heap_base;  // NOLINT: the linker's name for the first free byte.
void __wasm_call_ctors();      // NOLINT: the linker's name for what makes the tables.
}

namespace disgrafs::erasure {
namespace {

/// As JavaScript writes it: two numbers of 32 bits.
struct Span {
    std::byte* bytes;
    std::size_t size_bytes;
};

constexpr std::size_t plans_max = 64;

constinit std::optional<Encoder> encoder;
constinit std::array<std::optional<Decoder>, plans_max> plans;

int refused(Errc code) { return -1 - static_cast<int>(code); }

std::vector<ConstShard> const_shards(Span const* spans, std::size_t count) {
    std::vector<ConstShard> shards(count);
    std::ranges::transform(spans, spans + count, shards.begin(), [](Span span) {
        return ConstShard(span.bytes, span.size_bytes);
    });
    return shards;
}

std::vector<MutableShard> mutable_shards(Span const* spans, std::size_t count) {
    std::vector<MutableShard> shards(count);
    std::ranges::transform(spans, spans + count, shards.begin(), [](Span span) {
        return MutableShard(span.bytes, span.size_bytes);
    });
    return shards;
}

std::vector<std::span<std::uint32_t>> words(Span const* spans, std::size_t count) {
    std::vector<std::span<std::uint32_t>> lists(count);
    std::ranges::transform(spans, spans + count, lists.begin(), [](Span span) {
        return std::span(reinterpret_cast<std::uint32_t*>(span.bytes), span.size_bytes / 4);
    });
    return lists;
}

}  // namespace

extern "C" {

/// The first byte of the caller's memory. To be called before all else, and once.
[[clang::export_name("start")]] std::byte* start() {
    __wasm_call_ctors();
    return &__heap_base;
}

/// The layout of all that follows. 0, or why not.
[[clang::export_name("use_layout")]] int use_layout(
    std::uint16_t k, std::uint16_t m, std::uint8_t w, std::uint8_t matrix
) {
    Layout const layout{.k = k, .m = m, .w = w, .matrix = static_cast<Matrix>(matrix)};
    if (auto const checked = check(layout); !checked) {
        return refused(checked.error().code);
    }
    for (auto& plan : plans) {
        plan.reset();
    }
    encoder.emplace(layout);
    return 0;
}

/// `data`: k spans, `parity`: m spans.
[[clang::export_name("encode")]] void encode(Span const* data, Span const* parity) {
    auto const layout = encoder->layout();
    encoder->encode(const_shards(data, layout.k), mutable_shards(parity, layout.m));
}

/// The same; and `checksums`: k + m spans of words, one for each block of each shard.
[[clang::export_name("encode_checked")]] void encode_checked(
    Span const* data, Span const* parity, Span const* checksums
) {
    auto const layout = encoder->layout();
    encoder->encode(
        const_shards(data, layout.k),
        mutable_shards(parity, layout.m),
        words(checksums, static_cast<std::size_t>(layout.total()))
    );
}

/// `shards`: k + m spans. −1 when they fit each other, else how many of them are known to be wrong
/// (0: it cannot be told); their indexes are written to `liars`, which has room for m.
[[clang::export_name("examine")]] int examine(Span const* shards, int* liars) {
    auto const count = static_cast<std::size_t>(encoder->layout().total());
    auto const verdict = encoder->examine(const_shards(shards, count));
    std::ranges::copy(verdict.liars, liars);
    return verdict.fits ? -1 : static_cast<int>(verdict.liars.size());
}

/// A plan's number, or why there is none. Exhausted when plans_max are held.
[[clang::export_name("make_plan")]] int make_plan(
    int const* have, std::size_t have_count, int const* want, std::size_t want_count
) {
    std::size_t number = 0;
    while (number < plans_max && plans[number]) {
        ++number;
    }
    if (number == plans_max) {
        return refused(Errc::exhausted);
    }
    auto plan = Decoder::plan(encoder->layout(), {have, have_count}, {want, want_count});
    if (!plan) {
        return refused(plan.error().code);
    }
    plans[number].emplace(*std::move(plan));
    return static_cast<int>(number);
}

/// `survivors`: k spans in the order of the plan's `have`; `out`: in the order of its `want`.
[[clang::export_name("apply_plan")]] void apply_plan(
    int number, Span const* survivors, Span const* out, std::size_t out_count
) {
    plans[static_cast<std::size_t>(number)]->apply(
        const_shards(survivors, encoder->layout().k), mutable_shards(out, out_count)
    );
}

[[clang::export_name("drop_plan")]] void drop_plan(int number) {
    plans[static_cast<std::size_t>(number)].reset();
}

/// erasure/checksum.hpp
[[clang::export_name("crc32c")]] std::uint32_t crc32c_of(
    std::byte const* bytes, std::size_t size_bytes, std::uint32_t crc
) {
    return crc32c({bytes, size_bytes}, crc);
}

}  // extern "C"

}  // namespace disgrafs::erasure
