#include "cluster/healing/margins.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace disgrafs::cluster {

void Margins::forget(UploadId upload) {
    auto const found = uploads_.find(upload);
    if (found == uploads_.end()) return;
    for (auto const& place : found->second) drop(place.of_class);
    uploads_.erase(found);
}

void Margins::set(StripeId id, StripeRow const& row) {
    auto const found = uploads_.find(id.upload);
    if (found == uploads_.end()) return;
    auto& places = found->second;
    auto at = std::ranges::lower_bound(places, id.stripe, {}, &Place::stripe);
    auto const fresh = class_of(row);
    if (at != places.end() && at->stripe == id.stripe) {
        drop(at->of_class);
        at->of_class = fresh;
    } else {
        places.insert(at, {.stripe = id.stripe, .of_class = fresh});
    }
}

void Margins::set_reachable(MemberId node, bool is_reachable) {
    bool const was_reachable = reachable_.contains(node);
    if (was_reachable == is_reachable) return;
    if (is_reachable) {
        reachable_.insert(node);
    } else {
        reachable_.erase(node);
    }
    for (auto& one : classes_) {
        auto const shards = std::ranges::count(one.nodes, node);
        one.reachable += static_cast<int>(is_reachable ? shards : -shards);
    }
}

std::optional<int> Margins::margin_of(StripeId id) const {
    auto const found = uploads_.find(id.upload);
    if (found == uploads_.end()) return std::nullopt;
    auto const at = std::ranges::lower_bound(found->second, id.stripe, {}, &Place::stripe);
    if (at == found->second.end() || at->stripe != id.stripe) return std::nullopt;
    return margin_of(at->of_class);
}

std::map<int, std::uint64_t> Margins::by_margin() const {
    std::map<int, std::uint64_t> counts;
    for (std::uint32_t index = 0; index < classes_.size(); ++index) {
        if (classes_[index].stripes > 0) counts[margin_of(index)] += classes_[index].stripes;
    }
    return counts;
}

std::uint64_t Margins::violations() const {
    std::uint64_t count = 0;
    for (auto const& one : classes_) {
        auto const twice = std::ranges::adjacent_find(one.nodes);
        if (twice != one.nodes.end()) count += one.stripes;
    }
    return count;
}

Margins::Risk Margins::risk() const {
    Risk risk;
    auto const counts = by_margin();
    if (counts.empty() || counts.begin()->first > 0) return risk;
    for (auto const& [upload, places] : uploads_) {
        int worst = 1;
        for (auto const& place : places) worst = std::min(worst, margin_of(place.of_class));
        risk.at_risk += worst == 0 ? 1 : 0;
        risk.lost += worst < 0 ? 1 : 0;
    }
    return risk;
}

void Margins::each_on(MemberId node, std::function<void(StripeId)> const& visit) const {
    std::vector<bool> has_node(classes_.size());
    for (std::size_t index = 0; index < classes_.size(); ++index) {
        has_node[index] = std::ranges::binary_search(classes_[index].nodes, node);
    }
    for (auto const& [upload, places] : uploads_) {
        for (auto const& place : places) {
            if (has_node[place.of_class]) visit({.upload = upload, .stripe = place.stripe});
        }
    }
}

void Margins::clear() {
    classes_.clear();
    free_classes_.clear();
    class_by_key_.clear();
    uploads_.clear();
    stripes_ = 0;
}

// Counts the stripe in.
std::uint32_t Margins::class_of(StripeRow const& row) {
    Class fresh{.k = row.layout.k, .nodes = {}, .reachable = 0, .stripes = 1};
    for (auto const node : row.nodes) {
        if (node.value == 0) continue;
        fresh.nodes.push_back(node);
        fresh.reachable += reachable_.contains(node) ? 1 : 0;
    }
    std::ranges::sort(fresh.nodes);
    std::vector<std::uint64_t> key{row.layout.k};
    for (auto const node : fresh.nodes) key.push_back(node.value);
    stripes_ += 1;
    auto const found = class_by_key_.find(key);
    if (found != class_by_key_.end()) {
        classes_[found->second].stripes += 1;
        return found->second;
    }
    std::uint32_t index = 0;
    if (free_classes_.empty()) {
        index = static_cast<std::uint32_t>(classes_.size());
        classes_.push_back(std::move(fresh));
    } else {
        index = free_classes_.back();
        free_classes_.pop_back();
        classes_[index] = std::move(fresh);
    }
    class_by_key_.emplace(std::move(key), index);
    return index;
}

void Margins::drop(std::uint32_t of_class) {
    auto& one = classes_[of_class];
    DISGRAFS_ASSERT(one.stripes > 0 && stripes_ > 0, "class {} has no stripes", of_class);
    stripes_ -= 1;
    one.stripes -= 1;
    if (one.stripes > 0) return;
    std::vector<std::uint64_t> key{static_cast<std::uint64_t>(one.k)};
    for (auto const node : one.nodes) key.push_back(node.value);
    class_by_key_.erase(key);
    one.nodes.clear();
    free_classes_.push_back(of_class);
}

int Margins::margin_of(std::uint32_t of_class) const {
    return classes_[of_class].reachable - classes_[of_class].k;
}

}  // namespace disgrafs::cluster
