#pragma once

/// \file cluster/content/uploads.hpp  Upload ids: given out from durable blocks, and what became of
/// each.
///
///     block   reserved, durable, before any of its ids is used → every byte on a node is
///     attributable
///             closed when all its ids were used and ended, or at the next start: then no id of it
///             that is not content by now can ever become content
///
///     upload  open → content      a commit that requires the block open and the upload not aborted
///                  → aborted      a commit that requires that it is not content
///                                 (both are one compare-and-set: exactly one of them wins)
///             content → released  in the caller's transaction
///
/// fate_of() answers by positive evidence only; what is not known is `open` or `unknown`, and
/// garbage collection keeps its hands off it.
///
/// Concurrency: one event loop, one index server per store.

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "cluster/keys.hpp"
#include "cluster/rows.hpp"
#include "io/clock.hpp"
#include "io/random.hpp"
#include "io/task_group.hpp"
#include "io/wake.hpp"
#include "kv/store.hpp"

namespace disgrafs::cluster {

struct Fate {
    enum class Kind : std::uint8_t {
        unknown,  ///< The store knows no such block: perhaps of another time of this cluster.
        open,     ///< May still become content.
        content,  ///< Holds the bytes of a content now.
        garbage,  ///< Never was content, or is no more: for ever.
    };
    Kind kind = Kind::unknown;
    Timestamp since;    ///< garbage.
    ContentId content;  ///< content.
};

class Uploads {
 public:
    Uploads(kv::Store& store, Clock& clock, Random& random, boost::asio::any_io_executor executor);

    /// Closes the blocks of earlier runs and reserves the first of this one.
    Task<void> open();
    Task<void> stop() { return reservations_.stop(); }

    /// A new id, open from now on. Waits for a reservation only when ids are used faster than
    /// blocks become durable.
    Task<UploadId> begin();
    /// A new id that will hold the bytes of an existing content; durable.
    Task<UploadId> begin_reencode(ContentId content);

    /// What the commit that makes `upload` a content must require (kv::Batch::require).
    [[nodiscard]] std::vector<kv::Precondition> to_commit(UploadId upload) const;

    /// All its shards are stored; its rows were handed to whoever commits them.
    void finished(UploadId upload);
    /// Its writer is gone; it will be aborted.
    void abandoned(UploadId upload);
    /// It is content now.
    void committed(UploadId upload);

    /// Aborts abandoned uploads, and those finished longer than `after` ago that were not
    /// committed. The ids that are garbage now.
    Task<std::vector<UploadId>> abort_ended(Duration after);
    /// Errors: those of the store. An upload that is content already stays so.
    Task<bool> abort(UploadId upload);

    Task<Fate> fate_of(UploadId upload);
    [[nodiscard]] bool is_open(UploadId upload) const { return open_.contains(upload); }

 private:
    struct Block {
        std::uint64_t number = 0;
        kv::Revision revision = 0;
        std::uint32_t next = 0;
        std::uint32_t open = 0;  ///< Ids given out and not ended.
    };
    struct Open {
        enum class State : std::uint8_t { writing, finished, abandoned } state = State::writing;
        Duration since{0};              ///< Steady; finished.
        kv::Revision reencode_row = 0;  ///< Revision of its W u row, if it has one.
    };

    Task<void> close_block(std::uint64_t number, kv::Revision revision);
    Task<void> reserve();
    void reserve_ahead();
    void ended(UploadId upload);

    kv::Store& store_;
    Clock& clock_;
    Random& random_;
    TaskGroup reservations_;
    Wake reserved_;
    bool is_reserving_ = false;
    std::optional<Error> reserve_error_;
    std::uint64_t last_block_ = 0;
    std::map<std::uint64_t, Block> blocks_;  ///< Of this run, not closed.
    std::deque<std::uint64_t> usable_;       ///< Blocks with ids left, in order.
    std::unordered_map<UploadId, Open> open_;
};

}  // namespace disgrafs::cluster
