#include "app/supervisor.hpp"

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <sys/wait.h>

#include "io/deadline.hpp"

namespace disgrafs::app {

namespace {

constexpr Duration stop_grace = std::chrono::milliseconds(3500);

void tell(std::string const& text) {
    fmt::print("{}\n", text);
    std::fflush(stdout);
}

}  // namespace

Supervisor::Supervisor(
    DataFolder& folder, Clock& clock, boost::asio::any_io_executor executor, CommandOf command_of
)
    : folder_(folder),
      clock_(clock),
      command_of_(std::move(command_of)),
      reaped_(executor),
      tasks_(executor) {}

void Supervisor::add(MemberChoice member) {
    auto const id = member.id;
    members_[id] =
        Member{.choice = std::move(member), .pid = 0, .is_wanted = false, .last_end = {}};
}

std::string Supervisor::log_of(std::string const& id) const {
    return folder_.file("log/" + id + ".log");
}

Result<void> Supervisor::start(std::string const& id) {
    auto const found = members_.find(id);
    if (found == members_.end()) return fail(Errc::not_found, "no member is called '{}'", id);
    auto& member = found->second;
    if (member.pid != 0) return fail(Errc::conflict, "{} runs already (pid {})", id, member.pid);
    std::error_code error;
    std::filesystem::create_directories(folder_.file("log"), error);
    std::filesystem::create_directories(folder_.file(id), error);
    if (error) return fail(Errc::io, "{}: {}", folder_.file(id), error.message());
    ChildCommand const command{.arguments = command_of_(member.choice), .log_path = log_of(id)};
    TRY(member.pid, start_child(command));
    member.is_wanted = true;
    publish();
    return {};
}

Task<void> Supervisor::end(std::string id, Duration grace) {
    auto& member = members_.at(id);
    member.is_wanted = false;
    if (member.pid == 0) co_return Result<void>{};
    ::kill(member.pid, SIGTERM);
    auto const deadline = clock_.steady() + grace;
    auto is_killed = false;
    while (member.pid != 0) {
        auto const left = deadline - clock_.steady();
        if (left <= Duration(0) && !is_killed) {
            ::kill(member.pid, SIGKILL);
            is_killed = true;
        }
        auto const pause = is_killed ? Duration(std::chrono::seconds(1)) : left;
        // Woken by reap(), or by the deadline: either way the loop looks again.
        auto const waited = co_await within(clock_, pause, reaped_.wait());
        if (!waited && waited.error().code == Errc::cancelled) reap();
    }
    co_return Result<void>{};
}

Task<void> Supervisor::stop(std::string id) {
    if (!members_.contains(id)) co_return fail(Errc::not_found, "no member is called '{}'", id);
    CO_TRY_OK(co_await end(id, stop_grace));
    publish();
    co_return Result<void>{};
}

Task<void> Supervisor::stop_all() {
    CO_TRY_OK(co_await tasks_.stop());
    url_.reset();
    folder_.remove_ready();
    TaskGroup ends(tasks_.executor());
    for (auto& [id, member] : members_) {
        if (member.choice.role != "index") ends.spawn("end a member", end(id, stop_grace));
    }
    CO_TRY_OK(co_await ends.join());
    for (auto& [id, member] : members_) {
        if (member.choice.role != "index") continue;
        CO_TRY_OK(co_await end(id, std::chrono::milliseconds(1200)));
    }
    co_return Result<void>{};
}

Result<void> Supervisor::serving(std::string url) {
    url_ = std::move(url);
    return folder_.write_ready(*url_, facts());
}

void Supervisor::publish() {
    if (!url_) return;
    if (auto const written = folder_.write_ready(*url_, facts()); !written) {
        tell("cannot write ready.json: " + written.error().message);
    }
}

void Supervisor::reap() {
    auto is_changed = false;
    for (auto& [id, member] : members_) {
        if (member.pid == 0) continue;
        int status = 0;
        auto const got = ::waitpid(member.pid, &status, WNOHANG);
        if (got == 0 || (got < 0 && errno != ECHILD)) continue;
        member.pid = 0;
        member.last_end = describe_end(status);
        is_changed = true;
        if (!member.is_wanted) continue;
        if (restart_after_ && url_) {
            auto const pause_s = std::chrono::duration<double>(*restart_after_).count();
            tell(fmt::format("{} ended ({}); starts again in {:g} s", id, member.last_end, pause_s)
            );
            tasks_.spawn("restart a member", restart_later(id));
        } else {
            tell(fmt::format("{} ended ({})", id, member.last_end));
        }
    }
    if (is_changed) publish();
    reaped_.notify();
}

Task<void> Supervisor::restart_later(std::string id) {
    CO_TRY_OK(co_await clock_.sleep(*restart_after_));
    auto& member = members_.at(id);
    if (!member.is_wanted || member.pid != 0) co_return Result<void>{};
    CO_TRY_OK(start(id));
    tell(id + " started again");
    co_return Result<void>{};
}

bool Supervisor::runs(std::string const& id) const {
    auto const found = members_.find(id);
    return found != members_.end() && found->second.pid != 0;
}

std::vector<MemberFacts> Supervisor::facts() const {
    std::vector<MemberFacts> list;
    for (auto const& [id, member] : members_) {
        list.push_back({.choice = member.choice, .pid = member.pid, .data = folder_.file(id)});
    }
    return list;
}

std::string Supervisor::last_end(std::string const& id) const {
    auto const found = members_.find(id);
    if (found == members_.end()) return {};
    return found->second.last_end + ":\n" + last_lines(log_of(id), 5);
}

}  // namespace disgrafs::app
