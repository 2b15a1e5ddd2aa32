#pragma once

/// \file io/sim_pages.hpp  The content of one simulated file: what a reader sees, and what a crash
/// may leave of it. Inside io/ only.
///
/// Content is pages of 4 KiB. Layers remember, oldest first, what each page held before it was
/// changed. The last layer is open; begin_sync() closes it, and end_sync() forgets it and those
/// below: what was written before the sync began is durable, what was written while it ran is not.
///
///     durable ── closed layer (a sync is under way) ── open layer ── what a reader sees
///
/// At a crash each changed page falls back to an older layer's, or stays, or is torn between the
/// two.

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "io/random.hpp"
#include "io/sim_world.hpp"

namespace disgrafs {

class SimPages {
 public:
    static constexpr std::size_t page_bytes = 4096;
    static constexpr std::size_t sector_bytes = 512;
    using Tally = std::function<void(std::string_view what, std::uint64_t page)>;

    /// `used_bytes`: the account of the disk, kept up to date.
    SimPages(std::shared_ptr<std::uint64_t> used_bytes, Random& random)
        : used_bytes_(std::move(used_bytes)), random_(random) {}
    ~SimPages();
    SimPages(SimPages const&) = delete;
    SimPages& operator=(SimPages const&) = delete;

    /// Bytes of disk that a write to this range would newly take.
    [[nodiscard]] std::uint64_t cost(std::uint64_t offset, std::uint64_t size) const;
    void write(std::uint64_t offset, ByteView bytes);
    void zero(std::uint64_t offset, std::uint64_t size);  ///< Whole pages go back to the disk.
    void reserve(std::uint64_t size);
    void resize(std::uint64_t size);
    void flip_bit(std::uint64_t offset, unsigned bit);  ///< In what is seen; the size stays.

    std::uint64_t begin_sync();
    void end_sync(std::uint64_t layer);
    /// Each page of the sync is safe or doomed: seen until the next crash, whatever is synced
    /// later.
    void fail_sync(std::uint64_t layer);
    void crash(SimFaults const& faults, Tally const& tally);

    [[nodiscard]] Bytes read(std::uint64_t offset, std::size_t size) const;
    [[nodiscard]] std::uint64_t size() const { return size_; }
    /// Pages that hold something, for choosing one; each less than size() / 4096, rounded up.
    [[nodiscard]] std::vector<std::uint64_t> held_pages() const;

 private:
    using Page = std::array<std::byte, page_bytes>;
    using Held = std::unique_ptr<Page>;  ///< Null: all zero.

    struct Layer {
        std::uint64_t number = 0;
        std::map<std::uint64_t, Held> before;  ///< What a page held when the layer was opened.
        std::uint64_t size_at_close = 0;
        bool is_open = true;
    };

    Layer& open_layer();
    enum class Part : std::uint8_t { some, whole };
    void remember(std::uint64_t page, Part part);
    Page& change(std::uint64_t page, Part part);
    void change_range(std::uint64_t offset, std::uint64_t size, std::byte const* from);
    void allocate(std::uint64_t page);
    void release(std::uint64_t page);
    void settle_size(SimFaults const& faults);
    void settle_pages(SimFaults const& faults, Tally const& tally);
    bool settle_page(std::uint64_t page, Held& before, SimFaults const& faults, Tally const& tally);
    void cut_to_size();

    std::shared_ptr<std::uint64_t> used_bytes_;
    Random& random_;
    std::vector<Held> pages_;
    std::vector<bool> allocated_;
    std::deque<Layer> layers_;
    std::map<std::uint64_t, Held> doomed_;
    std::uint64_t layer_count_ = 0;
    std::uint64_t size_ = 0;
    std::uint64_t durable_size_ = 0;
};

}  // namespace disgrafs
