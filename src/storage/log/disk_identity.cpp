#include "storage/log/disk_identity.hpp"

#include <algorithm>

#include "erasure/checksum.hpp"
#include "storage/index/checkpoint.hpp"

namespace disgrafs::storage {
namespace {

constexpr std::uint64_t identity_magic = 0x4B53445346524744;  // "DGRFSDSK"
constexpr std::uint32_t identity_format = 1;
constexpr char const* identity_path = "disk";
constexpr std::size_t identity_bytes_max = 64U << 10U;
constexpr std::size_t copy_bytes = 40;
constexpr std::size_t copy_distance = 4096;

Result<DiskIdentity> parse_copy(ByteView bytes) {
    bytes = bytes.first(std::min(copy_bytes, bytes.size()));
    ByteReader in(bytes);
    auto const magic = in.u64();
    auto const format = in.u32();
    DiskIdentity identity;
    std::ranges::copy(in.raw(identity.id.size()), identity.id.begin());
    identity.created.us = static_cast<std::int64_t>(in.u64());
    auto const crc = in.u32();
    TRY_OK(in.finish("disk identity"));
    if (magic != identity_magic || crc != erasure::crc32c(bytes.first(copy_bytes - sizeof crc))) {
        return fail(Errc::corrupt, "disk identity with a wrong crc");
    }
    if (format != identity_format) return fail(Errc::invalid, "store of format {}", format);
    return identity;
}

/// Random, as RFC 9562 writes version 4.
DiskId make_id(Random& random) {
    DiskId id{};
    random.fill(id);
    id[6] = (id[6] & std::byte{0x0F}) | std::byte{0x40};
    id[8] = (id[8] & std::byte{0x3F}) | std::byte{0x80};
    return id;
}

Task<DiskIdentity> make_identity(Disk& disk, Random& random, Timestamp now) {
    for (auto const* const folder : {segment_folder, checkpoint_folder}) {
        CO_TRY(auto const names, co_await disk.list(folder));
        if (!names.empty()) {
            co_return fail(Errc::corrupt, "the store has lost its file \"{}\"", identity_path);
        }
    }
    DiskIdentity const identity{.id = make_id(random), .created = now};
    auto const bytes = encode_identity(identity);
    CO_TRY_OK(co_await replace_file(disk, identity_path, bytes));
    co_return identity;
}

}  // namespace

Bytes encode_identity(DiskIdentity const& identity) {
    ByteWriter out;
    out.u64(identity_magic).u32(identity_format).raw(identity.id);
    out.u64(static_cast<std::uint64_t>(identity.created.us));
    out.u32(erasure::crc32c(out.view()));
    Bytes bytes(2 * copy_distance);
    std::ranges::copy(out.view(), bytes.begin());
    std::ranges::copy(out.view(), bytes.begin() + copy_distance);
    return bytes;
}

Result<DiskIdentity> parse_identity(ByteView bytes) {
    auto const second = bytes.subspan(std::min(copy_distance, bytes.size()));
    auto first = parse_copy(bytes);
    if (first || first.error().code == Errc::invalid) return first;
    return parse_copy(second);
}

Task<DiskIdentity> open_identity(Disk& disk, Random& random, Timestamp now) {
    CO_TRY_OK(co_await disk.make_folder(segment_folder));
    CO_TRY_OK(co_await disk.make_folder(checkpoint_folder));
    auto const bytes = co_await read_file(disk, identity_path, identity_bytes_max);
    if (!bytes && bytes.error().code == Errc::not_found) {
        co_return co_await make_identity(disk, random, now);
    }
    CO_TRY_OK(bytes);
    co_return parse_identity(*bytes);
}

}  // namespace disgrafs::storage
