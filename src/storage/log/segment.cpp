#include "storage/log/segment.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"
#include "erasure/checksum.hpp"

namespace disgrafs::storage {
namespace {

constexpr std::uint64_t segment_magic = 0x4745535346524744;  // "DGRFSSEG"
constexpr std::uint32_t segment_format = 1;
constexpr std::size_t copy_bytes = 52;
constexpr std::size_t copy_distance = superblock_bytes / 2;
constexpr std::size_t name_digits = 10;

Result<Superblock> parse_copy(ByteView bytes) {
    ByteReader in(bytes);
    auto const magic = in.u64();
    auto const format = in.u32();
    Superblock block;
    block.segment = in.u32();
    block.stamp = in.u64();
    std::ranges::copy(in.raw(block.disk.size()), block.disk.begin());
    block.created.us = static_cast<std::int64_t>(in.u64());
    auto const crc = in.u32();
    TRY_OK(in.finish("superblock"));
    if (magic != segment_magic || crc != erasure::crc32c(bytes.first(copy_bytes - sizeof crc))) {
        return fail(Errc::corrupt, "superblock crc {:08x}", crc);
    }
    if (format != segment_format) return fail(Errc::invalid, "segment of format {}", format);
    return block;
}

}  // namespace

std::string to_text(DiskId const& id) {
    auto const hex = to_hex(id);
    auto const part = [&](std::size_t at, std::size_t size) { return hex.substr(at, size); };
    return fmt::format(
        "{}-{}-{}-{}-{}", part(0, 8), part(8, 4), part(12, 4), part(16, 4), part(20, 12)
    );
}

Bytes encode_superblock(Superblock const& block) {
    ByteWriter out;
    out.u64(segment_magic).u32(segment_format).u32(block.segment).u64(block.stamp);
    out.raw(block.disk).u64(static_cast<std::uint64_t>(block.created.us));
    out.u32(erasure::crc32c(out.view()));
    Bytes bytes(superblock_bytes);
    std::ranges::copy(out.view(), bytes.begin());
    std::ranges::copy(out.view(), bytes.begin() + copy_distance);
    return bytes;
}

Result<Superblock> parse_superblock(ByteView bytes) {
    if (bytes.size() < superblock_bytes) return fail(Errc::corrupt, "superblock cut short");
    auto first = parse_copy(bytes.first(copy_bytes));
    if (first || first.error().code == Errc::invalid) return first;
    return parse_copy(bytes.subspan(copy_distance, copy_bytes));
}

std::string segment_path(std::uint32_t segment) {
    return fmt::format("{}/{:010}", segment_folder, segment);
}

Result<std::uint32_t> parse_segment_name(std::string_view name) {
    auto const number = parse_number(name);
    if (name.size() != name_digits || !number || *number == 0 || *number > 0xFFFFFFFFU) {
        return fail(Errc::invalid, "{} is not the name of a segment", name);
    }
    return static_cast<std::uint32_t>(*number);
}

}  // namespace disgrafs::storage
