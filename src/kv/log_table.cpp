#include "kv/log_table.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"

namespace disgrafs::kv {
namespace {

constexpr std::size_t scan_entries_max = 10'000;
constexpr std::size_t scan_bytes_max = 4U << 20U;

}  // namespace

void LogTable::write(Write const& write, Revision revision) {
    auto const at = keys_.try_emplace(write.key).first;
    at->second.push_back({.revision = revision, .value = write.value});
    if (prune(at->second)) {
        keys_.erase(at);
        crowded_.erase(write.key);
    } else if (at->second.size() > 1 || !at->second.back().value) {
        crowded_.insert(write.key);
    }
}

std::optional<Entry> LogTable::get(std::string const& key, Revision at) const {
    auto const found = keys_.find(key);
    if (found == keys_.end()) return std::nullopt;
    auto const* version = visible(found->second, at);
    if (version == nullptr) return std::nullopt;
    return Entry{.key = key, .value = *version->value, .revision = version->revision};
}

Page LogTable::scan(Range const& range, std::size_t limit, Revision at) const {
    limit = std::clamp<std::size_t>(limit, 1, scan_entries_max);
    Page page;
    std::size_t bytes = 0;
    for (auto each = keys_.lower_bound(range.first); each != keys_.end(); ++each) {
        if (!range.last.empty() && each->first >= range.last) break;
        auto const* version = visible(each->second, at);
        if (version == nullptr) continue;
        if (page.entries.size() >= limit || bytes >= scan_bytes_max) {
            page.more = true;
            break;
        }
        bytes += each->first.size() + version->value->size();
        page.entries.push_back({each->first, *version->value, version->revision});
    }
    return page;
}

Revision LogTable::revision_of(std::string const& key) const {
    auto const found = keys_.find(key);
    if (found == keys_.end() || !found->second.back().value) return 0;
    return found->second.back().revision;
}

std::vector<Entry> LogTable::entries() const {
    std::vector<Entry> entries;
    for (auto const& [key, versions] : keys_) {
        auto const& newest = versions.back();
        if (newest.value) entries.push_back({key, *newest.value, newest.revision});
    }
    return entries;
}

void LogTable::pin(Revision at) { pins_.insert(at); }

void LogTable::unpin(Revision at) {
    auto const pinned = pins_.find(at);
    DISGRAFS_ASSERT(pinned != pins_.end(), "revision {} is not pinned", at);
    pins_.erase(pinned);
    if (pins_.contains(at)) return;
    for (auto key = crowded_.begin(); key != crowded_.end();) {
        auto const found = keys_.find(*key);
        auto const is_gone = prune(found->second);
        auto const is_plain = is_gone || (found->second.size() == 1 && found->second[0].value);
        if (is_gone) keys_.erase(found);
        key = is_plain ? crowded_.erase(key) : std::next(key);
    }
}

LogTable::Version const* LogTable::visible(Versions const& versions, Revision at) {
    auto const after = std::ranges::upper_bound(versions, at, {}, &Version::revision);
    if (after == versions.begin()) return nullptr;
    auto const& version = *std::prev(after);
    return version.value ? &version : nullptr;
}

/// A version is seen by the pins from its own revision up to the next version's.
bool LogTable::prune(Versions& versions) const {
    Versions kept;
    for (std::size_t i = 0; i + 1 < versions.size(); ++i) {
        auto const pin = pins_.lower_bound(versions[i].revision);
        auto const is_seen = pin != pins_.end() && *pin < versions[i + 1].revision;
        if (is_seen) kept.push_back(std::move(versions[i]));
    }
    kept.push_back(std::move(versions.back()));
    versions = std::move(kept);
    return versions.size() == 1 && !versions.front().value;
}

}  // namespace disgrafs::kv
