#pragma once

/// \file app/erasure/given_shards.hpp  The shard files that a command line names, sorted out.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/erasure/plain_file.hpp"
#include "base/result.hpp"
#include "erasure/plain/format.hpp"
#include "erasure/plain/reader.hpp"

namespace disgrafs::app {

/// One path of the command line.
struct GivenShard {
    std::string path;
    std::unique_ptr<FileSource> file;          ///< Null when it cannot be opened.
    std::optional<erasure::PlainShard> shard;  ///< Empty when it is none, or damaged.
    std::optional<Error> trouble;              ///< Why there is no shard.
    bool is_of_other_set = false;              ///< A whole shard that does not belong here.
};

/// Opens all; trouble with one of them is noted, not an error. A path that is given twice counts
/// once. Errors: exhausted (too many), cancelled.
Result<std::vector<GivenShard>> open_shards(std::vector<std::string> const& paths);

/// Finds the set that is meant: the only one, or the only one of which k shards are here. Marks
/// the others. Errors: invalid (no shard at all; several sets, and which is meant is unclear).
Result<void> choose_set(std::vector<GivenShard>& given);

/// Of the chosen set, in the order given.
std::vector<GivenShard*> chosen_of(std::vector<GivenShard>& given);

/// "x.0: is damaged … : not used", one line on standard error for each that cannot be used.
void print_troubles(std::vector<GivenShard> const& given);

/// "1a2b3c4d"
std::string set_name(erasure::PlainShard const& shard);

/// One bare shard: its path, and its index from the suffix .N or from "N=path".
struct GivenBare {
    int index = 0;
    std::unique_ptr<FileSource> file;
};
/// Errors: invalid (no index; one twice), and those of opening, with the path.
Result<std::vector<GivenBare>> open_bare(std::vector<std::string> const& words, int total);

}  // namespace disgrafs::app
