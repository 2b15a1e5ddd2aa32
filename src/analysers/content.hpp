#pragma once

/// \file analysers/content.hpp  What a reader of one kind of content gets, and what it gives.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/findings.hpp"
#include "base/bytes.hpp"

namespace disgrafs::analysers {

/// The bytes of one file, of which nothing is known but what the uploader said.
struct Content {
    std::string_view name;
    std::string_view media_type;  ///< Claimed; may be empty or wrong.
    ByteView bytes;
    std::uint64_t size_bytes = 0;  ///< Of the whole file.
    bool is_truncated = false;     ///< `bytes` are only its beginning.
};

/// What one reader found. Texts are UTF-8. A reader of broken content gives what it could read and
/// says in `problem` what it could not.
struct Reading {
    std::string text;   ///< For search, in reading order; may be longer than travels.
    std::string prose;  ///< For language and keyphrases, when other than `text`.
    std::map<std::string, analysis::PropertyValue> properties;
    std::vector<analysis::Reference> references;
    std::optional<std::uint64_t> phash;
    bool is_unavailable = false;  ///< The problem is ours (something is not installed).
    std::string problem;          ///< A sentence; empty: nothing is wrong.
};

/// Text beyond this is not extracted: search and keyphrases look at less.
inline constexpr std::size_t extracted_bytes_max = 4U << 20U;

}  // namespace disgrafs::analysers
