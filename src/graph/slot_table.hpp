#pragma once

/// \file graph/slot_table.hpp  Objects found by id, side by side in pages of 256 ids.
///
/// Ids are handed out in blocks and never reused, so pages are nearly full; one hash look-up finds
/// the page. Objects do not move while they live.

#include <array>
#include <bitset>
#include <cstdint>
#include <memory>
#include <unordered_map>

namespace disgrafs::graph {

template <typename Slot>
class SlotTable {
 public:
    [[nodiscard]] Slot* find(std::uint64_t id) {
        auto const page = pages_.find(id / page_ids);
        if (page == pages_.end() || !page->second->used[id % page_ids]) return nullptr;
        return &page->second->slots[id % page_ids];
    }
    [[nodiscard]] Slot const* find(std::uint64_t id) const {
        return const_cast<SlotTable*>(this)->find(id);
    }
    /// The new object, or the one that is there.
    Slot& insert(std::uint64_t id) {
        auto& page = pages_[id / page_ids];
        if (!page) page = std::make_unique<Page>();
        if (!page->used[id % page_ids]) ++size_;
        page->used[id % page_ids] = true;
        return page->slots[id % page_ids];
    }
    void erase(std::uint64_t id) {
        auto const page = pages_.find(id / page_ids);
        if (page == pages_.end() || !page->second->used[id % page_ids]) return;
        page->second->slots[id % page_ids] = Slot();
        page->second->used[id % page_ids] = false;
        --size_;
        if (page->second->used.none()) pages_.erase(page);
    }
    [[nodiscard]] std::size_t size() const { return size_; }

 private:
    static constexpr std::size_t page_ids = 256;
    struct Page {
        std::array<Slot, page_ids> slots{};
        std::bitset<page_ids> used;
    };

    std::unordered_map<std::uint64_t, std::unique_ptr<Page>> pages_;
    std::size_t size_ = 0;
};

}  // namespace disgrafs::graph
