#include "io/sim_pages.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <ranges>
#include <set>
#include <utility>
#include <vector>

#include "base/assert.hpp"
#include "base/bytes.hpp"

namespace disgrafs {
namespace {

/// A page that is changed again before it was synced may have been written back in between.
constexpr double written_back = 0.05;

std::uint64_t pages_of(std::uint64_t size) {
    return (size + SimPages::page_bytes - 1) / SimPages::page_bytes;
}

}  // namespace

SimPages::~SimPages() {
    for (std::uint64_t page = 0; page < allocated_.size(); ++page) release(page);
}

std::uint64_t SimPages::cost(std::uint64_t offset, std::uint64_t size) const {
    if (size == 0) return 0;
    std::uint64_t pages = 0;
    for (auto page = offset / page_bytes; page < pages_of(offset + size); ++page) {
        if (page >= allocated_.size() || !allocated_[page]) ++pages;
    }
    return pages * page_bytes;
}

void SimPages::write(std::uint64_t offset, ByteView bytes) {
    if (bytes.empty()) return;
    for (auto page = offset / page_bytes; page < pages_of(offset + bytes.size()); ++page) {
        allocate(page);
    }
    change_range(offset, bytes.size(), bytes.data());
    size_ = std::max(size_, offset + bytes.size());
}

void SimPages::zero(std::uint64_t offset, std::uint64_t size) {
    if (offset >= size_ || size == 0) return;
    auto const end = offset + std::min(size, size_ - offset);
    auto const first_whole = pages_of(offset);
    auto const last_whole = end == size_ ? pages_of(end) : end / page_bytes;
    if (first_whole >= last_whole) return change_range(offset, end - offset, nullptr);
    change_range(offset, first_whole * page_bytes - offset, nullptr);
    for (auto page = first_whole; page < last_whole; ++page) {
        release(page);
        if (page >= pages_.size() || !pages_[page]) continue;
        remember(page, Part::whole);
        pages_[page].reset();
    }
    if (end > last_whole * page_bytes) {
        change_range(last_whole * page_bytes, end - last_whole * page_bytes, nullptr);
    }
}

void SimPages::reserve(std::uint64_t size) {
    for (std::uint64_t page = 0; page < pages_of(size); ++page) allocate(page);
    size_ = std::max(size_, size);
}

void SimPages::resize(std::uint64_t size) {
    if (size < size_) zero(size, size_ - size);
    size_ = size;
}

void SimPages::flip_bit(std::uint64_t offset, unsigned bit) {
    auto const page = offset / page_bytes;
    if (page >= pages_.size()) pages_.resize(page + 1);
    if (!pages_[page]) pages_[page] = std::make_unique<Page>();
    (*pages_[page])[offset % page_bytes] ^= std::byte{1} << bit;
}

std::uint64_t SimPages::begin_sync() {
    auto& layer = open_layer();
    layer.is_open = false;
    layer.size_at_close = size_;
    return layer.number;
}

void SimPages::end_sync(std::uint64_t layer) {
    while (!layers_.empty() && layers_.front().number <= layer) {
        durable_size_ = layers_.front().size_at_close;
        layers_.pop_front();
    }
}

void SimPages::fail_sync(std::uint64_t layer) {
    std::map<std::uint64_t, Held> lost;
    while (!layers_.empty() && layers_.front().number <= layer) {
        for (auto& [page, before] : layers_.front().before) {
            if (random_.happens(0.5)) lost.try_emplace(page, std::move(before));
        }
        layers_.pop_front();
    }
    for (auto& [page, before] : lost) {
        auto const has_page = [&](Layer const& newer) { return newer.before.contains(page); };
        auto const newer = std::ranges::find_if(layers_, has_page);
        (newer == layers_.end() ? doomed_ : newer->before)[page] = std::move(before);
    }
}

void SimPages::crash(SimFaults const& faults, Tally const& tally) {
    auto const seen = size_;
    settle_pages(faults, tally);
    settle_size(faults);
    if (size_ != seen) tally("lost_size", size_);
    layers_.clear();
    doomed_.clear();
    cut_to_size();
    durable_size_ = size_;
    for (auto const page : held_pages()) allocate(page);
}

Bytes SimPages::read(std::uint64_t offset, std::size_t size) const {
    if (offset >= size_) return {};
    Bytes bytes(std::min<std::uint64_t>(size, size_ - offset));
    std::size_t done = 0;
    while (done < bytes.size()) {
        auto const page = (offset + done) / page_bytes;
        auto const inside = (offset + done) % page_bytes;
        auto const count = std::min(bytes.size() - done, page_bytes - inside);
        if (page < pages_.size() && pages_[page]) {
            std::memcpy(bytes.data() + done, pages_[page]->data() + inside, count);
        }
        done += count;
    }
    return bytes;
}

std::vector<std::uint64_t> SimPages::held_pages() const {
    std::vector<std::uint64_t> held;
    auto const end = std::min<std::uint64_t>(pages_.size(), pages_of(size_));
    for (std::uint64_t page = 0; page < end; ++page) {
        if (pages_[page]) held.push_back(page);
    }
    return held;
}

SimPages::Layer& SimPages::open_layer() {
    if (layers_.empty() || !layers_.back().is_open) {
        layers_.emplace_back().number = ++layer_count_;
    }
    return layers_.back();
}

/// Notes in the open layer what `page` holds, unless the layer knows an older state of it. A page
/// that is about to be changed as a whole is moved there, not copied.
void SimPages::remember(std::uint64_t page, Part part) {
    auto& layer = open_layer();
    auto const [place, is_new] = layer.before.try_emplace(page);
    auto const take = [&]() -> Held {
        if (part == Part::whole || !pages_[page]) return std::move(pages_[page]);
        return std::make_unique<Page>(*pages_[page]);
    };
    if (auto const doomed = doomed_.find(page); doomed != doomed_.end()) {
        place->second = std::move(doomed->second);
        doomed_.erase(doomed);
    } else if (is_new) {
        place->second = take();
    } else if (random_.happens(written_back)) {
        place->second = take();
        for (auto& older : layers_) {
            if (!older.is_open) older.before.erase(page);
        }
    }
}

/// What a page to be changed as a whole holds is left open: the caller sets it.
SimPages::Page& SimPages::change(std::uint64_t page, Part part) {
    if (page >= pages_.size()) pages_.resize(page + 1);
    remember(page, part);
    auto& held = pages_[page];
    if (!held && part == Part::whole) held = std::make_unique_for_overwrite<Page>();
    if (!held) held = std::make_unique<Page>();
    return *held;
}

/// Copies `from`, or zeros when it is null.
void SimPages::change_range(std::uint64_t offset, std::uint64_t size, std::byte const* from) {
    auto const end = offset + size;
    while (offset < end) {
        auto const inside = offset % page_bytes;
        auto const count = std::min(end - offset, page_bytes - inside);
        auto const part = count == page_bytes ? Part::whole : Part::some;
        auto* const to = change(offset / page_bytes, part).data() + inside;
        if (from == nullptr) {
            std::memset(to, 0, count);
        } else {
            std::memcpy(to, from, count);
            from += count;
        }
        offset += count;
    }
}

void SimPages::allocate(std::uint64_t page) {
    if (page >= allocated_.size()) allocated_.resize(page + 1);
    if (allocated_[page]) return;
    allocated_[page] = true;
    *used_bytes_ += page_bytes;
}

void SimPages::release(std::uint64_t page) {
    if (page >= allocated_.size() || !allocated_[page]) return;
    allocated_[page] = false;
    DISGRAFS_ASSERT(*used_bytes_ >= page_bytes, "{} bytes in use", *used_bytes_);
    *used_bytes_ -= page_bytes;
}

/// A longer size that was not synced may be lost, whole or in part; a shorter one as a whole.
void SimPages::settle_size(SimFaults const& faults) {
    if (size_ == durable_size_ || !random_.happens(faults.lost_unsynced)) return;
    if (size_ > durable_size_ && random_.happens(0.5)) {
        size_ = durable_size_ + random_.below(size_ - durable_size_);
    } else {
        size_ = durable_size_;
    }
}

void SimPages::settle_pages(SimFaults const& faults, Tally const& tally) {
    std::set<std::uint64_t> settled;
    for (auto& layer : layers_ | std::views::reverse) {
        for (auto& [page, before] : layer.before) {
            if (settled.contains(page)) continue;
            if (settle_page(page, before, faults, tally)) settled.insert(page);
        }
    }
    for (auto& [page, before] : doomed_) {
        if (page >= pages_.size()) pages_.resize(page + 1);
        pages_[page] = std::move(before);
        tally("lost_page", page);
    }
}

/// True when something of the newer state stays: then the older layers do not matter.
bool SimPages::settle_page(
    std::uint64_t page, Held& before, SimFaults const& faults, Tally const& tally
) {
    if (page >= pages_.size()) pages_.resize(page + 1);
    if (random_.happens(faults.lost_unsynced)) {
        pages_[page] = std::move(before);
        tally("lost_page", page);
        return false;
    }
    if (random_.happens(faults.torn_page)) {
        auto const sectors = 1 + random_.below(page_bytes / sector_bytes - 1);
        Page torn = before ? *before : Page{};
        if (pages_[page]) {
            std::memcpy(torn.data(), pages_[page]->data(), sectors * sector_bytes);
        } else {
            std::memset(torn.data(), 0, sectors * sector_bytes);
        }
        pages_[page] = std::make_unique<Page>(torn);
        tally("torn_page", page);
        return true;
    }
    tally("kept_page", page);
    return true;
}

/// What lies beyond the end reads as zero should the file grow again.
void SimPages::cut_to_size() {
    auto const end = pages_of(size_);
    for (auto page = end; page < allocated_.size(); ++page) release(page);
    if (pages_.size() > end) pages_.resize(end);
    if (size_ % page_bytes == 0 || pages_.size() < end || !pages_.back()) return;
    auto const inside = size_ % page_bytes;
    std::memset(pages_.back()->data() + inside, 0, page_bytes - inside);
}

}  // namespace disgrafs
