#pragma once

/// \file analysers/kinds/zip_names.hpp  Which kind of document a zip archive is, by its entry
/// names.
///
/// Office documents, e-books and packages are zip archives; libmagic sees that only when their
/// first entry is the usual one. Nothing is unpacked here, so a zip bomb costs what its list costs.

#include <cstdint>
#include <string>

#include "base/bytes.hpp"

namespace disgrafs::analysers {

struct ZipListing {
    std::string media_type = "application/zip";
    std::uint64_t entries = 0;         ///< At most zip_entries_max are looked at.
    std::uint64_t unpacked_bytes = 0;  ///< As the archive claims.
    std::string problem;               ///< A sentence when the list is broken.
};

inline constexpr std::uint64_t zip_entries_max = 100'000;

/// Reads the central directory; when there is none (a cut file), the local headers from the front.
ZipListing list_zip(ByteView bytes);

}  // namespace disgrafs::analysers
