#pragma once

/// \file cluster/content/stripe_read.hpp  One read of some rows of one stripe, from begin to end.
///
///     asks the data shards that hold the rows            → all came: done
///     one fails, hangs on a node that is away, or is late
///         → asks as many other shards as are needed to have k columns → computes the missing ones
///
/// Concurrency: one event loop. finish() must be awaited before it dies.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cluster/content/alarm.hpp"
#include "cluster/content/columns.hpp"
#include "cluster/content/node_calls.hpp"
#include "io/pool.hpp"
#include "io/task_group.hpp"

namespace disgrafs::cluster {

/// A shard that its node does not have, or not whole.
struct BadShard {
    StripeId stripe;
    int index = 0;
    MemberId node;
    RepairRow::Reason reason = RepairRow::Reason::corrupt;
};

struct StripeReadParts {
    NodeCalls* calls = nullptr;
    Pool* cpu = nullptr;
    boost::asio::any_io_executor executor;
    std::function<void(BadShard)> on_bad;
};

class StripeRead : public Late {
 public:
    struct Want {
        int index = 0;
        Rows rows;
    };

    StripeRead(StripeReadParts parts, Context context, StripeId id, Columns columns);

    /// Until every wanted row is in columns(). Errors: unavailable, corrupt, cancelled.
    Task<void> run(std::vector<Want> wants);
    /// Cancels what is still under way.
    Task<void> finish() { return fetches_.stop(); }

    Columns& columns() { return columns_; }
    /// Bytes that had to be computed from other shards.
    [[nodiscard]] std::size_t decoded_bytes() const { return decoded_bytes_; }

 private:
    struct Fetching;
    struct Asked {
        std::optional<Rows> rows;  ///< The first question.
        bool all = false;          ///< The whole window was asked for.
        bool is_slow = false;      ///< It had not answered when the alarm rang.
        bool has_failed = false;
        int on_way = 0;
    };

    void ask(int index, Rows rows);
    void ask_all(int index);
    void ask_more();
    Task<void> fetch(int index, Rows rows, Fetching fetching);
    Task<Bytes> get_checked(int index, Rows rows);
    void note_failure(int index, Error const& error);
    Task<void> compute(std::vector<Want> const& wants);
    [[nodiscard]] Error shortage() const;

    [[nodiscard]] Asked& asked(int index) { return asked_[static_cast<std::size_t>(index)]; }
    [[nodiscard]] MemberId node(int index) const;
    [[nodiscard]] int total() const { return columns_.stripe().total(); }
    [[nodiscard]] int k() const { return columns_.stripe().layout.k; }
    [[nodiscard]] bool is_up(int index) const;
    [[nodiscard]] bool is_promising(int index);
    [[nodiscard]] bool has_all(std::vector<Want> const& wants) const;
    [[nodiscard]] int whole_count() const;
    [[nodiscard]] bool is_waiting() const;

    StripeReadParts parts_;
    Context context_;
    StripeId id_;
    Columns columns_;
    std::vector<Asked> asked_;
    TaskGroup fetches_;
    bool is_degraded_ = false;
    bool is_hedged_ = false;
    bool saw_corrupt_ = false;
    bool saw_silence_ = false;
    std::size_t decoded_bytes_ = 0;
    std::string last_error_;
};

}  // namespace disgrafs::cluster
