/// \file files/crash_test.cpp  Power loss in the middle of everything: what was answered is there.

#include <map>
#include <set>

#include <gtest/gtest.h>

#include "files/test_drive.hpp"
#include "files/version_rows.hpp"

namespace disgrafs::files {
namespace {

/// What was answered, and where in the middle of it the crash comes.
struct Book {
    std::map<std::string, std::set<std::string>> written;  ///< By path: all that was begun.
    std::map<std::string, std::string> answered;           ///< By path: the last that was.
    std::set<std::string> removed;
    int answers = 0;
    int failures = 0;
    int crash_at = 0;
};

void count(TestDrive& drive, Book& book) {
    if (++book.answers == book.crash_at) drive.crash();
}

Result<void> tell_failure(Book& book) {
    ++book.failures;
    return {};
}

/// One client: versions of its own files, some of them deleted again.
Task<void> client(TestDrive& drive, int number, Book& book) {
    for (int round = 0; round < 12; ++round) {
        auto const path = fmt::format("/c{}/d{}/f", number % 3, number * 100 + round % 4);
        auto const text = fmt::format("{} {}", number, round);
        book.written[path].insert(text);
        auto const done = co_await drive.put("admin", path, text);
        if (!done) co_return tell_failure(book);
        book.answered[path] = text;
        count(drive, book);
        if (round % 5 != 4) continue;
        auto const folder = path.substr(0, path.rfind('/'));
        book.removed.insert(path);
        auto const removed = co_await drive.files().remove(drive.as("admin"), folder);
        if (!removed) co_return tell_failure(book);
        book.answered.erase(path);
        count(drive, book);
        book.removed.erase(path);
        book.written.erase(path);
        co_return Result<void>{};
    }
    co_return Result<void>{};
}

Task<void> check_answered(TestDrive& drive, Book const& book) {
    for (auto const& [path, text] : book.answered) {
        auto const got = co_await drive.get("admin", path);
        // A deletion under way may have happened or not; so may a version after the answered one.
        if (!got && book.removed.contains(path)) continue;
        if (!got) co_return fail(Errc::io, "{} is lost: {}", path, got.error().message);
        EXPECT_TRUE(book.written.at(path).contains(*got)) << path << " has " << *got;
        auto const later = book.written.at(path).size();
        EXPECT_TRUE(*got == text || later > 1) << path;
    }
    co_return Result<void>{};
}

/// Rows of versions, File nodes and the sums of usage say the same.
Task<void> check_whole(TestDrive& drive) {
    auto range = kv::Range::prefix("H");
    CO_TRY(auto const page, co_await drive.graph().store().scan(std::move(range), 10'000));
    std::uint64_t stored = 0;
    std::set<NodeId> with_rows;
    for (auto const& entry : page.entries) {
        CO_TRY(auto const row, decode_version(entry.value));
        KeyReader key(entry.key);
        with_rows.insert(NodeId{key.u64()});
        stored += row.size_bytes;
    }
    auto const files = drive.image().with_label("File");
    EXPECT_EQ(std::set<NodeId>(files.begin(), files.end()), with_rows);
    EXPECT_EQ(drive.files().used_bytes(drive.user("admin")), stored);
    CO_TRY(auto const contents, co_await drive.contents().count());
    EXPECT_EQ(contents, page.entries.size()) << "a content for each version, and no other";
    co_return Result<void>{};
}

Task<void> crash_story(TestDrive& drive, int crash_at) {
    Book book;
    book.crash_at = crash_at;
    TaskGroup group(drive.executor());
    for (int i = 0; i < 8; ++i) group.spawn("client", client(drive, i, book));
    CO_TRY_OK(co_await group.join());
    EXPECT_GT(book.failures, 0) << "the crash came in the middle";
    CO_TRY_OK(co_await drive.reopen_after_crash());
    CO_TRY_OK(co_await check_answered(drive, book));
    CO_TRY_OK(co_await check_whole(drive));
    CO_TRY_OK(co_await drive.put("admin", "/after", "works again"));
    co_return Result<void>{};
}

TEST(Crash, LosesNothingThatWasAnswered) {
    for (int seed = 1; seed <= 12; ++seed) {
        auto const story = [seed](TestDrive& drive) { return crash_story(drive, 3 * seed); };
        on_drive(story, static_cast<std::uint64_t>(seed));
        if (HasFailure()) {
            ADD_FAILURE() << "seed " << seed;
            break;
        }
    }
}

Task<void> wait_until_empty(TestDrive& drive) {
    while (drive.image().count_label("File") != 0) {
        auto const next = drive.graph().store().revision() + 1;
        CO_TRY_OK(co_await drive.graph().reach(next));
    }
    co_return Result<void>{};
}

Task<void> purge_big(TestDrive& drive, NodeId big) {
    (void)co_await drive.files().purge(drive.as("admin"), big);
    co_return Result<void>{};
}

Task<void> crash_when_left(TestDrive& drive, std::size_t files) {
    while (drive.image().count_label("File") > files) {
        auto const next = drive.graph().store().revision() + 1;
        CO_TRY_OK(co_await drive.graph().reach(next));
    }
    drive.crash();
    co_return Result<void>{};
}

/// Power goes when some of forty files are purged; the start removes the rest.
Task<void> purge_story(TestDrive& drive) {
    for (int i = 0; i < 40; ++i) {
        CO_TRY_OK(co_await drive.put("admin", fmt::format("/big/{}/f{}", i % 3, i), "x"));
    }
    CO_TRY(auto const big, co_await drive.id_of("/big"));
    CO_TRY_OK(co_await drive.files().remove(drive.as("admin"), "/big"));
    TaskGroup group(drive.executor());
    group.spawn("purge", purge_big(drive, big));
    group.spawn("crash", crash_when_left(drive, 25));
    CO_TRY_OK(co_await group.join());
    CO_TRY_OK(co_await drive.reopen_after_crash());
    auto const left = drive.image().count_label("File");
    EXPECT_GT(left, 0) << "it crashed midway";
    EXPECT_LE(left, 25);
    drive.start();
    CO_TRY_OK(co_await wait_until_empty(drive));
    CO_TRY_OK(co_await check_whole(drive));
    co_return Result<void>{};
}

TEST(Crash, InTheMiddleOfAPurgeLeavesNothingInTheEnd) { on_drive(purge_story); }

}  // namespace
}  // namespace disgrafs::files
