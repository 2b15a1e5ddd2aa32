#pragma once

/// \file graph/id_blocks.hpp  New ids, reserved in the store block by block.
///
/// Row B kind → the first id that nobody has reserved yet. take() never waits: it may hand out ids
/// beyond what is reserved; cover() reserves them before they are written anywhere. Ids of a block
/// that was not used up before a restart are never used.

#include <cstdint>

#include <boost/asio/any_io_executor.hpp>

#include "io/wake.hpp"
#include "kv/store.hpp"

namespace disgrafs::graph {

class IdBlocks {
 public:
    static constexpr std::uint64_t block_ids = 1024;

    /// `kind`: 'n' nodes, 'e' edges.
    IdBlocks(kv::Store& store, boost::asio::any_io_executor executor, char kind);

    std::uint64_t take() { return next_++; }

    /// Completes when all ids up to `last` are reserved. Errors: conflict (another server took the
    /// block: ids that were taken ahead must not be used), those of the store.
    Task<void> cover(std::uint64_t last);

    /// Reads the row and reserves a first block.
    Task<void> open();

 private:
    Task<void> reserve();

    kv::Store& store_;
    char kind_;
    std::uint64_t next_ = 1;
    std::uint64_t reserved_ = 1;  ///< The first id that is not.
    Semaphore reserving_;         ///< One at a time.
};

}  // namespace disgrafs::graph
