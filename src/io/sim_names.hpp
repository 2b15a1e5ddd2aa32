#pragma once

/// \file io/sim_names.hpp  The folders of a simulated disk: names as they are seen, and as a crash
/// may leave them. Inside io/ only.
///
/// A name that was made, moved or removed is pending until its folder is synced (or until 5 s have
/// passed, as journals do). At a crash each pending change stays or is lost; one that is lost takes
/// later changes of the same names with it; a rename is one change.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "io/random.hpp"
#include "io/sim_pages.hpp"

namespace disgrafs {

struct SimFolder;

/// What a name stands for: a file, a folder, or (both null) nothing.
struct SimEntry {
    std::shared_ptr<SimPages> file;
    std::shared_ptr<SimFolder> folder;

    [[nodiscard]] bool is_nothing() const { return !file && !folder; }
};

struct SimFolder {
    std::map<std::string, SimEntry, std::less<>> seen;
    std::map<std::string, SimEntry, std::less<>> durable;
};

class SimNames {
 public:
    /// A name in a folder that exists, whether the name does or not.
    struct Place {
        std::shared_ptr<SimFolder> folder;
        std::string name;
    };

    /// Errors: not_found.
    [[nodiscard]] Result<SimEntry> find(std::string_view path) const;
    /// Errors: not_found (no parent), invalid (the disk's folder itself).
    [[nodiscard]] Result<Place> place(std::string_view path) const;
    [[nodiscard]] static SimEntry at(Place const& place);

    void set(Place const& place, SimEntry entry, Duration now);
    void move(Place const& from, Place const& to, Duration now);

    /// The number of the last change so far; settle() makes what a folder had until then durable.
    [[nodiscard]] std::uint64_t last_change() const { return changes_; }
    void settle(std::set<SimFolder const*> const& folders, std::uint64_t until_change);
    /// Returns how many changes were lost.
    std::size_t crash(Random& random, double lost);

    using Visit =
        std::function<void(std::string const& path, std::shared_ptr<SimPages> const& file)>;
    void for_each_file(Visit const& visit) const;

 private:
    struct Step {
        Place place;
        SimEntry entry;
    };
    struct Change {
        std::uint64_t number = 0;
        Duration when{};
        std::vector<Step> steps;
    };

    void apply(std::vector<Step> steps, Duration now);
    static void commit(Change const& change);

    std::shared_ptr<SimFolder> root_ = std::make_shared<SimFolder>();
    std::deque<Change> pending_;
    std::uint64_t changes_ = 0;
};

}  // namespace disgrafs
