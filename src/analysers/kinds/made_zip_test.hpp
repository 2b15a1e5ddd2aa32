#pragma once

/// \file analysers/kinds/made_zip_test.hpp  Zip archives made for tests: stored entries.

#include <string>
#include <utility>
#include <vector>

#include "base/bytes.hpp"

namespace disgrafs::analysers {

struct MadeEntry {
    std::string name;
    std::string content;
    std::uint32_t claimed_bytes = 0;  ///< Unpacked size to claim; 0 = the true one.
};

/// Without checksums; `with_directory` false leaves the archive cut off before its list.
inline std::string made_zip(std::vector<MadeEntry> const& entries, bool with_directory = true) {
    ByteWriter files;
    ByteWriter list;
    for (auto const& entry : entries) {
        auto const offset = static_cast<std::uint32_t>(files.size());
        auto const packed = static_cast<std::uint32_t>(entry.content.size());
        auto const claimed = entry.claimed_bytes == 0 ? packed : entry.claimed_bytes;
        auto const name_bytes = static_cast<std::uint16_t>(entry.name.size());
        files.u32(0x04034B50).u16(20).u16(0).u16(0).u32(0).u32(0).u32(packed).u32(claimed);
        files.u16(name_bytes).u16(0).raw(as_bytes(entry.name)).raw(as_bytes(entry.content));
        list.u32(0x02014B50).u16(20).u16(20).u16(0).u16(0).u32(0).u32(0).u32(packed).u32(claimed);
        list.u16(name_bytes).u16(0).u16(0).u16(0).u16(0).u32(0).u32(offset);
        list.raw(as_bytes(entry.name));
    }
    auto const count = static_cast<std::uint16_t>(entries.size());
    auto const offset = static_cast<std::uint32_t>(files.size());
    if (with_directory) {
        files.raw(list.view()).u32(0x06054B50).u16(0).u16(0).u16(count).u16(count);
        files.u32(static_cast<std::uint32_t>(list.size())).u32(offset).u16(0);
    }
    return std::string(as_text(files.view()));
}

}  // namespace disgrafs::analysers
