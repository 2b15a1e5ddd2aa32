#include "kv/log_format.hpp"

#include <memory>
#include <string_view>
#include <utility>

#include "base/assert.hpp"
#include "erasure/checksum.hpp"
#include "kv/event_format.hpp"

namespace disgrafs::kv {
namespace {

constexpr std::string_view group_magic = "DGKL";
constexpr std::string_view snapshot_magic = "DGKS";
constexpr std::uint32_t snapshot_version = 1;
constexpr std::size_t header_bytes = 32;
constexpr std::size_t checksum_bytes = 4;

struct Header {
    std::uint32_t payload_bytes = 0;
    std::uint64_t number = 0;
    Revision first = 0;
    std::uint32_t payload_crc = 0;
};

std::optional<Header> decode_header(ByteView bytes) {
    if (bytes.size() < header_bytes) return std::nullopt;
    ByteReader reader(bytes.first(header_bytes));
    auto const magic = reader.raw(group_magic.size());
    Header header;
    header.payload_bytes = reader.u32();
    header.number = reader.u64();
    header.first = reader.u64();
    header.payload_crc = reader.u32();
    auto const crc = reader.u32();
    if (as_text(magic) != group_magic) return std::nullopt;
    if (crc != erasure::crc32c(bytes.first(header_bytes - checksum_bytes))) return std::nullopt;
    return header;
}

std::size_t align(std::size_t size) {
    return (size + group_align_bytes - 1) / group_align_bytes * group_align_bytes;
}

}  // namespace

Bytes encode_group(LogGroup const& group) {
    DISGRAFS_ASSERT(!group.events.empty(), "group {} is empty", group.number);
    ByteWriter payload;
    for (auto const& event : group.events) payload.run(encode_event(*event));
    ByteWriter writer;
    writer.raw(as_bytes(group_magic))
        .u32(static_cast<std::uint32_t>(payload.size()))
        .u64(group.number)
        .u64(group.events.front()->revision)
        .u32(erasure::crc32c(payload.view()));
    writer.u32(erasure::crc32c(writer.view())).raw(payload.view());
    auto bytes = writer.take();
    bytes.resize(align(bytes.size()));
    return bytes;
}

Result<std::optional<FoundGroup>> decode_group(ByteView bytes) {
    auto const header = decode_header(bytes);
    if (!header || header->payload_bytes > bytes.size() - header_bytes) return std::nullopt;
    auto const payload = bytes.subspan(header_bytes, header->payload_bytes);
    if (erasure::crc32c(payload) != header->payload_crc) return std::nullopt;
    FoundGroup found;
    found.group.number = header->number;
    found.size_bytes = align(header_bytes + payload.size());
    ByteReader reader(payload);
    for (auto revision = header->first; !reader.at_end() && reader.ok(); ++revision) {
        TRY(auto event, decode_event(revision, reader.run()));
        found.group.events.push_back(std::make_shared<Event const>(std::move(event)));
    }
    TRY_OK(reader.finish("group of the log"));
    return found;
}

bool has_later_group(ByteView bytes, std::uint64_t number) {
    for (std::size_t at = 0; at < bytes.size(); at += group_align_bytes) {
        auto const header = decode_header(bytes.subspan(at));
        if (header && header->number > number) return true;
    }
    return false;
}

Bytes encode_snapshot(LogSnapshot const& snapshot) {
    ByteWriter writer;
    writer.raw(as_bytes(snapshot_magic))
        .u32(snapshot_version)
        .u64(snapshot.revision)
        .u64(snapshot.group)
        .varint(snapshot.entries.size());
    for (auto const& entry : snapshot.entries) {
        writer.text(entry.key).u64(entry.revision).run(entry.value);
    }
    writer.u32(erasure::crc32c(writer.view()));
    return writer.take();
}

Result<LogSnapshot> decode_snapshot(ByteView bytes) {
    if (bytes.size() < checksum_bytes) return fail(Errc::corrupt, "a snapshot is too short");
    auto const body = bytes.first(bytes.size() - checksum_bytes);
    if (ByteReader(bytes.last(checksum_bytes)).u32() != erasure::crc32c(body)) {
        return fail(Errc::corrupt, "a snapshot has a wrong checksum");
    }
    ByteReader reader(body);
    auto const magic = as_text(reader.raw(snapshot_magic.size()));
    auto const version = reader.u32();
    if (magic != snapshot_magic || version != snapshot_version) {
        return fail(Errc::corrupt, "a snapshot has unknown version {}", version);
    }
    LogSnapshot snapshot;
    snapshot.revision = reader.u64();
    snapshot.group = reader.u64();
    auto const count = reader.varint();
    for (std::uint64_t i = 0; i < count && reader.ok(); ++i) {
        Entry entry;
        entry.key = reader.text();
        entry.revision = reader.u64();
        auto const value = reader.run();
        entry.value = Bytes(value.begin(), value.end());
        snapshot.entries.push_back(std::move(entry));
    }
    TRY_OK(reader.finish("snapshot"));
    return snapshot;
}

}  // namespace disgrafs::kv
