/// \file fuzz/segment.cpp  Everything that a store reads from its disk: records, scans of segments,
/// superblocks, identities, checkpoints.
///
/// The first byte chooses the parser; its high bit asks that checksums be made right first, since
/// no fuzzer guesses them, and what lies behind them would never be reached.

#include "storage/log/segment.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "base/assert.hpp"
#include "erasure/checksum.hpp"
#include "storage/index/checkpoint.hpp"
#include "storage/log/disk_identity.hpp"
#include "storage/log/record.hpp"
#include "storage/log/segment_scan.hpp"

namespace disgrafs::storage {
namespace {

constexpr std::size_t crc_bytes = 4;

void put_u32(Bytes& bytes, std::size_t at, std::uint32_t value) {
    for (std::size_t n = 0; n < 4; ++n) bytes[at + n] = static_cast<std::byte>(value >> (8 * n));
}

/// The CRC32C of what stands before it.
void mend(Bytes& bytes, std::size_t from, std::size_t crc_at) {
    if (crc_at + crc_bytes > bytes.size()) return;
    put_u32(bytes, crc_at, erasure::crc32c(ByteView(bytes).subspan(from, crc_at - from)));
}

RecordSpot spot_of(ByteView bytes) {
    if (bytes.size() < record_header_bytes) return {};
    ByteReader stamp(bytes.subspan(8, 8));
    ByteReader offset(bytes.subspan(68, 4));
    return {stamp.u64(), offset.u32()};
}

void record(Bytes bytes, bool is_mended) {
    if (is_mended) mend(bytes, 0, record_header_bytes - crc_bytes);
    auto const parsed = parse_record(bytes, spot_of(bytes));
    static_cast<void>(looks_like_record(bytes));
    if (!parsed) return;
    auto const& header = parsed->header;
    auto const head = encode_head(header, parsed->blocks);
    DISGRAFS_ASSERT(
        parsed->payload.size() == header.payload_bytes, "payload of {}", parsed->payload.size()
    );
    auto const again = parse_header(head, header.spot);
    DISGRAFS_ASSERT(again && again->sequence == header.sequence, "it reads back otherwise");
}

/// The input as a segment's file, its records bound to stamp 0 wherever they stand.
class MemoryFile final : public File {
 public:
    explicit MemoryFile(Bytes bytes) : bytes_(std::move(bytes)) {}

    Task<Bytes> read_at(std::uint64_t offset, std::size_t size) override {
        auto const from = std::min<std::uint64_t>(offset, bytes_.size());
        auto const rest = ByteView(bytes_).subspan(from);
        auto const part = rest.first(std::min(size, rest.size()));
        co_return Bytes(part.begin(), part.end());
    }
    Task<std::uint64_t> size() override { co_return bytes_.size(); }
    Task<void> write_at(std::uint64_t, std::vector<ByteView>) override { return refuse(); }
    Task<void> sync() override { return refuse(); }
    Task<void> allocate(std::uint64_t) override { return refuse(); }
    Task<void> punch(std::uint64_t, std::uint64_t) override { return refuse(); }
    Task<void> truncate(std::uint64_t) override { return refuse(); }

 private:
    static Task<void> refuse() { co_return fail(Errc::io, "read only"); }
    Bytes bytes_;
};

void scan(Bytes bytes, bool is_mended) {
    if (is_mended) {
        for (std::size_t at = 0; at + record_header_bytes <= bytes.size(); at += record_align) {
            std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at) + 8, 8, std::byte{0});
            put_u32(bytes, at + 68, static_cast<std::uint32_t>(at));
            mend(bytes, at, at + record_header_bytes - crc_bytes);
        }
    }
    auto const size = bytes.size();
    MemoryFile file(std::move(bytes));
    boost::asio::io_context loop;
    std::optional<Result<SegmentScan>> scanned;
    auto const keep = [&](std::exception_ptr const& thrown, Result<SegmentScan> result) {
        DISGRAFS_ASSERT(!thrown, "the scan threw");
        scanned = std::move(result);
    };
    boost::asio::co_spawn(loop, scan_segment(file, 0, 0), keep);
    loop.run();
    DISGRAFS_ASSERT(scanned.has_value(), "the scan does not end");
    if (!*scanned) return;
    std::uint64_t end = 0;
    for (auto const& header : (*scanned)->records) {
        DISGRAFS_ASSERT(header.spot.offset >= end, "records overlap at {}", header.spot.offset);
        end = header.spot.offset + std::uint64_t{record_bytes(header.payload_bytes)};
    }
    DISGRAFS_ASSERT((*scanned)->file_bytes == size, "{} bytes", (*scanned)->file_bytes);
}

void checkpoint(Bytes bytes, bool is_mended, bool is_head) {
    if (is_mended && bytes.size() >= crc_bytes) mend(bytes, 0, bytes.size() - crc_bytes);
    static_cast<void>(head_size(bytes));
    static_cast<void>(parse_end(bytes));
    if (is_head) {
        auto const head = parse_checkpoint_head(bytes);
        if (head) static_cast<void>(encode_checkpoint_head(*head));
        return;
    }
    auto const entries = parse_entries(bytes, {});
    if (!entries) return;
    ShardIndex index;
    for (auto const& entry : *entries) {
        static_cast<void>(entry.payload_bytes());
        index.insert(entry);
    }
    DISGRAFS_ASSERT(encode_entries(*entries, 0) == bytes || entries->empty(), "other bytes");
}

}  // namespace
}  // namespace disgrafs::storage

// NOLINTNEXTLINE(readability-identifier-naming): the name is libFuzzer's.
extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace disgrafs;
    if (size == 0) return 0;
    auto const* const begin = reinterpret_cast<std::byte const*>(data);
    Bytes bytes(begin + 1, begin + size);
    bool const is_mended = (data[0] & 0x80U) != 0;
    switch (data[0] % 6U) {
        case 0:
            storage::record(std::move(bytes), is_mended);
            break;
        case 1:
            storage::scan(std::move(bytes), is_mended);
            break;
        case 2:
            storage::checkpoint(std::move(bytes), is_mended, true);
            break;
        case 3:
            storage::checkpoint(std::move(bytes), is_mended, false);
            break;
        case 4:
            bytes.resize(std::max<std::size_t>(bytes.size(), storage::superblock_bytes));
            if (is_mended) storage::mend(bytes, 0, 48);
            static_cast<void>(storage::parse_superblock(bytes));
            break;
        default:
            if (is_mended) storage::mend(bytes, 0, 36);
            static_cast<void>(storage::parse_identity(bytes));
    }
    return 0;
}
