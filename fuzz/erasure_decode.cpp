/// \file fuzz/erasure_decode.cpp  Whatever is given to a decoder: impossible layouts, wrong sizes,
/// duplicates, too few shards, damaged, mixed and forged ones. An error, or the right bytes.
///
/// The input is a little program: a layout, a size, then steps that give shards to the decoder.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/assert.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"
#include "erasure/codec.hpp"
#include "erasure/layout.hpp"
#include "erasure/plain/decode.hpp"
#include "erasure/plain/format.hpp"
#include "erasure/plain/memory.hpp"
#include "erasure/plain/reader.hpp"
#include "erasure/plain/verify.hpp"

namespace disgrafs::erasure {
namespace {

constexpr int total_max = 40;
constexpr std::size_t steps_max = 64;
constexpr int flips_max = 3;  ///< CRC32C finds up to three flipped bits for certain.

Layout read_any_layout(ByteReader& in) {
    Layout layout;
    layout.k = in.u16();
    layout.m = in.u16();
    layout.w = in.u8();
    layout.matrix = static_cast<Matrix>(in.u8());
    return layout;
}

/// Plans of any layout and any lists of shards.
void plan(ByteReader& in) {
    auto const layout = read_any_layout(in);
    std::array<std::vector<int>, 2> lists;
    for (auto& list : lists) {
        auto const count = std::min<std::size_t>(in.u8(), in.left());
        for (std::size_t i = 0; i < count; ++i) list.push_back(static_cast<std::int8_t>(in.u8()));
    }
    auto const& [have, want] = lists;
    auto const planned = Decoder::plan(layout, have, want);
    std::set<int> distinct(have.begin(), have.end());
    distinct.insert(want.begin(), want.end());
    bool const is_right =
        check(layout) && have.size() == layout.k && distinct.size() == have.size() + want.size() &&
        (distinct.empty() || (*distinct.begin() >= 0 && *distinct.rbegin() < layout.total()));
    DISGRAFS_ASSERT(planned.has_value() == is_right, "{}+{}", layout.k, layout.m);
    if (!planned) return;
    std::vector<Bytes> const sources(have.size(), Bytes(6, std::byte{0x51}));
    std::vector<Bytes> outs(want.size(), Bytes(6));
    std::vector<ConstShard> const from(sources.begin(), sources.end());
    std::vector<MutableShard> const to(outs.begin(), outs.end());
    planned->apply(from, to);
}

Bytes content_of(std::size_t size, std::uint8_t seed) {
    Bytes bytes(size);
    for (std::size_t i = 0; i < size; ++i) {
        bytes[i] = static_cast<std::byte>((i + seed + 1) * 2'654'435'761U >> 24U);
    }
    return bytes;
}

/// The shard files that the steps give, some of them changed.
std::vector<Bytes> given_by(
    ByteReader& in, std::vector<Bytes> const& ours, std::vector<Bytes> const& others
) {
    std::vector<Bytes> given;
    std::vector<int> flips;
    for (std::size_t step = 0; step < steps_max && in.left() > 0; ++step) {
        auto const what = in.u8();
        auto const number = in.u16();
        if (what % 4 == 0 || given.empty()) {
            given.push_back(ours[number % ours.size()]);
            flips.push_back(0);
        } else if (what % 4 == 1) {
            given.push_back(others[number % others.size()]);
            flips.push_back(0);
        } else if (auto& last = given.back(); what % 4 == 2 && !last.empty()) {
            if (flips.back()++ < flips_max)
                last[number % last.size()] ^= std::byte{1} << (what >> 5U);
        } else {
            last.resize(number % (last.size() + 9));
        }
    }
    return given;
}

/// Headed shards: an error, or the content of one of the two files.
void decode(ByteReader& in, PlainShape const& shape) {
    auto const ours = content_of(shape.file_bytes, 1);
    auto const others = content_of(shape.file_bytes, 99);
    auto const given =
        given_by(in, *plain_shards_of(ours, shape.layout), *plain_shards_of(others, shape.layout));
    std::deque<MemorySource> sources;
    std::deque<PlainShard> shards;
    std::vector<PlainShard*> set;
    std::set<int> whole;
    for (auto const& bytes : given) {
        auto opened = PlainShard::open(sources.emplace_back(bytes));
        if (!opened) continue;
        auto& shard = shards.emplace_back(*std::move(opened));
        if (!shard.is_of_set_of(shards.front())) continue;
        set.push_back(&shard);
        Bytes payload(shard.shape().shard_bytes());
        if (shard.read(0, payload)) whole.insert(shard.index());
    }
    if (set.empty()) return;
    MemorySink out;
    auto const done = decode_plain_shards(set, out, [](PlainLoss const&) {});
    bool const has_enough = whole.size() >= shape.layout.k;
    DISGRAFS_ASSERT(done || !has_enough, "{}", done.error().message);
    DISGRAFS_ASSERT(!done || out.bytes == ours || out.bytes == others, "wrong bytes");
    std::vector<PlainPayload*> const payloads(set.begin(), set.end());
    auto const report = verify_plain_shards(shape, payloads);
    DISGRAFS_ASSERT(report && report->fits, "whole shards of one set do not fit");
}

/// Bare shards: right while no bit is flipped; with flips an error, or a file that fits all.
void decode_bare(ByteReader& in, PlainShape const& shape) {
    auto const ours = content_of(shape.file_bytes, 1);
    auto const files = *plain_shards_of(ours, shape.layout, true);
    std::deque<MemorySource> sources;
    std::deque<BareShard> shards;
    std::vector<BareShard*> pointers;
    bool is_true = true;
    for (std::size_t step = 0; step < steps_max && in.left() > 0; ++step) {
        auto const what = in.u8();
        auto const index = static_cast<int>(in.u8()) - 3;
        auto const from = in.u8() % files.size();
        auto bytes = files[from];
        if (what % 8 == 1) bytes.resize(in.u16() % (bytes.size() + 2));
        if (what % 8 == 2 && !bytes.empty()) bytes[in.u16() % bytes.size()] ^= std::byte{1};
        auto shard = BareShard::open(sources.emplace_back(bytes), shape, index);
        if (!shard) continue;
        is_true = is_true && bytes == files[static_cast<std::size_t>(index)];
        pointers.push_back(&shards.emplace_back(*std::move(shard)));
    }
    MemorySink out;
    auto const done = decode_bare_shards(shape, pointers, out, [](PlainLoss const&) {});
    std::set<int> distinct;
    for (auto const* const shard : pointers) distinct.insert(shard->index());
    if (is_true) {
        DISGRAFS_ASSERT(done.has_value() == (distinct.size() >= shape.layout.k), "bare shards");
        DISGRAFS_ASSERT(!done || out.bytes == ours, "wrong bytes");
    }
}

}  // namespace
}  // namespace disgrafs::erasure

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace disgrafs;
    constexpr std::uint64_t file_bytes_max = 3000;
    ByteReader in(ByteView(reinterpret_cast<std::byte const*>(data), size));
    auto const what = in.u8() % 3;
    if (what == 0) {
        erasure::plan(in);
        return 0;
    }
    erasure::PlainShape shape;
    shape.layout = erasure::read_any_layout(in);
    shape.file_bytes = in.u16();
    if (!erasure::check(shape) || shape.layout.total() > erasure::total_max ||
        shape.file_bytes > file_bytes_max) {
        return 0;
    }
    what == 1 ? erasure::decode(in, shape) : erasure::decode_bare(in, shape);
    return 0;
}
