#include "cluster/healing/repair_queue.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace disgrafs::cluster {

void RepairQueue::add(StripeId id, RepairRow const& row) {
    auto const [at, is_new] = stripes_.try_emplace(id);
    auto& job = at->second;
    if (is_new) {
        job.since = row.since;
    } else {
        dequeue(id, job);
    }
    // More is known about it now: a job that was set aside is worth another look.
    if (job.state == State::aside) job.state = State::ready;
    enqueue(id, job);
}

void RepairQueue::remove(StripeId id) {
    auto const found = stripes_.find(id);
    if (found == stripes_.end()) return;
    dequeue(id, found->second);
    taken_ -= found->second.state == State::taken ? 1 : 0;
    stripes_.erase(found);
}

void RepairQueue::add(ContentId id, RepairRow const& row) {
    auto& job = contents_[id];
    if (job.state == State::taken) return;
    job.state = State::ready;
    job.since = row.since;
    ready_contents_.insert(id);
}

void RepairQueue::remove(ContentId id) {
    auto const found = contents_.find(id);
    if (found == contents_.end()) return;
    ready_contents_.erase(id);
    taken_ -= found->second.state == State::taken ? 1 : 0;
    contents_.erase(found);
}

void RepairQueue::clear() {
    stripes_.clear();
    ready_stripes_.clear();
    by_margin_.clear();
    contents_.clear();
    ready_contents_.clear();
    taken_ = 0;
}

std::optional<StripeId> RepairQueue::take_stripe() {
    if (ready_stripes_.empty()) return std::nullopt;
    auto const id = *ready_stripes_.begin()->second.begin();
    auto& job = stripes_.at(id);
    dequeue(id, job);
    job.state = State::taken;
    enqueue(id, job);
    taken_ += 1;
    return id;
}

std::optional<ContentId> RepairQueue::take_content() {
    if (ready_contents_.empty()) return std::nullopt;
    auto const id = *ready_contents_.begin();
    ready_contents_.erase(ready_contents_.begin());
    contents_.at(id).state = State::taken;
    taken_ += 1;
    return id;
}

void RepairQueue::put_back(StripeId id) {
    auto const found = stripes_.find(id);
    if (found == stripes_.end() || found->second.state != State::taken) return;
    taken_ -= 1;
    dequeue(id, found->second);
    found->second.state = State::ready;
    enqueue(id, found->second);
}

void RepairQueue::put_back(ContentId id) {
    auto const found = contents_.find(id);
    if (found == contents_.end() || found->second.state != State::taken) return;
    taken_ -= 1;
    found->second.state = State::ready;
    ready_contents_.insert(id);
}

void RepairQueue::set_aside(StripeId id, std::string why) {
    auto const found = stripes_.find(id);
    if (found == stripes_.end() || found->second.state != State::taken) return;
    taken_ -= 1;
    found->second.state = State::aside;
    why_ = std::move(why);
}

void RepairQueue::set_aside(ContentId id, std::string why) {
    auto const found = contents_.find(id);
    if (found == contents_.end() || found->second.state != State::taken) return;
    taken_ -= 1;
    found->second.state = State::aside;
    why_ = std::move(why);
}

void RepairQueue::refresh(StripeId id) {
    auto const found = stripes_.find(id);
    if (found == stripes_.end()) return;
    dequeue(id, found->second);
    enqueue(id, found->second);
}

void RepairQueue::reorder() {
    ready_stripes_.clear();
    by_margin_.clear();
    for (auto& [id, job] : stripes_) {
        if (job.state == State::aside) job.state = State::ready;
        enqueue(id, job);
    }
    for (auto& [id, job] : contents_) {
        if (job.state == State::taken) continue;
        job.state = State::ready;
        ready_contents_.insert(id);
    }
}

bool RepairQueue::is_waiting(StripeId id) const {
    auto const found = stripes_.find(id);
    return found != stripes_.end() && found->second.state != State::taken;
}

bool RepairQueue::is_stuck() const {
    bool const has_jobs = !stripes_.empty() || !contents_.empty();
    return has_jobs && taken_ == 0 && ready_stripes_.empty() && ready_contents_.empty();
}

std::optional<Timestamp> RepairQueue::oldest() const {
    std::optional<Timestamp> oldest;
    for (auto const& [id, job] : stripes_) {
        if (!oldest || job.since < *oldest) oldest = job.since;
    }
    return oldest;
}

// Counts the job under its margin of now; ready ones also stand in line.
void RepairQueue::enqueue(StripeId id, Job& job) {
    job.margin = margin_of_(id).value_or(1);
    by_margin_[job.margin] += 1;
    if (job.state == State::ready) ready_stripes_[job.margin].insert(id);
}

void RepairQueue::dequeue(StripeId id, Job const& job) {
    if (--by_margin_[job.margin] == 0) by_margin_.erase(job.margin);
    auto const line = ready_stripes_.find(job.margin);
    if (line == ready_stripes_.end()) return;
    line->second.erase(id);
    if (line->second.empty()) ready_stripes_.erase(line);
}

}  // namespace disgrafs::cluster
