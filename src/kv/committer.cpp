#include "kv/committer.hpp"

#include <string_view>
#include <unordered_set>
#include <utility>

namespace disgrafs::kv {
namespace {

Result<void> check(Batch const& batch) {
    if (!batch.fits()) {
        return fail(
            Errc::invalid,
            "a batch has at most {} keys and {} bytes; this one has {} and {}",
            batch_keys_max,
            batch_bytes_max,
            batch.preconditions.size() + batch.writes.size(),
            batch.size_bytes()
        );
    }
    std::unordered_set<std::string_view> keys;
    for (auto const& write : batch.writes) {
        if (write.key.empty()) return fail(Errc::invalid, "a batch writes an empty key");
        if (!keys.insert(write.key).second) {
            return fail(Errc::invalid, "a batch writes {} twice", to_hex(as_bytes(write.key)));
        }
    }
    return {};
}

bool is_full(Group const& group) {
    return group.commits.size() >= group_commits_max || group.bytes >= group_bytes_max;
}

}  // namespace

Committer::Committer(boost::asio::any_io_executor executor, WriteGroup write)
    : executor_(std::move(executor)),
      write_(std::move(write)),
      forming_(new_group()),
      arrived_(executor_),
      tasks_(executor_) {
    tasks_.spawn("kv committer", run());
}

Task<Revision> Committer::commit(Batch batch) {
    CO_TRY_OK(check(batch));
    while (!is_stopping_ && is_full(*forming_)) {
        auto const ahead = forming_;
        CO_TRY_OK(co_await ahead->settled.wait());
    }
    if (is_stopping_) co_return fail(Errc::cancelled, "the store was stopped");
    auto const group = forming_;
    auto const place = group->commits.size();
    group->bytes += batch.size_bytes();
    group->commits.push_back({.batch = std::move(batch)});
    arrived_.notify();
    while (!group->is_settled) CO_TRY_OK(co_await group->settled.wait());
    co_return std::move(group->commits[place].answer);
}

Task<void> Committer::stop() {
    is_stopping_ = true;
    arrived_.notify();
    CO_TRY_OK(co_await tasks_.join());
    co_return co_await tasks_.stop();
}

Task<void> Committer::run() {
    for (;;) {
        while (forming_->commits.empty()) {
            if (is_stopping_) co_return Result<void>{};
            CO_TRY_OK(co_await arrived_.wait());
        }
        auto const group = std::exchange(forming_, new_group());
        auto const written = co_await write_(*group);
        if (!written) {
            for (auto& pending : group->commits) {
                pending.answer = std::unexpected(written.error());
            }
        }
        group->is_settled = true;
        group->settled.notify();
    }
}

std::shared_ptr<Group> Committer::new_group() { return std::make_shared<Group>(executor_); }

}  // namespace disgrafs::kv
