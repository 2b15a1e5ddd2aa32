#pragma once

/// \file files/version_rows.hpp  The versions of files as rows of the store (docs/formats/keys.md).
///
///     H file version → content, size, SHA-256, media type, created, by
///
/// Written in the commit that changes the File node, so the two never differ.

#include <cstdint>
#include <string>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"
#include "cluster/contents.hpp"

namespace disgrafs::files {

struct VersionRow {
    cluster::ContentId content;
    std::uint64_t size_bytes = 0;
    cluster::Sha256 sha256{};
    std::string media_type;
    Timestamp created;
    std::string by;  ///< Name of the user who wrote it.
};

std::string version_key(NodeId file, std::uint64_t version);
std::string version_prefix(NodeId file);
/// Errors: corrupt.
Result<std::uint64_t> parse_version_key(std::string_view key);

Bytes encode_version(VersionRow const& row);
/// Errors: corrupt.
Result<VersionRow> decode_version(ByteView bytes);

/// 32 hex digits: block, then index. The form in the property `content` of File nodes.
std::string to_text(cluster::ContentId id);
/// Errors: corrupt.
Result<cluster::ContentId> parse_content(std::string_view text);

}  // namespace disgrafs::files
