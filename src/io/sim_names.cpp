#include "io/sim_names.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <ranges>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "io/random.hpp"

namespace disgrafs {
namespace {

constexpr Duration journal_period = std::chrono::seconds(5);
using NameKey = std::pair<SimFolder const*, std::string>;

std::vector<std::string_view> parts_of(std::string_view path) {
    auto parts = split(path, '/');
    std::erase(parts, ".");
    return parts;
}

void put(
    std::map<std::string, SimEntry, std::less<>>& names, std::string const& name, SimEntry entry
) {
    if (entry.is_nothing()) {
        names.erase(name);
    } else {
        names[name] = std::move(entry);
    }
}

void visit_files(SimFolder const& folder, std::string const& prefix, SimNames::Visit const& visit) {
    for (auto const& [name, entry] : folder.seen) {
        if (entry.file) visit(prefix + name, entry.file);
        if (entry.folder) visit_files(*entry.folder, prefix + name + "/", visit);
    }
}

}  // namespace

Result<SimEntry> SimNames::find(std::string_view path) const {
    SimEntry entry{.file = nullptr, .folder = root_};
    for (auto const part : parts_of(path)) {
        if (!entry.folder) return fail(Errc::not_found, "{}: a file stands in the way", path);
        auto const next = entry.folder->seen.find(part);
        if (next == entry.folder->seen.end())
            return fail(Errc::not_found, "{}: no such name", path);
        entry = next->second;
    }
    return entry;
}

Result<SimNames::Place> SimNames::place(std::string_view path) const {
    auto const parts = parts_of(path);
    if (parts.empty()) return fail(Errc::invalid, "\"{}\" is the folder of the disk", path);
    auto folder = root_;
    for (auto const part : parts | std::views::take(parts.size() - 1)) {
        auto const next = folder->seen.find(part);
        if (next == folder->seen.end() || !next->second.folder) {
            return fail(Errc::not_found, "{}: no such folder", path);
        }
        folder = next->second.folder;
    }
    return Place{.folder = folder, .name = std::string(parts.back())};
}

SimEntry SimNames::at(Place const& place) {
    auto const entry = place.folder->seen.find(place.name);
    return entry == place.folder->seen.end() ? SimEntry{} : entry->second;
}

void SimNames::set(Place const& place, SimEntry entry, Duration now) {
    std::vector<Step> steps;
    steps.push_back({.place = place, .entry = std::move(entry)});
    apply(std::move(steps), now);
}

void SimNames::move(Place const& from, Place const& to, Duration now) {
    std::vector<Step> steps;
    auto const entry = at(from);
    steps.push_back({.place = from, .entry = {}});
    steps.push_back({.place = to, .entry = entry});
    apply(std::move(steps), now);
}

void SimNames::apply(std::vector<Step> steps, Duration now) {
    while (!pending_.empty() && pending_.front().when + journal_period < now) {
        commit(pending_.front());
        pending_.pop_front();
    }
    for (auto const& step : steps) put(step.place.folder->seen, step.place.name, step.entry);
    pending_.push_back({.number = ++changes_, .when = now, .steps = std::move(steps)});
}

void SimNames::commit(Change const& change) {
    for (auto const& step : change.steps) {
        put(step.place.folder->durable, step.place.name, step.entry);
    }
}

void SimNames::settle(std::set<SimFolder const*> const& folders, std::uint64_t until_change) {
    // From the newest back: a change of a synced folder needs the earlier ones of its names.
    std::set<NameKey> needed;
    std::set<std::uint64_t> settled;
    for (auto const& change : pending_ | std::views::reverse) {
        if (change.number > until_change) continue;
        auto const is_needed = [&](Step const& step) {
            return folders.contains(step.place.folder.get()) ||
                   needed.contains(NameKey(step.place.folder.get(), step.place.name));
        };
        if (!std::ranges::any_of(change.steps, is_needed)) continue;
        settled.insert(change.number);
        for (auto const& step : change.steps) {
            needed.emplace(step.place.folder.get(), step.place.name);
        }
    }
    for (auto const& change : pending_) {
        if (settled.contains(change.number)) commit(change);
    }
    std::erase_if(pending_, [&](Change const& change) { return settled.contains(change.number); });
}

std::size_t SimNames::crash(Random& random, double lost) {
    std::set<NameKey> lost_names;
    std::set<SimFolder*> touched;
    std::size_t lost_count = 0;
    for (auto const& change : pending_) {
        auto const is_built_on_lost = [&](Step const& step) {
            return lost_names.contains(NameKey(step.place.folder.get(), step.place.name));
        };
        bool is_lost = std::ranges::any_of(change.steps, is_built_on_lost);
        is_lost = is_lost || random.happens(lost);
        if (!is_lost) commit(change);
        for (auto const& step : change.steps) {
            touched.insert(step.place.folder.get());
            if (is_lost) lost_names.emplace(step.place.folder.get(), step.place.name);
        }
        lost_count += is_lost ? 1 : 0;
    }
    for (auto* const folder : touched) folder->seen = folder->durable;
    pending_.clear();
    return lost_count;
}

void SimNames::for_each_file(Visit const& visit) const { visit_files(*root_, "", visit); }

}  // namespace disgrafs
