/// A real process is killed with SIGKILL in the middle of its commits; what it had reported as
/// answered before is in the store.

#include <csignal>
#include <cstdlib>
#include <map>
#include <string>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kv/test_world.hpp"

namespace disgrafs::kv {
namespace {

constexpr char const* folder_variable = "DISGRAFS_KV_KILLED_FOLDER";
constexpr int report_descriptor = 3;
constexpr int writers = 16;

/// One line per step, whole or not at all (a pipe keeps lines below PIPE_BUF together).
void report(std::string const& line) {
    auto const written = ::write(report_descriptor, line.data(), line.size());
    if (written != static_cast<ssize_t>(line.size())) std::_Exit(3);
}

Task<void> write_for_ever(Store& store, int writer) {
    for (int number = 0;; ++number) {
        auto const key = fmt::format("w{:02}-{:06}", writer, number);
        Batch batch;
        batch.put(key, to_bytes(key));
        report(fmt::format("asked {}\n", key));
        CO_TRY(auto const revision, co_await store.commit(std::move(batch)));
        report(fmt::format("answered {} {}\n", key, revision));
    }
}

Task<void> be_killed(boost::asio::any_io_executor executor, std::string path) {
    Pool pool("store", 2);
    RocksOptions const options;
    CO_TRY(auto const store, co_await open_rocks_store(pool, executor, path, options));
    TaskGroup group(executor);
    for (int i = 0; i < writers; ++i) group.spawn("writer", write_for_ever(*store, i));
    co_return co_await group.join();
}

/// Not a test of its own: the body of the child, started by the test below.
TEST(RocksKill, Child) {
    auto const* const path = std::getenv(folder_variable);
    if (path == nullptr) GTEST_SKIP() << "runs in the child process only";
    (void)run_loop([path](auto executor) { return be_killed(executor, path); });
}

struct Reports {
    std::map<std::string, Revision> answered;
    std::size_t asked = 0;
};

/// Starts the child, kills it once it has reported `enough` answers, and returns what it reported.
Reports run_and_kill(std::string const& path, std::size_t enough) {
    int ends[2] = {};
    EXPECT_EQ(::pipe(ends), 0);
    auto const child = ::fork();
    if (child == 0) {
        if (ends[1] != report_descriptor) ::dup2(ends[1], report_descriptor);
        ::setenv(folder_variable, path.c_str(), 1);
        ::unsetenv("GTEST_OUTPUT");
        ::execl("/proc/self/exe", "kv_test", "--gtest_filter=RocksKill.Child", nullptr);
        std::_Exit(2);
    }
    ::close(ends[1]);
    Reports reports;
    std::string text;
    char buffer[4096];
    auto is_killed = false;
    for (;;) {
        auto const got = ::read(ends[0], buffer, sizeof(buffer));
        if (got <= 0) break;
        text.append(buffer, static_cast<std::size_t>(got));
        for (auto end = text.find('\n'); end != std::string::npos; end = text.find('\n')) {
            auto const line = text.substr(0, end);
            text.erase(0, end + 1);
            if (line.starts_with("asked ")) ++reports.asked;
            if (!line.starts_with("answered ")) continue;
            auto const space = line.rfind(' ');
            reports.answered[line.substr(9, space - 9)] = std::stoull(line.substr(space + 1));
        }
        if (!is_killed && reports.answered.size() >= enough) {
            ::kill(child, SIGKILL);
            is_killed = true;
        }
    }
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << "the child ended by itself";
    return reports;
}

Task<void> find_all(boost::asio::any_io_executor executor, std::string path, Reports& reports) {
    Pool pool("store", 2);
    RocksOptions const options;
    CO_TRY(auto const store, co_await open_rocks_store(pool, executor, path, options));
    EXPECT_GE(store->revision(), reports.answered.size());
    EXPECT_LE(store->revision(), reports.asked);
    for (auto const& [key, revision] : reports.answered) {
        CO_TRY(auto const entry, co_await store->get(key));
        EXPECT_TRUE(entry && entry->revision == revision) << key << " of commit " << revision;
    }
    auto const stream = store->events(0);
    for (Revision wanted = 1; wanted <= store->revision(); ++wanted) {
        CO_TRY(auto const event, co_await stream->next());
        EXPECT_EQ(event->revision, wanted);
    }
    co_return co_await store->stop();
}

TEST(RocksKill, AnsweredCommitsOfAKilledProcessAreThere) {
    for (std::size_t const enough : {1U, 60U, 333U}) {
        TemporaryFolder folder;
        auto reports = run_and_kill(folder.path() + "/store", enough);
        ASSERT_GE(reports.answered.size(), enough);
        ASSERT_GT(reports.asked, reports.answered.size()) << "no commit was under way";
        auto const path = folder.path() + "/store";
        passes([&](auto executor) { return find_all(executor, path, reports); });
    }
}

}  // namespace
}  // namespace disgrafs::kv
