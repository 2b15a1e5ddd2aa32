#pragma once

/// \file analysis/rows.hpp  Keys of the rows that analysis keeps in the store
/// (docs/formats/keys.md).

#include <cstdint>
#include <string>

#include "base/bytes.hpp"
#include "base/ids.hpp"

namespace disgrafs::analysis {

/// The extracted text of a file's current version, UTF-8, at most text_bytes_max: a batch holds 1
/// MiB.
inline constexpr std::size_t text_bytes_max = 768U << 10U;
inline std::string text_key(NodeId file) { return KeyWriter('T').u64(file.value).take(); }
/// The vector (stems and weights) and pHash by which similar files are found.
inline std::string vector_key(NodeId file) { return KeyWriter('S').u64(file.value).take(); }
/// A file that waits to be analysed.
inline std::string queue_key(NodeId file) { return KeyWriter('Q').u64(file.value).take(); }

}  // namespace disgrafs::analysis
