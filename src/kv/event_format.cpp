#include "kv/event_format.hpp"

#include <cstdint>
#include <utility>

namespace disgrafs::kv {
namespace {

constexpr std::uint8_t format_version = 1;
constexpr std::uint8_t kind_remove = 0;
constexpr std::uint8_t kind_put = 1;

Result<Write> decode_write(Revision revision, ByteReader& reader) {
    Write write{.key = reader.text(), .value = std::nullopt};
    auto const kind = reader.u8();
    if (kind == kind_put) {
        auto const value = reader.run();
        write.value = Bytes(value.begin(), value.end());
    } else if (kind != kind_remove) {
        return fail(Errc::corrupt, "event {} has a write of unknown kind {}", revision, kind);
    }
    return write;
}

}  // namespace

Bytes encode_event(Event const& event) {
    ByteWriter writer;
    writer.u8(format_version).varint(event.writes.size());
    for (auto const& write : event.writes) {
        writer.text(write.key).u8(write.value ? kind_put : kind_remove);
        if (write.value) writer.run(*write.value);
    }
    return writer.take();
}

Result<Event> decode_event(Revision revision, ByteView bytes) {
    ByteReader reader(bytes);
    auto const version = reader.u8();
    auto const count = reader.varint();
    if (reader.ok() && version != format_version) {
        return fail(Errc::corrupt, "event {} has unknown version {}", revision, version);
    }
    if (count > batch_keys_max) {
        return fail(Errc::corrupt, "event {} claims {} writes", revision, count);
    }
    Event event{.revision = revision, .writes = {}};
    event.writes.reserve(count);
    for (std::uint64_t i = 0; i < count && reader.ok(); ++i) {
        TRY(auto write, decode_write(revision, reader));
        event.writes.push_back(std::move(write));
    }
    TRY_OK(reader.finish("event"));
    return event;
}

}  // namespace disgrafs::kv
