#pragma once

/// \file cluster/healing/repair_queue.hpp  What waits for repair, the most endangered first.
///
/// A view in memory of the rows R: put and removed as those are committed. A job that cannot go on
/// (no node to put the shard on, not enough shards to read) is set aside until the members change.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

#include "base/time.hpp"
#include "cluster/keys.hpp"
#include "cluster/rows.hpp"

namespace disgrafs::cluster {

class RepairQueue {
 public:
    /// The margin of a stripe now; unknown ones count as 1.
    using MarginOf = std::function<std::optional<int>(StripeId)>;

    explicit RepairQueue(MarginOf margin_of) : margin_of_(std::move(margin_of)) {}

    void add(StripeId id, RepairRow const& row);
    void remove(StripeId id);
    void add(ContentId id, RepairRow const& row);
    void remove(ContentId id);
    void clear();

    /// The stripe with the smallest margin that is neither taken nor set aside; taken then.
    std::optional<StripeId> take_stripe();
    std::optional<ContentId> take_content();
    /// Taken jobs that are still there after their attempt: tried again, or set aside.
    void put_back(StripeId id);
    void put_back(ContentId id);
    void set_aside(StripeId id, std::string why);
    void set_aside(ContentId id, std::string why);

    /// The margin of one stripe has changed.
    void refresh(StripeId id);
    /// Members, and with them margins, have changed: all may be tried again, in a new order.
    void reorder();

    /// Queued, and not taken.
    [[nodiscard]] bool is_waiting(StripeId id) const;
    [[nodiscard]] std::uint64_t stripes() const { return stripes_.size(); }
    [[nodiscard]] std::uint64_t contents() const { return contents_.size(); }
    [[nodiscard]] std::map<int, std::uint64_t> by_margin() const { return by_margin_; }
    /// True when everything that is queued was set aside.
    [[nodiscard]] bool is_stuck() const;
    [[nodiscard]] std::string const& why_stuck() const { return why_; }
    /// When the job that waits longest began to wait.
    [[nodiscard]] std::optional<Timestamp> oldest() const;

 private:
    enum class State : std::uint8_t { ready, taken, aside };
    struct Job {
        State state = State::ready;
        int margin = 1;
        Timestamp since;
    };
    void enqueue(StripeId id, Job& job);
    void dequeue(StripeId id, Job const& job);

    MarginOf margin_of_;
    std::unordered_map<StripeId, Job> stripes_;
    std::map<int, std::set<StripeId>> ready_stripes_;
    std::map<int, std::uint64_t> by_margin_;
    std::unordered_map<ContentId, Job> contents_;
    std::set<ContentId> ready_contents_;
    std::size_t taken_ = 0;
    std::string why_;
};

}  // namespace disgrafs::cluster
