#include "app/up.hpp"

#include <csignal>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "app/control.hpp"
#include "app/data_folder.hpp"
#include "app/program.hpp"
#include "app/samples.hpp"
#include "app/supervisor.hpp"
#include "io/clock.hpp"
#include "io/loop.hpp"
#include "io/network.hpp"
#include "io/random.hpp"
#include "io/task_group.hpp"
#include "wire/certificate.hpp"
#include "wire/http.hpp"
#include "wire/protocol.hpp"

namespace disgrafs::app {

namespace {

constexpr Duration start_limit = std::chrono::seconds(60);

/// Port 0: none yet.
std::string remembered_worker(Choices const& choices) {
    for (auto const& member : choices.members) {
        if (member.role == "worker" && !member.address.empty()) return member.address;
    }
    return "127.0.0.10:0";
}

/// Members of a new cluster, or those remembered; more storage nodes than before are added.
Result<Choices> choose_members(DataFolder const& folder, UpOptions const& options) {
    Choices choices;
    if (!folder.is_new()) {
        TRY(choices, folder.load_choices());
    }
    std::vector<MemberChoice> members;
    members.push_back({"index", "index", Address{options.listen, options.port}.text()});
    std::size_t known = 0;
    for (auto const& member : choices.members) {
        if (member.role != "storage") continue;
        members.push_back(member);
        ++known;
    }
    if (known > options.storage_nodes) {
        return fail(
            Errc::invalid,
            "this cluster has {} storage nodes: start it with --storage-nodes {} or more",
            known,
            known
        );
    }
    for (auto number = known + 1; number <= options.storage_nodes; ++number) {
        auto const host = fmt::format("127.0.0.{}", 10 + number);
        TRY(auto const port, free_port(host));
        members.push_back({fmt::format("n{}", number), "storage", fmt::format("{}:{}", host, port)}
        );
    }
    if (options.analysis_processes > 0) {
        members.push_back({"w1", "worker", remembered_worker(choices)});
    }
    // A remembered port may have been taken by another program since.
    for (auto& member : members) {
        if (member.role == "index") continue;
        TRY(auto const address, parse_address(member.address));
        if (address.port != 0 && check_port(address.host, address.port)) continue;
        TRY(auto const port, free_port(address.host));
        member.address = fmt::format("{}:{}", address.host, port);
    }
    choices.members = std::move(members);
    return choices;
}

class Up {
 public:
    Up(UpOptions options, DataFolder folder, boost::asio::any_io_executor executor)
        : options_(std::move(options)),
          folder_(std::move(folder)),
          executor_(executor),
          clock_(make_real_clock()),
          random_(make_real_random()),
          network_(make_real_network(executor)),
          client_(wire::make_http_client(*network_, *clock_)),
          supervisor_(
              folder_,
              *clock_,
              executor,
              [this](MemberChoice const& member) { return command_of(member); }
          ),
          tasks_(executor) {}

    Task<void> run() {
        Signals children(executor_, {SIGCHLD});
        Signals stops(executor_, {SIGINT, SIGTERM, SIGHUP});
        tasks_.spawn("reap children", reap(children));
        tasks_.spawn("stop signals", wait_for_stop(stops));

        auto result = co_await start();
        if (result) result = co_await wait_until_stopped();
        if (is_stopping_) result = {};
        fmt::print("stopping …\n");
        std::fflush(stdout);
        if (control_) (void)co_await control_->stop();
        auto const ended = co_await supervisor_.stop_all();
        CO_TRY_OK(co_await tasks_.stop());
        CO_TRY_OK(result);
        co_return ended;
    }

 private:
    [[nodiscard]] bool is_public() const {
        return !wire::is_loopback(Address{options_.listen, options_.port});
    }

    /// By which this machine reaches the index server: plain HTTP stays on loopback.
    [[nodiscard]] std::string url() const {
        Address const address{is_public() ? "127.0.0.1" : options_.listen, options_.port};
        return "http://" + address.text();
    }

    std::vector<std::string> command_of(MemberChoice const& member) const {
        std::vector<std::string> words{
            program_path(), member.role, "--data", folder_.file(member.id), "--name", member.id
        };
        auto const add = [&](std::initializer_list<std::string> more) {
            words.insert(words.end(), more);
        };
        auto const token = folder_.file("index/join-token");
        if (member.role == "index") {
            add({"--listen", member.address});
            add({"--admin-password-file", folder_.file("admin-password")});
        } else if (member.role == "storage") {
            add({"--listen", member.address, "--index", url(), "--join-token-file", token});
        } else {
            add({"--listen", member.address, "--index", url(), "--join-token-file", token});
            add({"--processes", fmt::format("{}", options_.analysis_processes)});
        }
        return words;
    }

    Task<void> start() {
        CO_TRY_OK(check_port(options_.listen, options_.port));
        Address const listen{options_.listen, options_.port};
        if (is_public() && !wire::is_any(listen)) CO_TRY_OK(check_port("127.0.0.1", listen.port));
        CO_TRY(choices_, choose_members(folder_, options_));
        CO_TRY_OK(folder_.save_choices(choices_));
        supervisor_.set_restart_after(options_.restart_after);
        for (auto const& member : choices_.members) supervisor_.add(member);

        CO_TRY_OK(supervisor_.start("index"));
        CO_TRY_OK(co_await wait_for_health(0));
        for (auto const& member : choices_.members) {
            if (member.role != "index") CO_TRY_OK(supervisor_.start(member.id));
        }
        CO_TRY_OK(co_await wait_for_health(options_.storage_nodes));
        Control::Parts const parts{
            .folder = &folder_,
            .supervisor = &supervisor_,
            .network = network_.get(),
            .clock = clock_.get(),
            .random = random_.get(),
            .executor = executor_
        };
        control_ = std::make_unique<Control>(parts);
        CO_TRY_OK(control_->start());
        if (options_.with_samples && !choices_.has_samples) CO_TRY_OK(co_await put_first_samples());
        CO_TRY_OK(supervisor_.serving(url()));
        say_ready();
        co_return Result<void>{};
    }

    Task<void> put_first_samples() {
        fmt::print("putting the sample files in …\n");
        std::fflush(stdout);
        CO_TRY(auto const password, read_small_file(folder_.file("admin-password")));
        CO_TRY_OK(co_await put_samples(*client_, url(), password));
        choices_.has_samples = true;
        co_return folder_.save_choices(choices_);
    }

    void say_ready() const {
        fmt::print("\n  DisGraFS   {}\n", url());
        if (is_public()) say_public();
        if (auto const password = read_small_file(folder_.file("admin-password")); password) {
            auto const end = password->find_last_not_of("\r\n \t");
            fmt::print("  user       admin\n");
            fmt::print("  password   {}\n", password->substr(0, end + 1));
        } else {
            fmt::print("  user       admin, with the password that you chose\n");
        }
        fmt::print("  data       {}\n", folder_.path());
        fmt::print("  stop       Ctrl-C\n\n");
        fmt::print("ready {}\n", url());
        std::fflush(stdout);
    }

    /// What people on other machines need.
    void say_public() const {
        Address address{options_.listen, options_.port};
        if (wire::is_any(address)) address.host = host_name();
        fmt::print("  elsewhere  https://{}\n", address.text());
        auto const chain = read_small_file(folder_.file("index/tls-certificate.pem"));
        auto const fingerprint = chain ? wire::fingerprint_of(*chain) : fail(Errc::io, "unread");
        if (fingerprint) fmt::print("  trust      {} (SHA-256)\n", *fingerprint);
    }

    /// Until the index server answers and `nodes` storage nodes are up.
    Task<void> wait_for_health(std::size_t nodes) {
        auto const deadline = clock_->steady() + start_limit;
        while (clock_->steady() < deadline && !is_stopping_) {
            if (!supervisor_.runs("index")) {
                co_return fail(
                    Errc::unavailable,
                    "the index server did not start, {}",
                    supervisor_.last_end("index")
                );
            }
            wire::HttpCall call;
            call.url = url() + "/api/v1/health";
            call.timeout = std::chrono::seconds(2);
            auto const got = co_await client_->call(std::move(call));
            if (got && got->status == 200 && storage_up(got->body) >= nodes) {
                co_return Result<void>{};
            }
            CO_TRY_OK(co_await clock_->sleep(std::chrono::milliseconds(30)));
        }
        if (is_stopping_) co_return fail(Errc::cancelled, "stopped while starting");
        for (auto const& member : choices_.members) {
            if (supervisor_.runs(member.id)) continue;
            co_return fail(
                Errc::unavailable,
                "{} did not start, {}",
                member.id,
                supervisor_.last_end(member.id)
            );
        }
        co_return fail(
            Errc::unavailable,
            "not all members were up within 60 s; their logs are in {}",
            folder_.file("log")
        );
    }

    static std::size_t storage_up(std::string const& body) {
        boost::system::error_code error;
        auto const parsed = boost::json::parse(body, error);
        if (error || !parsed.is_object()) return 0;
        auto const* count = parsed.get_object().if_contains("storage_up");
        return count != nullptr && count->is_int64() ? static_cast<std::size_t>(count->get_int64())
                                                     : 0;
    }

    Task<void> reap(Signals& children) {
        while (true) {
            CO_TRY(auto const number, co_await children.next());
            (void)number;
            supervisor_.reap();
        }
    }

    Task<void> wait_for_stop(Signals& stops) {
        CO_TRY(auto const number, co_await stops.next());
        (void)number;
        is_stopping_ = true;
        stopped_.notify();
        co_return Result<void>{};
    }

    Task<void> wait_until_stopped() {
        while (!is_stopping_) CO_TRY_OK(co_await stopped_.wait());
        co_return Result<void>{};
    }

    UpOptions options_;
    DataFolder folder_;
    boost::asio::any_io_executor executor_;
    std::unique_ptr<Clock> clock_;
    std::unique_ptr<Random> random_;
    std::unique_ptr<Network> network_;
    std::unique_ptr<wire::HttpClient> client_;
    Choices choices_;
    Supervisor supervisor_;
    std::unique_ptr<Control> control_;
    Wake stopped_{executor_};
    bool is_stopping_ = false;
    TaskGroup tasks_;
};

/// Owns everything that lives on the loop, so that it dies before the loop does.
Task<void> run_on(boost::asio::any_io_executor executor, UpOptions options, DataFolder folder) {
    Up up(std::move(options), std::move(folder), executor);
    co_return co_await up.run();
}

}  // namespace

Result<void> run_up(UpOptions options) {
    if (options.storage_nodes < 1 || options.storage_nodes > storage_nodes_max) {
        auto const wished = options.storage_nodes;
        return fail(
            Errc::invalid, "1 to {} storage nodes run here, not {}", storage_nodes_max, wished
        );
    }
    if (options.data.empty()) {
        TRY(options.data, default_data_folder());
    }
    TRY(auto folder, DataFolder::open(options.data));
    return run_loop([&](boost::asio::any_io_executor executor) {
        return run_on(executor, std::move(options), std::move(folder));
    });
}

}  // namespace disgrafs::app
