#pragma once

/// \file erasure/plain/verify.hpp  Are shards whole, do they fit each other, and which one lies?

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.hpp"
#include "erasure/plain/format.hpp"
#include "erasure/plain/reader.hpp"

namespace disgrafs::erasure {

struct PlainReport {
    struct Shard {
        std::uint64_t lost_blocks = 0;  ///< Damaged or unreadable.
        std::uint64_t first_lost = 0;   ///< The first of them, if any.
        bool is_liar = false;           ///< Whole by its own checksums, but unfit for the others.
    };
    std::vector<Shard> shards;      ///< In the order given.
    bool fits = true;               ///< What is whole fits, as far as there is more than k.
    bool is_liar_told = true;       ///< When it doesn't: the liars are known.
    std::uint64_t lost_blocks = 0;  ///< Places at which fewer than k shards are whole.
    bool is_compared = false;       ///< More than k different shards were compared somewhere.

    /// Every shard is whole and all fit.
    [[nodiscard]] bool is_good() const;
};

/// Reads everything once. `shards` are of one set; an index may come twice (the first that is
/// whole is compared with the others). Errors: cancelled.
Result<PlainReport> verify_plain_shards(
    PlainShape const& shape, std::span<PlainPayload* const> shards
);

}  // namespace disgrafs::erasure
