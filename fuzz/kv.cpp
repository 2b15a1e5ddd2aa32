/// \file fuzz/kv.cpp  What a store reads from its disk: events, groups, snapshots, RocksDB's log.
///
/// The first byte chooses the parser. What was read must be written back to equal bytes.

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/assert.hpp"
#include "kv/event_format.hpp"
#include "kv/log_format.hpp"
#include "kv/rocks_wal.hpp"

namespace disgrafs::kv {
namespace {

void read_event(ByteView bytes) {
    auto const event = decode_event(1, bytes);
    if (!event) return;
    auto const again = decode_event(1, encode_event(*event));
    DISGRAFS_ASSERT(again && again->writes.size() == event->writes.size(), "an event changed");
}

void read_group(ByteView bytes) {
    auto const found = decode_group(bytes);
    if (found && *found && !(*found)->group.events.empty()) {
        auto const again = decode_group(encode_group((*found)->group));
        DISGRAFS_ASSERT(again && *again, "a group of the log changed");
    }
    (void)has_later_group(bytes, 1);
}

void read_snapshot(ByteView bytes) {
    auto const snapshot = decode_snapshot(bytes);
    if (!snapshot) return;
    DISGRAFS_ASSERT(decode_snapshot(encode_snapshot(*snapshot)), "a snapshot changed");
}

void read_wal(ByteView bytes) {
    WalCheck check;
    for (std::size_t at = 0; at <= bytes.size(); at += wal_block_bytes) {
        check.add(bytes.subspan(at, std::min(wal_block_bytes, bytes.size() - at)));
    }
    DISGRAFS_ASSERT(check.whole_bytes() <= bytes.size(), "{} whole bytes", check.whole_bytes());
}

}  // namespace
}  // namespace disgrafs::kv

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace disgrafs;
    if (size == 0) return 0;
    ByteView const bytes(reinterpret_cast<std::byte const*>(data + 1), size - 1);
    switch (data[0] % 4) {
        case 0:
            kv::read_event(bytes);
            break;
        case 1:
            kv::read_group(bytes);
            break;
        case 2:
            kv::read_snapshot(bytes);
            break;
        default:
            kv::read_wal(bytes);
            break;
    }
    return 0;
}
