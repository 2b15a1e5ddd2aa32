#include "erasure/plain/format.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/assert.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"
#include "erasure/checksum.hpp"
#include "erasure/layout.hpp"

namespace disgrafs::erasure {
namespace {

constexpr std::string_view magic = "DGRFSHRD";
constexpr std::uint32_t format = 1;
constexpr std::size_t index_at = 18;  ///< Bytes 8 … 17 and 20 … 39 are those of all the set.
constexpr std::size_t zeros_at = 40;
constexpr std::size_t crc_at = 60;
constexpr std::size_t crc_bytes = 4;

std::uint64_t divided_up(std::uint64_t value, std::uint64_t by) { return (value + by - 1) / by; }

Bytes roots_as_bytes(std::span<std::uint32_t const> roots) {
    ByteWriter out;
    for (auto const root : roots) {
        out.u32(root);
    }
    return out.take();
}

}  // namespace

std::uint64_t PlainShape::shard_bytes() const {
    auto const bytes = divided_up(file_bytes, layout.k);
    return layout.w == 16 ? bytes + bytes % 2 : bytes;
}

std::uint64_t PlainShape::block_count() const { return divided_up(shard_bytes(), unit_bytes); }

std::uint64_t PlainShape::content_bytes(int index) const {
    auto const begin = static_cast<std::uint64_t>(index) * shard_bytes();
    return begin >= file_bytes ? 0 : std::min(shard_bytes(), file_bytes - begin);
}

std::uint64_t PlainShape::checksums_at() const { return plain_header_bytes + shard_bytes(); }

std::uint64_t PlainShape::end_at() const { return checksums_at() + crc_bytes * block_count(); }

std::uint64_t PlainShape::size_bytes() const {
    return end_at() + crc_bytes * (static_cast<std::uint64_t>(layout.total()) + 1);
}

Result<void> check(PlainShape const& shape) {
    TRY_OK(check(shape.layout));
    if (shape.file_bytes > plain_file_bytes_max) {
        return fail(
            Errc::invalid,
            "a file of {} bytes; {} is the most",
            shape.file_bytes,
            plain_file_bytes_max
        );
    }
    return {};
}

Bytes encode_plain_header(PlainHeader const& header) {
    auto const& [layout, file_bytes] = header.shape;
    DISGRAFS_ASSERT(check(header.shape).has_value(), "a layout that was not checked");
    DISGRAFS_ASSERT(header.index >= 0 && header.index < layout.total(), "shard {}", header.index);
    ByteWriter out;
    out.raw(as_bytes(magic)).u32(format).u16(layout.k).u16(layout.m).u8(layout.w);
    out.u8(static_cast<std::uint8_t>(layout.matrix)).u16(static_cast<std::uint16_t>(header.index));
    out.u32(unit_bytes).u64(file_bytes).u64(header.shape.shard_bytes());
    out.raw(Bytes(crc_at - zeros_at));
    out.u32(crc32c(out.view()));
    return out.take();
}

Result<PlainHeader> parse_plain_header(ByteView bytes) {
    ByteReader in(bytes.first(std::min<std::size_t>(bytes.size(), plain_header_bytes)));
    if (as_text(in.raw(magic.size())) != magic) {
        return fail(Errc::invalid, "is no shard file: it does not begin with {}", magic);
    }
    auto const version = in.u32();
    PlainHeader header;
    auto& layout = header.shape.layout;
    layout.k = in.u16();
    layout.m = in.u16();
    layout.w = in.u8();
    layout.matrix = static_cast<Matrix>(in.u8());
    header.index = in.u16();
    auto const block_bytes = in.u32();
    header.shape.file_bytes = in.u64();
    auto const shard_bytes = in.u64();
    auto const zeros = in.raw(crc_at - zeros_at);
    auto const crc = in.u32();
    if (!in.ok()) {
        return fail(
            Errc::corrupt,
            "ends within its header: {} bytes of {}",
            bytes.size(),
            plain_header_bytes
        );
    }
    if (crc != crc32c(bytes.first(crc_at))) {
        return fail(Errc::corrupt, "has a damaged header (its checksum is wrong)");
    }
    if (version != format) {
        return fail(Errc::invalid, "has format {}; this program knows {}", version, format);
    }
    TRY_OK(check(header.shape));
    bool const is_zero =
        std::ranges::all_of(zeros, [](std::byte byte) { return byte == std::byte{0}; });
    if (header.index >= layout.total() || block_bytes != unit_bytes || !is_zero ||
        shard_bytes != header.shape.shard_bytes()) {
        return fail(Errc::invalid, "has a header that contradicts itself");
    }
    return header;
}

void PlainRoot::add(std::uint32_t block_checksum) {
    ByteWriter bytes;
    bytes.u32(block_checksum);
    crc_ = crc32c(bytes.view(), crc_);
}

std::uint32_t PlainRoot::finish(std::uint64_t shard_bytes) const {
    ByteWriter bytes;
    bytes.u64(shard_bytes);
    return crc32c(bytes.view(), crc_);
}

std::uint32_t plain_set_name(PlainShape const& shape, std::span<std::uint32_t const> roots) {
    auto const header = encode_plain_header({.shape = shape, .index = 0});
    ByteView const bytes = header;
    auto const crc = crc32c(bytes.subspan(magic.size(), index_at - magic.size()));
    constexpr auto after = index_at + sizeof(std::uint16_t);
    return crc32c(roots_as_bytes(roots), crc32c(bytes.subspan(after, zeros_at - after), crc));
}

Bytes encode_plain_end(PlainShape const& shape, std::span<std::uint32_t const> roots) {
    auto const total = static_cast<std::size_t>(shape.layout.total());
    DISGRAFS_ASSERT(roots.size() == total, "{} roots of {}", roots.size(), total);
    ByteWriter out;
    out.raw(roots_as_bytes(roots)).u32(plain_set_name(shape, roots));
    return out.take();
}

Result<std::vector<std::uint32_t>> parse_plain_end(PlainShape const& shape, ByteView bytes) {
    ByteReader in(bytes);
    std::vector<std::uint32_t> roots;
    roots.reserve(static_cast<std::size_t>(shape.layout.total()));
    for (int i = 0; i < shape.layout.total(); ++i) {
        roots.push_back(in.u32());
    }
    auto const name = in.u32();
    if (!in.ok() || !in.at_end() || name != plain_set_name(shape, roots)) {
        return fail(Errc::corrupt, "has a damaged end (the roots of its set)");
    }
    return roots;
}

}  // namespace disgrafs::erasure
