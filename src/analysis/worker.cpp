#include "analysis/worker.hpp"

#include <algorithm>
#include <cctype>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/json/object.hpp>
#include <fmt/format.h>

#include "analysis/analyse_frame.hpp"
#include "analysis/analyse_process.hpp"
#include "analysis/findings.hpp"
#include "analysis/worker_metrics.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "io/task_group.hpp"
#include "wire/http.hpp"
#include "wire/member_client.hpp"
#include "wire/member_pages.hpp"
#include "wire/work_service.hpp"

namespace disgrafs::analysis {

namespace {

constexpr Duration lease_wait = std::chrono::seconds(30);  ///< The server holds a lease call 20 s.
constexpr Duration pause_min = std::chrono::milliseconds(200);
constexpr Duration pause_max = std::chrono::seconds(5);
constexpr Duration pages_grace = std::chrono::milliseconds(200);

class PoolWorker : public Worker {
 public:
    PoolWorker(WorkerParts parts, WorkerConfig config)
        : parts_(parts),
          config_(std::move(config)),
          http_(wire::make_http_client(*parts.network, *parts.clock, parts.tls)),
          member_(member_parts(), member_config()),
          tasks_(parts.executor) {
        for (std::size_t index = 0; index < places(); ++index) {
            AnalyseProcessOptions options;
            options.program = config_.analyze_program;
            processes_.push_back(
                std::make_unique<AnalyseProcess>(parts_.executor, *parts_.clock, std::move(options))
            );
        }
        wire::add_member_pages(routes_, [this] { return health(); });
        wire::HttpServerParts const server{
            .executor = parts_.executor,
            .clock = parts_.clock,
            .random = parts_.random,
            .routes = &routes_,
            .observe = {}
        };
        server_ = wire::make_http_server(server);
        count_busy();
    }

    Task<void> run() override {
        if (parts_.listener != nullptr) {
            tasks_.spawn("pages", server_->accept_from(*parts_.listener));
        }
        tasks_.spawn("membership", member_.run());
        for (auto const& process : processes_) {
            tasks_.spawn("idle watch", process->run());
            tasks_.spawn("analysis loop", work_loop(*process));
        }
        co_return co_await tasks_.join();
    }

    Task<void> stop() override {
        if (parts_.listener != nullptr) parts_.listener->close();
        (void)co_await server_->stop(pages_grace);
        co_return co_await tasks_.stop();
    }

 private:
    [[nodiscard]] std::size_t places() const { return std::max<std::size_t>(config_.processes, 1); }

    [[nodiscard]] boost::json::object health() const {
        auto out = wire::health_of(member_, "worker");
        out["busy"] = busy_;
        out["processes"] = places();
        return out;
    }

    void count_busy() {
        metrics_.busy.Set(busy_);
        metrics_.idle.Set(static_cast<double>(places()) - busy_);
    }

    [[nodiscard]] double seconds_since(Duration start) const {
        return std::chrono::duration<double>(parts_.clock->steady() - start).count();
    }

    wire::MemberClientParts member_parts() {
        return {
            .disk = parts_.disk,
            .clock = parts_.clock,
            .http = http_.get(),
            .executor = parts_.executor,
            .heartbeat =
                [this] {
                    wire::Heartbeat beat;
                    beat.busy = busy_;
                    return beat;
                },
            .on_order = {}
        };
    }

    wire::MemberClientConfig member_config() const {
        wire::MemberClientConfig config;
        config.index_url = config_.index_url;
        config.join_token = config_.join_token;
        config.role = wire::Role::worker;
        config.name = config_.name;
        return config;
    }

    /// Signed as wire/work_service.hpp says.
    Task<wire::HttpAnswer> call(std::string method, std::string path, std::string body) {
        auto const& identity = member_.identity();
        auto const message = method + path + body;
        auto const mac = wire::hmac_sha256(as_bytes(message), identity.key);
        wire::HttpCall request;
        request.method = std::move(method);
        request.url = config_.index_url + path;
        request.headers["X-Member"] = fmt::format("{}:{}", identity.id.value, to_hex(mac));
        request.body = std::move(body);
        request.timeout = lease_wait;
        request.answer_bytes_max = limits::request_body_bytes + 1;
        CO_TRY(auto got, co_await http_->call(std::move(request)));
        if (got.status >= 300) {
            co_return fail(
                got.status == 404 ? Errc::not_found : Errc::unavailable,
                "{} answered {}: {}",
                path,
                got.status,
                got.body.substr(0, 200)
            );
        }
        co_return got;
    }

    Task<void> work_loop(AnalyseProcess& process) {
        auto pause = pause_min;
        while (true) {
            auto const result = co_await work_once(process);
            if (result) {
                pause = pause_min;
                continue;
            }
            if (result.error().code == Errc::cancelled) co_return std::unexpected(result.error());
            LOG_DEBUG("no work could be had", kv("error", result.error()));
            CO_TRY_OK(co_await parts_.clock->sleep(pause));
            pause = std::min(pause * 2, pause_max);
        }
    }

    Task<void> work_once(AnalyseProcess& process) {
        if (member_.identity().id.value == 0) co_return fail(Errc::unavailable, "not a member yet");
        CO_TRY(auto const got, co_await call("POST", "/cluster/v1/work/lease", R"({"count":1})"));
        CO_TRY(auto const tasks, wire::parse_work_tasks(got.body));
        for (auto const& task : tasks) {
            ++busy_;
            count_busy();
            auto const done = co_await analyse(process, task);
            --busy_;
            count_busy();
            // A lease that ended meanwhile is no failure of ours.
            if (!done && done.error().code != Errc::not_found) co_return done;
        }
        co_return Result<void>{};
    }

    Task<void> analyse(AnalyseProcess& process, wire::WorkTask task) {
        auto const start = parts_.clock->steady();
        auto const place = fmt::format("/cluster/v1/work/{}", task.lease);
        auto const content = co_await call("GET", place + "/content", "");
        if (!content && content.error().code == Errc::cancelled) {
            co_return std::unexpected(content.error());
        }
        if (!content) {
            auto const reason = "the content could not be read: " + content.error().message;
            auto const body = fmt::format(R"({{"reason":{}}})", to_json_text(reason));
            auto const told = co_await call("POST", place + "/failed", body);
            metrics_.of(task.media_type).count_unread(seconds_since(start));
            if (!told) co_return std::unexpected(told.error());
            co_return Result<void>{};
        }
        AnalyseRequest request;
        request.id = fmt::format("{}", task.file.value);
        request.name = task.name;
        request.media_type = task.media_type;
        request.size_bytes = task.size_bytes;
        request.is_truncated = task.size_bytes > limits::request_body_bytes;
        auto const body = as_bytes(content->body);
        CO_TRY(auto const findings, co_await process.analyse(std::move(request), body));
        auto const frame = encode_frame(encode_findings(findings), findings.text);
        auto const told = co_await call("POST", place + "/findings", frame);
        auto const& type = findings.media_type.empty() ? task.media_type : findings.media_type;
        metrics_.of(type).count(findings.status, seconds_since(start));
        if (!told) co_return std::unexpected(told.error());
        co_return Result<void>{};
    }

    WorkerParts parts_;
    WorkerConfig config_;
    std::unique_ptr<wire::HttpClient> http_;
    wire::MemberClient member_;
    std::vector<std::unique_ptr<AnalyseProcess>> processes_;
    std::uint32_t busy_ = 0;
    WorkerMetrics metrics_;
    wire::HttpRoutes routes_;
    std::unique_ptr<wire::HttpServer> server_;
    TaskGroup tasks_;
};

}  // namespace

std::unique_ptr<Worker> make_worker(WorkerParts parts, WorkerConfig config) {
    return std::make_unique<PoolWorker>(parts, std::move(config));
}

}  // namespace disgrafs::analysis
