#pragma once

/// \file storage/id_gates.hpp  One at a time per shard: what writes a shard waits for who came
/// before.
///
/// Concurrency: one event loop.

#include <memory>
#include <unordered_map>

#include "base/ids.hpp"
#include "io/task.hpp"
#include "io/wake.hpp"

namespace disgrafs::storage {

class IdGates {
 public:
    explicit IdGates(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}

    /// The shard is the caller's until what is returned dies; that must not outlive this.
    /// Errors: cancelled.
    Task<std::shared_ptr<void>> enter(ShardId id) {
        while (true) {
            auto const busy = busy_.find(id);
            if (busy == busy_.end()) break;
            auto const wake = busy->second;
            CO_TRY_OK(co_await wake->wait());
        }
        busy_.emplace(id, std::make_shared<Wake>(executor_));
        auto const leave = [this, id](void*) {
            auto node = busy_.extract(id);
            node.mapped()->notify();
        };
        co_return std::shared_ptr<void>(nullptr, leave);
    }

 private:
    boost::asio::any_io_executor executor_;
    std::unordered_map<ShardId, std::shared_ptr<Wake>> busy_;
};

}  // namespace disgrafs::storage
