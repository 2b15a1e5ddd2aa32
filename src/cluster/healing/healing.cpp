#include "cluster/healing/healing.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"

namespace disgrafs::cluster {

Healing::Healing(HealingParts parts, ClusterOptions const& options)
    : parts_(std::move(parts)),
      queue_([this](StripeId id) { return margins_.margin_of(id); }),
      budget_bytes_(std::max<std::size_t>(options.buffer_bytes_max * 3 / 16, 1)),
      budget_(parts_.executor, budget_bytes_),
      stripes_({
          .store = parts_.store,
          .clock = parts_.clock,
          .calls = parts_.calls,
          .reader = &parts_.contents->reader(),
          .uploads = parts_.uploads,
          .locks = &locks_,
      }),
      reencode_({
          .upload = parts_.contents->upload_parts(),
          .uploads = parts_.uploads,
          .contents = parts_.contents,
          .budget = &budget_,
          .budget_bytes = budget_bytes_,
      }),
      repair_({
          .store = parts_.store,
          .clock = parts_.clock,
          .executor = parts_.executor,
          .members = &parts_.calls->members(),
          .margins = &margins_,
          .queue = &queue_,
          .stripes = &stripes_,
          .contents = &reencode_,
          .budget = &budget_,
          .budget_bytes = budget_bytes_,
          .bytes_per_s = options.repair_bytes_per_s,
          .on_progress = parts_.on_progress,
      }),
      follower_({
          .store = parts_.store,
          .clock = parts_.clock,
          .uploads = parts_.uploads,
          .manifests = &parts_.contents->manifests(),
          .margins = &margins_,
          .queue = &queue_,
          .on_change = [this] { repair_.wake(); },
          .on_loaded = [this] { loaded(); },
      }),
      inventory_({
          .store = parts_.store,
          .clock = parts_.clock,
          .calls = parts_.calls,
          .uploads = parts_.uploads,
          .damage = parts_.damage,
          .locks = &locks_,
          .quarantine = options.quarantine,
          .every = options.inventory_every,
      }),
      garbage_({
          .store = parts_.store,
          .clock = parts_.clock,
          .executor = parts_.executor,
          .calls = parts_.calls,
          .uploads = parts_.uploads,
          .options = options,
      }) {}

void Healing::start(TaskGroup& loops) {
    for (auto const& member : parts_.calls->members().all()) member_changed(member);
    loops.spawn("follower of the cluster", follower_.run());
    loops.spawn("repair", repair_.run());
    loops.spawn("repair progress", repair_.run_progress());
    loops.spawn("inventory", inventory_.run());
    loops.spawn("garbage", garbage_.run());
}

Task<void> Healing::stop() {
    garbage_.stop();
    co_return co_await repair_.stop();
}

// An old copy of a disk counts only when it was compared with the manifests.
void Healing::member_changed(Member const& member) {
    if (member.role != wire::Role::storage) return;
    bool const is_up = member.state == MemberState::up;
    margins_.set_reachable(member.id, is_up && !parts_.calls->members().went_back(member.id));
    repair_.members_changed();
    bool const is_lost = member.state == MemberState::out;
    if (is_lost && follower_.is_loaded()) repair_.give_up(member.id);
}

RepairStatus Healing::repair_status() const {
    auto status = repair_.status();
    auto const& members = parts_.calls->members();
    bool const waits = status.queued_stripes + status.queued_contents > 0;
    if (waits && !status.waits_for.empty() && members.is_mass_outage()) {
        status.waits_for += "; many storage nodes are away at once, so none is given up";
    }
    return status;
}

void Healing::loaded() {
    LOG_INFO(
        "the state of all stripes is known",
        kv("contents", margins_.uploads()),
        kv("stripes", margins_.stripes()),
        kv("queued", queue_.stripes() + queue_.contents())
    );
    for (auto const& member : parts_.calls->members().all()) {
        if (member.state == MemberState::out) repair_.give_up(member.id);
    }
    repair_.members_changed();
}

}  // namespace disgrafs::cluster
