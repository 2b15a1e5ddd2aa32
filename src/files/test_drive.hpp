#pragma once

/// \file files/test_drive.hpp  A drive for tests: a store in a folder, graph, fake contents,
/// people.
///
///     TEST(Move, …) { on_drive([](TestDrive& drive) { return scenario(drive); }); }

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "files/files.hpp"
#include "files/people.hpp"
#include "files/people/people_core.hpp"
#include "files/places.hpp"
#include "files/test_contents.hpp"
#include "io/sim_world.hpp"
#include "io/task_group.hpp"
#include "kv/log_store.hpp"

namespace disgrafs::files {

/// Time that stands still until told.
class TestClock final : public Clock {
 public:
    explicit TestClock(boost::asio::any_io_executor executor) : wake_(std::move(executor)) {}
    [[nodiscard]] Timestamp now() const override { return Timestamp{start_us} + passed_; }
    [[nodiscard]] Duration steady() const override { return passed_; }
    Task<void> sleep(Duration duration) override {
        auto const end = passed_ + duration;
        while (passed_ < end) CO_TRY_OK(co_await wake_.wait());
        co_return Result<void>{};
    }
    void pass(Duration duration) {
        passed_ += duration;
        wake_.notify();
    }

 private:
    static constexpr std::int64_t start_us = 1'800'000'000'000'000;
    Duration passed_{};
    Wake wake_;
};

class TestDrive {
 public:
    explicit TestDrive(SimWorld& world)
        : world_(world),
          executor_(world.executor()),
          clock_(executor_),
          tasks_(std::in_place, executor_) {}

    Task<void> open() {
        kv::LogOptions const options;
        auto& disk = world_.disk("index");
        CO_TRY(store_, co_await kv::open_log_store(disk, executor_, "store", options));
        CO_TRY(graph_, co_await graph::open_graph(*store_, executor_));
        contents_ = std::make_unique<TestContents>(*store_);
        contents_->skip_ids(static_cast<std::uint64_t>(++opened_) << 32U);
        FilesParts parts{
            .graph = graph_.get(),
            .contents = contents_.get(),
            .clock = &clock_,
            .executor = executor_,
            .on_new_version =
                [this](graph::Transaction& change, NodeId file, std::uint64_t version) {
                    change.rows().put(KeyWriter('Q').u64(file.value).take(), Bytes());
                    analysed.emplace_back(file, version);
                }
        };
        files_ = make_files(std::move(parts));
        PeopleParts people{
            .graph = graph_.get(),
            .clock = &clock_,
            .random = &world_.random(),
            .cpu = &world_.pool(),
            .executor = executor_,
            .used_bytes = [this](NodeId user) { return files_->used_bytes(user); },
            .on_first_password_changed = [this] { ++first_password_changes; }
        };
        people_ = make_people(std::move(people));
        CO_TRY(auto const password, co_await people_->set_up());
        if (password) first_password = *password;
        co_return Result<void>{};
    }
    Task<void> close() {
        CO_TRY_OK(co_await files_->stop());
        CO_TRY_OK(co_await tasks_->stop());
        CO_TRY_OK(co_await graph_->stop());
        (void)co_await store_->stop();  // After a crash it cannot say goodbye.
        people_.reset();
        files_.reset();
        contents_.reset();
        graph_.reset();
        store_.reset();
        tasks_.emplace(executor_);
        co_return Result<void>{};
    }
    /// As a restart of the index server.
    Task<void> reopen() {
        CO_TRY_OK(co_await close());
        co_return co_await open();
    }
    /// As power loss and a start; what runs meanwhile gets errors and is awaited by the caller.
    void crash() { world_.crash("index"); }
    Task<void> reopen_after_crash() {
        CO_TRY_OK(co_await close());
        world_.start("index");
        co_return co_await open();
    }
    void start() { tasks_->spawn("files", files_->run()); }

    Files& files() { return *files_; }
    People& people() { return *people_; }
    graph::Graph& graph() { return *graph_; }
    graph::Image const& image() { return graph_->image(); }
    TestContents& contents() { return *contents_; }
    TestClock& clock() { return clock_; }
    boost::asio::any_io_executor executor() { return executor_; }

    [[nodiscard]] NodeId user(std::string const& name) const {
        return graph_->image().named(graph::label::user, name).value_or(NodeId{UINT64_MAX});
    }
    [[nodiscard]] Context as(std::string const& name) const {
        Context context;
        context.user = user(name);
        return context;
    }
    static Context cluster() { return {}; }

    /// A user who cannot sign in: no password costs time.
    Task<void> add_user(std::string name, std::uint64_t quota_bytes = 0) {
        NewUser const user{.name = std::move(name), .hash = {}, .quota_bytes = quota_bytes};
        auto const home = image().named(graph::label::folder, home_name);
        auto const change = graph_->begin();
        create_user(*change, *home, user, clock_.now());
        CO_TRY_OK(co_await change->commit());
        co_return Result<void>{};
    }
    Task<void> add_users(std::string names) {
        for (auto const name : split(names, ' ')) CO_TRY_OK(co_await add_user(std::string(name)));
        co_return Result<void>{};
    }
    /// A group with these members, named with spaces between.
    Task<void> add_group(std::string name, std::string members) {
        auto const all = cluster();
        CO_TRY_OK(co_await people_->add_group(all, name));
        for (auto const member : split(members, ' ')) {
            CO_TRY_OK(co_await people_->set_member(all, name, std::string(member), true));
        }
        co_return Result<void>{};
    }
    /// By the administrator. `what` has the letters r, w, s.
    Task<void> grant(std::string path, std::string principal, std::string_view what) {
        auto const by = as("admin");
        May const may{
            .read = what.contains('r'), .write = what.contains('w'), .share = what.contains('s')
        };
        Grant const given{.path = std::move(path), .principal = std::move(principal), .may = may};
        co_return co_await files_->grant(by, given);
    }
    Task<NodeId> id_of(std::string path) {
        auto const all = cluster();
        CO_TRY(auto const entry, co_await files_->find(all, path));
        co_return entry.id;
    }

    Task<Upload::Done> put(
        std::string user, std::string path, std::string bytes, PutOptions options = PutOptions()
    ) {
        auto context = as(user);
        CO_TRY(auto const upload, co_await files_->begin_put(context, path, options));
        if (!bytes.empty()) CO_TRY_OK(co_await upload->write(to_bytes(bytes)));
        co_return co_await upload->finish();
    }
    Task<std::string> get(std::string user, std::string path, std::uint64_t number = 0) {
        auto context = as(user);
        CO_TRY(auto const entry, co_await files_->find(context, path));
        CO_TRY(auto const version, co_await files_->version(context, entry.id, number));
        auto const size = static_cast<std::size_t>(version.size_bytes);
        CO_TRY(auto const bytes, co_await files_->read(context, version.content, 0, size));
        co_return std::string(as_text(bytes));
    }
    /// Names in a folder, joined by spaces.
    Task<std::string> ls(std::string user, std::string path) {
        auto context = as(user);
        ListOptions const options{.after = "", .limit = 1000};
        CO_TRY(auto const listing, co_await files_->list(context, path, options));
        std::string names;
        for (auto const& entry : listing.entries) {
            if (!names.empty()) names += ' ';
            names += entry.name;
        }
        co_return names;
    }

    std::vector<std::pair<NodeId, std::uint64_t>> analysed;
    std::string first_password;
    int first_password_changes = 0;

 private:
    SimWorld& world_;
    boost::asio::any_io_executor executor_;
    TestClock clock_;
    std::unique_ptr<kv::Store> store_;
    std::unique_ptr<graph::Graph> graph_;
    std::unique_ptr<TestContents> contents_;
    std::unique_ptr<Files> files_;
    std::unique_ptr<People> people_;
    std::optional<TaskGroup> tasks_;
    int opened_ = 0;
};

using DriveStory = std::function<Task<void>(TestDrive&)>;

inline Task<void> tell_story(TestDrive& drive, DriveStory const& story) {
    CO_TRY_OK(co_await drive.open());
    auto const told = co_await story(drive);
    CO_TRY_OK(co_await drive.close());
    co_return told;
}

/// A new drive with the administrator `admin`.
inline void on_drive(DriveStory story, std::uint64_t seed = 1) {
    SimWorld world(seed);
    TestDrive drive(world);
    auto const done = world.run(tell_story(drive, story));
    EXPECT_TRUE(done) << done.error().message << " (" << done.error().where.file_name() << ":"
                      << done.error().where.line() << ")";
}

template <typename T>
bool is_error(Result<T> const& result, Errc code) {
    return !result && result.error().code == code;
}

}  // namespace disgrafs::files
