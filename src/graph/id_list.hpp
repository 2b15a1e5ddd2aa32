#pragma once

/// \file graph/id_list.hpp  Ascending ids: the edges of one node, of one type, in one direction.
///
/// Most lists are short and one array. A hub (a tag on a million files) is cut into blocks, so that
/// to add or remove one edge moves at most block_ids_max ids.

#include <cstdint>
#include <memory>
#include <vector>

namespace disgrafs::graph {

class IdList {
 public:
    /// False when it was there (was not there) already.
    bool insert(std::uint64_t id);
    bool erase(std::uint64_t id);
    [[nodiscard]] std::size_t size() const { return hub_ ? hub_->size : ids_.size(); }

    /// Ascending.
    template <typename Visit>
    void each(Visit visit) const {
        for (auto const id : ids_) visit(id);
        if (!hub_) return;
        for (auto const& block : hub_->blocks) {
            for (auto const id : block) visit(id);
        }
    }

    static constexpr std::size_t block_ids_max = 512;

 private:
    using Block = std::vector<std::uint64_t>;
    struct Hub {
        std::vector<Block> blocks;  ///< Ascending, none empty.
        std::size_t size = 0;
    };

    bool insert_into_hub(std::uint64_t id);
    bool erase_from_hub(std::uint64_t id);

    Block ids_;  ///< All ids, unless there is a hub.
    std::unique_ptr<Hub> hub_;
};

}  // namespace disgrafs::graph
