#include "gateway/gateway.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/metrics.hpp"
#include "gateway/graph_view.hpp"
#include "gateway/live.hpp"
#include "gateway/uploads.hpp"

namespace disgrafs::gateway {

namespace {

/// Answers of unknown length or great length, whose first byte comes long before the last. For all
/// others first byte and end are one write, and a second histogram would say nothing new.
constexpr std::array<std::string_view, 2> streamed_ops{"get", "work_content"};

/// RED of every operation: docs/metrics.md, one set per word, made at the start and kept.
class RequestMetrics {
 public:
    explicit RequestMetrics(wire::HttpRoutes const& routes) {
        for (auto const& route : routes.all()) (void)of(route.op);
        (void)of(std::string(no_route));
    }

    void observe(wire::HttpObservation const& seen) {
        auto const found = ops_.find(seen.op);
        auto& op = found == ops_.end() ? of(std::string(no_route)) : found->second;
        auto const group = static_cast<std::size_t>(seen.status / 100);
        op.by_code.at(group < 1 || group > 5 ? 5 : group)->Increment();
        op.duration->Observe(std::chrono::duration<double>(seen.took).count());
        if (op.first_byte != nullptr) {
            op.first_byte->Observe(std::chrono::duration<double>(seen.first_byte).count());
        }
        op.in->Increment(static_cast<double>(seen.bytes_in));
        op.out->Increment(static_cast<double>(seen.bytes_out));
    }

 private:
    static constexpr std::string_view no_route = "other";  ///< What no route took.

    struct Op {
        std::array<Counter*, 6> by_code{};
        Histogram* duration = nullptr;
        Histogram* first_byte = nullptr;  ///< Only of streamed_ops.
        Counter* in = nullptr;
        Counter* out = nullptr;
    };

    Op& of(std::string const& name) {
        auto const found = ops_.find(name);
        if (found != ops_.end()) return found->second;
        Op op;
        for (std::size_t group = 1; group <= 5; ++group) {
            Labels const labels{{"op", name}, {"code", fmt::format("{}xx", group)}};
            op.by_code.at(group) =
                &counter("disgrafs_gateway_requests_total", "User requests finished.", labels);
        }
        Labels const only{{"op", name}};
        op.duration =
            &histogram("disgrafs_gateway_request_duration_seconds", "Full request latency.", only);
        if (std::ranges::find(streamed_ops, name) != streamed_ops.end()) {
            op.first_byte =
                &histogram("disgrafs_gateway_first_byte_seconds", "Time to first byte.", only);
        }
        constexpr auto const* bytes = "disgrafs_gateway_bytes_total";
        op.in = &counter(bytes, "Body bytes moved.", {{"op", name}, {"direction", "in"}});
        op.out = &counter(bytes, "Body bytes moved.", {{"op", name}, {"direction", "out"}});
        return ops_.emplace(name, op).first->second;
    }

    std::map<std::string, Op, std::less<>> ops_;
};

wire::HttpRoutes make_routes(Services& services) {
    wire::HttpRoutes routes;
    RouteTable table(routes, services);
    add_login_routes(table);
    add_file_routes(table);
    add_folder_routes(table);
    add_node_routes(table);
    add_version_routes(table);
    add_tag_routes(table);
    add_trash_routes(table);
    add_people_routes(table);
    add_grant_routes(table);
    add_search_routes(table);
    add_graph_routes(table);
    add_cluster_routes(table);
    add_member_routes(table);
    add_work_routes(table);
    add_live_routes(table);
    add_page_routes(table);
    return routes;
}

}  // namespace

struct Gateway::State {
    explicit State(Services given)
        : services(std::move(given)),
          live(services),
          graph_view(services),
          uploads(services.clock, [this](UploadProgress const& told) { live.tell(told); }),
          routes(make_routes(services)),
          metrics(routes) {
        services.live = &live;
        services.graph_view = &graph_view;
        services.uploads = &uploads;
        wire::HttpServerParts const parts{
            .executor = services.executor,
            .clock = &services.clock,
            .random = &services.random,
            .routes = &routes,
            .observe = [this](wire::HttpObservation const& seen) { metrics.observe(seen); },
            .tls = services.tls
        };
        server = wire::make_http_server(parts);
    }

    Services services;
    Live live;
    GraphView graph_view;
    Uploads uploads;
    wire::HttpRoutes routes;
    RequestMetrics metrics;
    std::unique_ptr<wire::HttpServer> server;
};

Gateway::Gateway(Services services) : state_(std::make_unique<State>(std::move(services))) {}

Gateway::~Gateway() = default;

wire::HttpRoutes const& Gateway::routes() const { return state_->routes; }

Task<void> Gateway::run(Listener& listener) {
    co_return co_await state_->server->accept_from(listener);
}

Task<void> Gateway::stop(Duration grace) { co_return co_await state_->server->stop(grace); }

}  // namespace disgrafs::gateway
