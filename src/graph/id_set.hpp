#pragma once

/// \file graph/id_set.hpp  A set of many ids, as bits: which nodes have a label.
///
/// Ids are handed out in blocks, so they lie close together: 4,096 of them share 512 bytes.

#include <array>
#include <bit>
#include <cstdint>
#include <map>
#include <vector>

namespace disgrafs::graph {

class IdSet {
 public:
    /// False when it was there (was not there) already.
    bool insert(std::uint64_t id) {
        auto& chunk = chunks_[id / chunk_ids];
        auto& word = chunk.words[(id % chunk_ids) / 64];
        auto const bit = std::uint64_t{1} << (id % 64);
        if ((word & bit) != 0) return false;
        word |= bit;
        ++chunk.count;
        ++size_;
        return true;
    }
    bool erase(std::uint64_t id) {
        auto const found = chunks_.find(id / chunk_ids);
        if (found == chunks_.end()) return false;
        auto& chunk = found->second;
        auto& word = chunk.words[(id % chunk_ids) / 64];
        auto const bit = std::uint64_t{1} << (id % 64);
        if ((word & bit) == 0) return false;
        word &= ~bit;
        --size_;
        if (--chunk.count == 0) chunks_.erase(found);
        return true;
    }
    [[nodiscard]] bool contains(std::uint64_t id) const {
        auto const found = chunks_.find(id / chunk_ids);
        if (found == chunks_.end()) return false;
        return ((found->second.words[(id % chunk_ids) / 64] >> (id % 64)) & 1U) != 0;
    }
    [[nodiscard]] std::size_t size() const { return size_; }

    /// Ascending.
    template <typename Visit>
    void each(Visit visit) const {
        for (auto const& [number, chunk] : chunks_) {
            for (std::uint64_t w = 0; w < chunk.words.size(); ++w) {
                for (auto word = chunk.words[w]; word != 0; word &= word - 1) {
                    auto const bit = static_cast<std::uint64_t>(std::countr_zero(word));
                    visit(number * chunk_ids + w * 64 + bit);
                }
            }
        }
    }

 private:
    static constexpr std::uint64_t chunk_ids = 4096;
    struct Chunk {
        std::array<std::uint64_t, chunk_ids / 64> words{};
        std::uint32_t count = 0;
    };

    std::map<std::uint64_t, Chunk> chunks_;
    std::size_t size_ = 0;
};

}  // namespace disgrafs::graph
