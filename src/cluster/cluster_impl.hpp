#pragma once

/// \file cluster/cluster_impl.hpp  The parts of the cluster in build order, and who is told what.

#include <map>
#include <memory>

#include "cluster/cluster.hpp"
#include "cluster/content/node_calls.hpp"
#include "cluster/content/stored_contents.hpp"
#include "cluster/gauges.hpp"
#include "cluster/healing/damage.hpp"
#include "cluster/healing/healing.hpp"
#include "cluster/members/members.hpp"
#include "cluster/members/registry.hpp"
#include "cluster/members/session.hpp"
#include "io/task_group.hpp"

namespace disgrafs::cluster {

class ClusterImpl final : public Cluster {
 public:
    ClusterImpl(ClusterParts parts, ClusterOptions options);

    /// Loads what the store has; once, before everything else.
    Task<void> open();

    Contents& contents() override { return *contents_; }
    [[nodiscard]] ClusterStatus status() const override;
    std::shared_ptr<void> listen(std::function<void(ClusterEvent const&)> listener) override;

    Task<wire::JoinAnswer> join(wire::JoinRequest request) override;
    Task<void> serve_member(wire::WebSocket& socket, MemberId id) override;
    Result<wire::Key> key_of(MemberId id) const override;
    [[nodiscard]] std::string join_token() const override;
    bool order(MemberId id, std::string json) override;

    Task<void> run() override;
    Task<void> stop() override;

    Healing& healing() { return *healing_; }

 private:
    void tell(ClusterEvent const& event);
    void make_contents();

    ClusterParts parts_;
    ClusterOptions options_;
    Registry registry_;
    std::unique_ptr<Members> members_;
    std::unique_ptr<Sessions> sessions_;
    std::unique_ptr<NodeCalls> calls_;
    Uploads uploads_;
    Damage damage_;
    std::unique_ptr<StoredContents> contents_;
    std::unique_ptr<Healing> healing_;
    Semaphore one_join_;
    std::map<std::uint64_t, std::function<void(ClusterEvent const&)>> listeners_;
    std::uint64_t next_listener_ = 0;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
    std::shared_ptr<void> listening_;
    TaskGroup loops_;
    Wake stopped_;
    bool is_stopped_ = false;
    MemberGauges member_gauges_;
};

}  // namespace disgrafs::cluster
