#include "cluster/cluster_impl.hpp"

#include <utility>

#include "base/assert.hpp"
#include "base/metrics.hpp"
#include "cluster/members/capacity.hpp"
#include "cluster/members/joins.hpp"

namespace disgrafs::cluster {

ClusterImpl::ClusterImpl(ClusterParts parts, ClusterOptions options)
    : parts_(std::move(parts)),
      options_(options),
      registry_(*parts_.store, *parts_.clock, *parts_.random, parts_.executor),
      uploads_(*parts_.store, *parts_.clock, *parts_.random, parts_.executor),
      damage_(*parts_.store, *parts_.clock, parts_.executor),
      one_join_(parts_.executor, 1),
      loops_(parts_.executor),
      stopped_(parts_.executor) {}

Task<void> ClusterImpl::open() {
    CO_TRY_OK(co_await registry_.load());
    members_ = std::make_unique<Members>(registry_, *parts_.clock, options_);
    sessions_ = std::make_unique<Sessions>(
        *members_, *parts_.clock, *parts_.random, parts_.executor, options_.lease
    );
    calls_ = std::make_unique<NodeCalls>(*members_, *parts_.clock, parts_.connect);
    CO_TRY_OK(co_await uploads_.open());
    make_contents();
    listening_ = members_->listen([this](Member const& member) {
        bool const takes_calls = member.role == wire::Role::storage;
        if (takes_calls && member.state == MemberState::up) calls_->expect(member.id);
        healing_->member_changed(member);
        tell({.kind = ClusterEvent::Kind::member_changed, .member = member, .repair = {}});
    });
    on_collect([this, alive = std::weak_ptr(alive_)] {
        if (alive.expired()) return;
        auto const now = status();
        member_gauges_.set(now.members);
        set_gauges(now, *healing_);
    });
    co_return Result<void>();
}

void ClusterImpl::make_contents() {
    StripeReadParts read{
        .calls = calls_.get(),
        .cpu = parts_.cpu,
        .executor = parts_.executor,
        .on_bad = [this](BadShard bad) { damage_.report(bad); },
    };
    ContentsParts contents{
        .store = parts_.store,
        .clock = parts_.clock,
        .cpu = parts_.cpu,
        .executor = parts_.executor,
        .members = members_.get(),
        .calls = calls_.get(),
        .uploads = &uploads_,
        .read = std::move(read),
    };
    contents_ = std::make_unique<StoredContents>(std::move(contents), options_);
    HealingParts healing{
        .store = parts_.store,
        .clock = parts_.clock,
        .executor = parts_.executor,
        .calls = calls_.get(),
        .uploads = &uploads_,
        .contents = contents_.get(),
        .damage = &damage_,
        .on_progress =
            [this](RepairStatus const&) {
                tell(
                    {.kind = ClusterEvent::Kind::repair_progress,
                     .member = {},
                     .repair = healing_->repair_status()}
                );
            },
    };
    healing_ = std::make_unique<Healing>(std::move(healing), options_);
}

ClusterStatus ClusterImpl::status() const {
    ClusterStatus status;
    status.cluster_id = registry_.identity().cluster_id;
    status.epoch = registry_.epoch();
    status.members = members_->all();
    status.capacity_bytes = capacity_of(status.members);
    status.used_bytes = used_by(status.members);
    auto const layout = layout_now(SizeClass::large, members_->count(), {});
    status.can_write = layout.has_value();
    if (layout) status.write_layout = *layout;
    status.stripes_total = healing_->margins().stripes();
    status.stripes_by_margin = healing_->margins().by_margin();
    status.repair = healing_->repair_status();
    auto const& margins = status.stripes_by_margin;
    status.can_read_all = healing_->is_loaded() && (margins.empty() || margins.begin()->first >= 0);
    return status;
}

std::shared_ptr<void> ClusterImpl::listen(std::function<void(ClusterEvent const&)> listener) {
    auto const number = next_listener_++;
    listeners_.emplace(number, std::move(listener));
    auto const forget = [this, number, alive = std::weak_ptr(alive_)](void*) {
        if (!alive.expired()) listeners_.erase(number);
    };
    return {static_cast<void*>(this), forget};
}

Task<wire::JoinAnswer> ClusterImpl::join(wire::JoinRequest request) {
    CO_TRY(auto const turn, co_await one_join_.acquire());
    co_return co_await join_member(*members_, *parts_.random, std::move(request));
}

Task<void> ClusterImpl::serve_member(wire::WebSocket& socket, MemberId id) {
    return sessions_->serve(socket, id);
}

Result<wire::Key> ClusterImpl::key_of(MemberId id) const {
    auto const* const row = registry_.find(id);
    if (row == nullptr) return fail(Errc::not_found, "no member {}", id.value);
    return row->key;
}

std::string ClusterImpl::join_token() const { return registry_.identity().join_token; }

bool ClusterImpl::order(MemberId id, std::string json) {
    return sessions_->order(id, std::move(json));
}

Task<void> ClusterImpl::run() {
    loops_.spawn("member states", members_->run());
    loops_.spawn("late writes", contents_->run_late_writes());
    loops_.spawn("late reads", contents_->run_late_reads());
    healing_->start(loops_);
    while (!is_stopped_) CO_TRY_OK(co_await stopped_.wait());
    co_return Result<void>();
}

Task<void> ClusterImpl::stop() {
    is_stopped_ = true;
    CO_TRY_OK(co_await sessions_->stop());
    CO_TRY_OK(co_await healing_->stop());
    CO_TRY_OK(co_await loops_.stop());
    CO_TRY_OK(co_await contents_->stop());
    CO_TRY_OK(co_await damage_.stop());
    CO_TRY_OK(co_await uploads_.stop());
    stopped_.notify();
    co_return Result<void>();
}

void ClusterImpl::tell(ClusterEvent const& event) {
    auto const listeners = listeners_;  // One may come or go while another is called.
    for (auto const& [number, listener] : listeners) {
        if (listeners_.contains(number)) listener(event);
    }
}

Task<std::unique_ptr<Cluster>> open_cluster(ClusterParts parts, ClusterOptions options) {
    DISGRAFS_ASSERT(
        parts.store != nullptr && parts.clock != nullptr && parts.random != nullptr &&
            parts.cpu != nullptr && parts.connect,
        "a part of the cluster is missing"
    );
    auto cluster = std::make_unique<ClusterImpl>(std::move(parts), options);
    CO_TRY_OK(co_await cluster->open());
    std::unique_ptr<Cluster> opened = std::move(cluster);
    co_return opened;
}

}  // namespace disgrafs::cluster
