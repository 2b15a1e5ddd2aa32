#pragma once

/// \file kv/log_files.hpp  The files of one log store: reading them back, appending, beginning
/// anew.

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "io/disk.hpp"
#include "kv/log_format.hpp"
#include "kv/log_store.hpp"

namespace disgrafs::kv {

/// What was found when opening.
struct Recovered {
    LogSnapshot snapshot;         ///< Revision 0 and empty when there is none.
    std::deque<EventPtr> events;  ///< Consecutive; some may be older than the snapshot.
};

class LogFiles {
 public:
    LogFiles(Disk& disk, std::string folder, LogOptions const& options);

    /// Reads everything, cuts a torn tail off. Errors: corrupt, io.
    Task<Recovered> recover();

    /// Appends the events as one group; durable then. Errors: exhausted (may be tried again), io
    /// (never again).
    Task<void> append(std::vector<EventPtr> const& events);

    /// The log is long enough for a snapshot.
    [[nodiscard]] bool is_long() const { return end_ > options_.log_bytes_max; }
    /// Begins a new log, writes the snapshot, and removes logs with no event from `first_kept` on.
    Task<void> begin_anew(LogSnapshot snapshot, Revision first_kept);

    [[nodiscard]] std::uint64_t last_group() const { return next_group_ - 1; }

 private:
    struct Log {
        Revision first = 0;  ///< Of its first event, also when it is still empty.
        std::string path;
    };

    [[nodiscard]] Result<void> check_complete(Revision snapshot) const;
    Task<void> read_log(Log const& log, bool is_last, Recovered& found);
    Task<void> cut(Log const& log, std::uint64_t size);
    Task<void> open_for_append(Log const& log, std::uint64_t end);

    Disk& disk_;
    std::string folder_;
    LogOptions options_;
    std::deque<Log> logs_;        ///< Ascending.
    std::string snapshot_;        ///< Path of the newest; empty: none.
    std::unique_ptr<File> file_;  ///< The last log; nullptr until it is needed.
    std::uint64_t end_ = 0;       ///< Of what is synced in it.
    std::uint64_t next_group_ = 1;
};

}  // namespace disgrafs::kv
