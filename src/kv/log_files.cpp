#include "kv/log_files.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "base/assert.hpp"

namespace disgrafs::kv {
namespace {

constexpr std::string_view log_prefix = "log-";
constexpr std::string_view snapshot_prefix = "snapshot-";
constexpr std::size_t file_bytes_max = 1U << 30U;

/// The number in "log-00000000000000ff".
std::optional<std::uint64_t> number_in(std::string_view name, std::string_view prefix) {
    if (!name.starts_with(prefix) || name.size() != prefix.size() + 16) return std::nullopt;
    auto const digits = name.substr(prefix.size());
    std::uint64_t number = 0;
    auto const read = std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
    if (read.ec != std::errc() || read.ptr != digits.data() + digits.size()) return std::nullopt;
    return number;
}

std::string path_of(std::string const& folder, std::string_view prefix, std::uint64_t number) {
    return fmt::format("{}/{}{:016x}", folder, prefix, number);
}

}  // namespace

LogFiles::LogFiles(Disk& disk, std::string folder, LogOptions const& options)
    : disk_(disk), folder_(std::move(folder)), options_(options) {}

Task<Recovered> LogFiles::recover() {
    CO_TRY_OK(co_await disk_.make_folder(folder_));
    CO_TRY(auto const names, co_await disk_.list(folder_));
    std::uint64_t newest = 0;
    for (auto const& name : names) {
        if (auto const first = number_in(name, log_prefix)) {
            logs_.push_back({.first = *first, .path = path_of(folder_, log_prefix, *first)});
        }
        if (auto const revision = number_in(name, snapshot_prefix)) {
            newest = std::max(newest, *revision);
        }
    }
    Recovered found;
    if (newest != 0) {
        snapshot_ = path_of(folder_, snapshot_prefix, newest);
        CO_TRY(auto const bytes, co_await read_file(disk_, snapshot_, file_bytes_max));
        CO_TRY(found.snapshot, decode_snapshot(bytes));
        next_group_ = found.snapshot.group + 1;
    }
    CO_TRY_OK(check_complete(found.snapshot.revision));
    for (std::size_t i = 0; i < logs_.size(); ++i) {
        auto const is_last = i + 1 == logs_.size();
        CO_TRY_OK(co_await read_log(logs_[i], is_last, found));
    }
    co_return found;
}

/// A snapshot is written only when the log that follows it exists, and logs go from the first on.
Result<void> LogFiles::check_complete(Revision snapshot) const {
    if (snapshot == 0 && logs_.empty()) return {};  // a new store
    auto const wanted = snapshot == 0
                            ? logs_.front().first == 1
                            : std::ranges::find(logs_, snapshot + 1, &Log::first) != logs_.end();
    if (wanted) return {};
    return fail(Errc::corrupt, "{}: the log of event {} is missing", folder_, snapshot + 1);
}

Task<void> LogFiles::read_log(Log const& log, bool is_last, Recovered& found) {
    CO_TRY(auto const bytes, co_await read_file(disk_, log.path, file_bytes_max));
    if (!found.events.empty() && found.events.back()->revision + 1 != log.first) {
        co_return fail(Errc::corrupt, "{} does not follow the log before it", log.path);
    }
    std::size_t at = 0;
    auto expected = log.first;
    std::uint64_t number = 0;
    while (at < bytes.size()) {
        ByteView const rest = ByteView(bytes).subspan(at);
        CO_TRY(auto group, decode_group(rest));
        if (!group) break;
        auto const is_next = group->group.events.front()->revision == expected &&
                             (number == 0 || group->group.number == number + 1);
        if (!is_next) co_return fail(Errc::corrupt, "{}: a group at {} is misplaced", log.path, at);
        number = group->group.number;
        for (auto& event : group->group.events) found.events.push_back(std::move(event));
        expected = found.events.back()->revision + 1;
        at += group->size_bytes;
    }
    if (number != 0) next_group_ = number + 1;
    if (at < bytes.size()) {
        auto const rest = ByteView(bytes).subspan(at);
        if (!is_last || has_later_group(rest, next_group_)) {
            co_return fail(Errc::corrupt, "{}: the group at {} is damaged", log.path, at);
        }
        CO_TRY_OK(co_await cut(log, at));
    }
    if (is_last) {
        CO_TRY_OK(co_await open_for_append(log, at));
        // What the crash left of an unanswered group is now shown to readers, so it must stay.
        CO_TRY_OK(co_await file_->sync());
    }
    co_return Result<void>{};
}

Task<void> LogFiles::cut(Log const& log, std::uint64_t size) {
    CO_TRY(auto const file, co_await disk_.open(log.path, OpenMode::write));
    CO_TRY_OK(co_await file->truncate(size));
    co_return co_await file->sync();
}

Task<void> LogFiles::open_for_append(Log const& log, std::uint64_t end) {
    CO_TRY(file_, co_await disk_.open(log.path, OpenMode::create));
    CO_TRY_OK(co_await disk_.sync_dir(folder_));
    end_ = end;
    co_return Result<void>{};
}

Task<void> LogFiles::append(std::vector<EventPtr> const& events) {
    if (!file_) {
        auto const first = events.front()->revision;
        Log const log{.first = first, .path = path_of(folder_, log_prefix, first)};
        CO_TRY_OK(co_await open_for_append(log, 0));
        logs_.push_back(log);
    }
    auto const bytes = encode_group({.number = next_group_, .events = events});
    std::vector<ByteView> parts;
    parts.emplace_back(bytes);
    CO_TRY_OK(co_await file_->write_at(end_, std::move(parts)));
    CO_TRY_OK(co_await file_->sync());
    end_ += bytes.size();
    ++next_group_;
    co_return Result<void>{};
}

Task<void> LogFiles::begin_anew(LogSnapshot snapshot, Revision first_kept) {
    // The log comes first: from now on commits go there, whether or not the snapshot can be
    // written.
    auto const next = snapshot.revision + 1;
    Log const log{.first = next, .path = path_of(folder_, log_prefix, next)};
    CO_TRY_OK(co_await open_for_append(log, 0));
    logs_.push_back(log);

    snapshot.group = last_group();
    auto const path = path_of(folder_, snapshot_prefix, snapshot.revision);
    auto const bytes = encode_snapshot(snapshot);
    CO_TRY_OK(co_await replace_file(disk_, path, bytes));
    auto const old = std::exchange(snapshot_, path);
    if (!old.empty()) CO_TRY_OK(co_await disk_.remove(old));
    while (logs_.size() > 1 && logs_[1].first <= first_kept) {
        CO_TRY_OK(co_await disk_.remove(logs_.front().path));
        logs_.pop_front();
    }
    co_return Result<void>{};
}

}  // namespace disgrafs::kv
