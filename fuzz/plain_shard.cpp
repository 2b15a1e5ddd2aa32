/// \file fuzz/plain_shard.cpp  A file that says it is a plain shard.
///
/// The high bit of the first byte asks that all checksums be made right first, since no fuzzer
/// guesses them: what lies behind them would never be reached.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/assert.hpp"
#include "base/bytes.hpp"
#include "erasure/checksum.hpp"
#include "erasure/plain/format.hpp"
#include "erasure/plain/memory.hpp"
#include "erasure/plain/reader.hpp"

namespace disgrafs::erasure {
namespace {

constexpr std::size_t crc_at = plain_header_bytes - 4;

void put(Bytes& bytes, std::size_t at, ByteView what) {
    std::ranges::copy(what, bytes.begin() + static_cast<std::ptrdiff_t>(at));
}

void put_u32(Bytes& bytes, std::size_t at, std::uint32_t value) {
    put(bytes, at, ByteWriter().u32(value).view());
}

/// Every checksum fits what it protects, as far as the header can be read.
void mend(Bytes& bytes) {
    if (bytes.size() < plain_header_bytes) return;
    put_u32(bytes, crc_at, crc32c(ByteView(bytes).first(crc_at)));
    auto const header = parse_plain_header(bytes);
    if (!header || header->shape.size_bytes() != bytes.size()) return;
    auto const& shape = header->shape;
    auto const sums =
        block_checksums(ByteView(bytes).subspan(plain_header_bytes, shape.shard_bytes()));
    PlainRoot root;
    for (std::size_t block = 0; block < sums.size(); ++block) {
        put_u32(bytes, shape.checksums_at() + 4 * block, sums[block]);
        root.add(sums[block]);
    }
    ByteReader end(ByteView(bytes).subspan(shape.end_at()));
    std::vector<std::uint32_t> roots;
    for (int index = 0; index < shape.layout.total(); ++index) roots.push_back(end.u32());
    roots[static_cast<std::size_t>(header->index)] = root.finish(shape.shard_bytes());
    put(bytes, shape.end_at(), encode_plain_end(shape, roots));
}

void read(Bytes bytes, bool is_mended) {
    if (is_mended) mend(bytes);
    auto const header = parse_plain_header(bytes);
    MemorySource file(bytes);
    auto shard = PlainShard::open(file);
    if (!header) {
        DISGRAFS_ASSERT(!shard, "a shard without a header");
        return;
    }
    auto const& shape = header->shape;
    auto const again = encode_plain_header(*header);
    auto const first = ByteView(bytes).first(plain_header_bytes);
    DISGRAFS_ASSERT(std::ranges::equal(again, first), "the header reads back otherwise");
    bool const must_open = is_mended && shape.size_bytes() == bytes.size();
    DISGRAFS_ASSERT(shard || !must_open, "{}", shard.error().message);
    if (!shard) return;
    for (std::uint64_t at = 0; at < shape.shard_bytes(); at += unit_bytes) {
        Bytes out(std::min<std::uint64_t>(unit_bytes, shape.shard_bytes() - at));
        auto const got = shard->read(at, out);
        DISGRAFS_ASSERT(got || !must_open, "{}", got.error().message);
        auto const there = ByteView(bytes).subspan(plain_header_bytes + at, out.size());
        DISGRAFS_ASSERT(std::ranges::equal(out, there), "other bytes than are there");
    }
}

}  // namespace
}  // namespace disgrafs::erasure

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace disgrafs;
    if (size == 0) return 0;
    auto const* const begin = reinterpret_cast<std::byte const*>(data);
    erasure::read(Bytes(begin + 1, begin + size), (data[0] & 0x80U) != 0);
    return 0;
}
