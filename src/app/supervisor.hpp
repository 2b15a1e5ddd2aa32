#pragma once

/// \file app/supervisor.hpp  The members that `disgrafs up` started: running, restarting, stopping.
///
/// A member that ends by itself is started again after `restart_after`; one that was stopped on
/// purpose stays down until it is started. ready.json follows every change once serving() was
/// called.
///
/// Concurrency: one event loop; children are reaped when SIGCHLD arrives.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/child.hpp"
#include "app/data_folder.hpp"
#include "io/clock.hpp"
#include "io/task.hpp"
#include "io/task_group.hpp"
#include "io/wake.hpp"

namespace disgrafs::app {

class Supervisor {
 public:
    using CommandOf = std::function<std::vector<std::string>(MemberChoice const&)>;

    Supervisor(
        DataFolder& folder,
        Clock& clock,
        boost::asio::any_io_executor executor,
        CommandOf command_of
    );

    void add(MemberChoice member);
    /// nullopt: never. Applies to ends from now on.
    void set_restart_after(std::optional<Duration> pause) { restart_after_ = pause; }

    /// Errors: not_found (no such member), conflict (runs already), io.
    Result<void> start(std::string const& id);
    /// SIGTERM, then SIGKILL after 4 s; completes when it has ended. Errors: not_found.
    Task<void> stop(std::string id);
    /// Every member at once; the index server last, so that nodes can say good-bye.
    Task<void> stop_all();

    /// From now on ready.json says `url` and who runs.
    Result<void> serving(std::string url);

    /// Call on SIGCHLD.
    void reap();
    [[nodiscard]] bool runs(std::string const& id) const;
    [[nodiscard]] std::vector<MemberFacts> facts() const;
    /// The last end of a member, for messages: "exit status 1: <end of log>".
    [[nodiscard]] std::string last_end(std::string const& id) const;

 private:
    struct Member {
        MemberChoice choice;
        pid_t pid = 0;
        bool is_wanted = false;  ///< Ends of it are followed by a restart.
        std::string last_end;
    };

    std::string log_of(std::string const& id) const;
    void publish();
    Task<void> restart_later(std::string id);
    Task<void> end(std::string id, Duration grace);

    DataFolder& folder_;
    Clock& clock_;
    CommandOf command_of_;
    std::optional<Duration> restart_after_;
    std::map<std::string, Member> members_;
    std::optional<std::string> url_;
    Wake reaped_;
    TaskGroup tasks_;
};

}  // namespace disgrafs::app
