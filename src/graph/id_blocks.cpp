#include "graph/id_blocks.hpp"

#include <algorithm>
#include <utility>

#include "graph/keys.hpp"

namespace disgrafs::graph {

IdBlocks::IdBlocks(kv::Store& store, boost::asio::any_io_executor executor, char kind)
    : store_(store), kind_(kind), reserving_(std::move(executor), 1) {}

Task<void> IdBlocks::cover(std::uint64_t last) {
    if (last < reserved_) co_return Result<void>{};
    CO_TRY(auto const place, co_await reserving_.acquire());
    while (reserved_ <= last) CO_TRY_OK(co_await reserve());
    co_return Result<void>{};
}

Task<void> IdBlocks::open() {
    CO_TRY(auto const row, co_await store_.get(block_key(kind_)));
    if (row) {
        CO_TRY(next_, decode_number(row->value));
        reserved_ = next_;
    }
    co_return co_await cover(next_);
}

/// A conflict means that another server was faster; the next look finds its block.
Task<void> IdBlocks::reserve() {
    CO_TRY(auto const row, co_await store_.get(block_key(kind_)));
    std::uint64_t first = 1;
    if (row) {
        CO_TRY(first, decode_number(row->value));
    }
    if (first > reserved_) {
        // Ids from reserved_ on are another's: whoever holds one must start anew.
        next_ = std::max(next_, first);
        reserved_ = first;
        co_return fail(Errc::conflict, "ids up to {} were reserved by another server", first);
    }
    auto const end = std::max(first, next_) + block_ids;
    kv::Batch batch;
    batch.require(block_key(kind_), row ? row->revision : 0);
    batch.put(block_key(kind_), encode_number(end));
    auto const written = co_await store_.commit(std::move(batch));
    if (written) {
        reserved_ = end;
    } else if (written.error().code != Errc::conflict) {
        co_return std::unexpected(written.error());
    }
    co_return Result<void>{};
}

}  // namespace disgrafs::graph
