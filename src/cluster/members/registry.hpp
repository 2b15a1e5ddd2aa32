#pragma once

/// \file cluster/members/registry.hpp  Who belongs to the cluster: durable, and numbered by epoch.
///
/// Every change is one commit that also raises the epoch; changes queue. What is in memory was
/// committed before.
///
/// Concurrency: one event loop.

#include <functional>
#include <map>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "cluster/members/member_rows.hpp"
#include "io/clock.hpp"
#include "io/random.hpp"
#include "io/task.hpp"
#include "io/wake.hpp"
#include "kv/store.hpp"

namespace disgrafs::cluster {

class Registry {
 public:
    Registry(kv::Store& store, Clock& clock, Random& random, boost::asio::any_io_executor executor);

    /// Reads everything; on the first start makes cluster id and join token. Errors: corrupt, io.
    Task<void> load();

    /// A new member under the next free id, with a new key. `row` has the rest.
    Task<MemberRow> add(MemberRow row);
    /// Replace the row of a member. Errors: not_found, those of the store.
    Task<void> change(MemberRow row);

    [[nodiscard]] IdentityRow const& identity() const { return identity_; }
    [[nodiscard]] std::uint64_t epoch() const { return map_.epoch; }
    [[nodiscard]] std::map<MemberId, MemberRow> const& rows() const { return rows_; }
    [[nodiscard]] MemberRow const* find(MemberId id) const;
    [[nodiscard]] MemberRow const* find_disk(std::string_view disk_id) const;
    [[nodiscard]] MemberRow const* find_name(std::string_view name) const;

 private:
    Task<void> save(MemberRow row, MapRow map);

    kv::Store& store_;
    Clock& clock_;
    Random& random_;
    Semaphore one_at_a_time_;
    IdentityRow identity_;
    MapRow map_;
    kv::Revision map_revision_ = 0;
    std::map<MemberId, MemberRow> rows_;
};

}  // namespace disgrafs::cluster
