#pragma once

/// \file cluster/healing/margins.hpp  How many more shard losses each stripe survives, live.
///
/// Stripes that lie alike (same k, same nodes) share one class with a count, so a node that goes or
/// comes changes few classes, not every stripe. A missing shard is in no class; a shard on a node
/// that cannot be reached is in its class, but does not count.
///
///     margin = reachable shards − k;  negative: cannot be read now
///
/// Memory: some 100 bytes a content of one stripe. Pure; rebuilt from the store at each start.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

#include "cluster/keys.hpp"
#include "cluster/rows.hpp"

namespace disgrafs::cluster {

class Margins {
 public:
    /// The upload holds a content: from now on its stripes count.
    void adopt(UploadId upload) { uploads_[upload]; }
    /// It does not any more.
    void forget(UploadId upload);
    [[nodiscard]] bool knows(UploadId upload) const { return uploads_.contains(upload); }

    /// Where a stripe of an adopted upload lies now; of others: ignored.
    void set(StripeId id, StripeRow const& row);

    /// Can shards on `node` be read? Unknown nodes: no.
    void set_reachable(MemberId node, bool is_reachable);

    [[nodiscard]] std::optional<int> margin_of(StripeId id) const;
    [[nodiscard]] std::map<int, std::uint64_t> by_margin() const;
    [[nodiscard]] std::uint64_t stripes() const { return stripes_; }
    [[nodiscard]] std::uint64_t uploads() const { return uploads_.size(); }

    /// Stripes with two shards on one node.
    [[nodiscard]] std::uint64_t violations() const;

    struct Risk {
        std::uint64_t at_risk = 0;  ///< Contents whose worst stripe has margin 0.
        std::uint64_t lost = 0;     ///< Contents with a stripe that cannot be read now.
    };
    /// Cost: a walk over all contents, when there is any stripe at margin 0 or less.
    [[nodiscard]] Risk risk() const;

    /// Every stripe with a shard on `node`. Cost: a walk over all stripes.
    void each_on(MemberId node, std::function<void(StripeId)> const& visit) const;

    void clear();

 private:
    struct Class {
        int k = 1;
        std::vector<MemberId> nodes;  ///< Sorted; of the shards that are somewhere.
        int reachable = 0;
        std::uint64_t stripes = 0;
    };
    struct Place {
        std::uint32_t stripe = 0;
        std::uint32_t of_class = 0;
    };

    std::uint32_t class_of(StripeRow const& row);
    void drop(std::uint32_t of_class);
    [[nodiscard]] int margin_of(std::uint32_t of_class) const;

    std::vector<Class> classes_;
    std::vector<std::uint32_t> free_classes_;
    std::map<std::vector<std::uint64_t>, std::uint32_t> class_by_key_;  ///< k, then nodes.
    std::unordered_map<UploadId, std::vector<Place>> uploads_;          ///< By stripe.
    std::set<MemberId> reachable_;
    std::uint64_t stripes_ = 0;
};

}  // namespace disgrafs::cluster
