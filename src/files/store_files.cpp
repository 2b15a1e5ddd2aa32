#include <utility>

#include "base/assert.hpp"
#include "base/log.hpp"
#include "files/operations.hpp"
#include "io/task_group.hpp"

namespace disgrafs::files {

namespace {

constexpr auto round_time = std::chrono::hours(1);

/// A coroutine as a Task of a Result that is there already.
template <typename T>
Task<T> ready(Result<T> result) {
    co_return result;
}

class StoreFiles final : public Files {
 public:
    explicit StoreFiles(FilesParts parts) : core_(std::move(parts)), tasks_(core_.parts.executor) {}

    Task<Entry> find(Context context, std::string path) override {
        return ready(find_entry(core_, context.user, path));
    }
    Task<Entry> entry(Context context, NodeId id) override {
        return ready(entry_of(core_, context.user, id));
    }
    Task<Listing> list(Context context, std::string path, ListOptions options) override {
        return ready(list_folder(core_, context.user, path, options));
    }
    Task<Entry> make_folder(Context context, std::string path) override {
        return files::make_folder(core_, std::move(context), std::move(path));
    }
    Task<std::unique_ptr<Upload>> begin_put(Context context, std::string path, PutOptions options)
        override {
        return begin_upload(core_, std::move(context), std::move(path), std::move(options));
    }
    Task<VersionInfo> version(Context context, NodeId file, std::uint64_t number) override {
        return find_version(core_, context.user, file, number);
    }
    Task<std::vector<VersionInfo>> versions(Context context, NodeId file) override {
        return list_versions(core_, context.user, file);
    }
    Task<Bytes> read(
        Context context, cluster::ContentId content, std::uint64_t offset, std::size_t size
    ) override {
        return core_.parts.contents->read(std::move(context), content, offset, size);
    }
    Task<Entry> move(Context context, std::string from, std::string to) override {
        return move_entry(core_, context.user, std::move(from), std::move(to));
    }
    Task<void> remove(Context context, std::string path) override {
        return remove_entry(core_, context.user, std::move(path));
    }
    Task<std::vector<TrashEntry>> trash(Context context) override {
        return ready(Result<std::vector<TrashEntry>>(list_trash(core_, context.user)));
    }
    Task<Entry> restore(Context context, NodeId id) override {
        return restore_entry(core_, context.user, id);
    }
    Task<void> purge(Context context, NodeId id) override {
        return purge_entry(core_, context.user, id);
    }
    Task<void> grant(Context context, Grant grant) override {
        return grant_rights(core_, context.user, std::move(grant));
    }
    Task<void> revoke(Context context, std::string path, std::string principal) override {
        return revoke_rights(core_, context.user, std::move(path), std::move(principal));
    }
    Task<std::vector<Grant>> grants(Context context, std::string path) override {
        return ready(list_grants(core_, context.user, path));
    }
    Task<void> add_tag(Context context, NodeId file, std::string name) override {
        return files::add_tag(core_, context.user, file, std::move(name));
    }
    Task<void> judge_tag(Context context, NodeId file, std::string tag, std::string state)
        override {
        return files::judge_tag(core_, context.user, file, std::move(tag), std::move(state));
    }
    Task<void> remove_tag(Context context, NodeId file, std::string tag) override {
        return files::remove_tag(core_, context.user, file, std::move(tag));
    }

    Task<void> run() override {
        tasks_.spawn("purge", purge_when_told());
        tasks_.spawn("trash", empty_trash());
        return tasks_.join();
    }
    Task<void> stop() override { return tasks_.stop(); }

    [[nodiscard]] Rights const& rights() const override { return core_.rights; }
    [[nodiscard]] std::uint64_t used_bytes(NodeId user) const override {
        return core_.usage.used_bytes(core_.user_name(user));
    }
    [[nodiscard]] std::uint64_t logical_bytes() const override {
        return core_.usage.logical_bytes();
    }

 private:
    Task<void> purge_when_told() {
        for (;;) {
            CO_TRY_OK(co_await purge_decided(core_));
            CO_TRY_OK(co_await core_.purge_wake.wait());
        }
    }

    Task<void> empty_trash() {
        for (;;) {
            auto const done = co_await purge_old(core_);
            if (!done && done.error().code == Errc::cancelled) co_return done;
            if (!done) LOG_WARN("the trash is not emptied", kv("error", done.error()));
            core_.purge_wake.notify();
            CO_TRY_OK(co_await core_.parts.clock->sleep(round_time));
        }
    }

    Core core_;
    TaskGroup tasks_;
};

}  // namespace

std::unique_ptr<Files> make_files(FilesParts parts) {
    DISGRAFS_ASSERT(parts.graph != nullptr && parts.contents != nullptr, "files without a store");
    DISGRAFS_ASSERT(parts.clock != nullptr, "files without a clock");
    return std::make_unique<StoreFiles>(std::move(parts));
}

}  // namespace disgrafs::files
