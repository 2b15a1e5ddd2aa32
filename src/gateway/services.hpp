#pragma once

/// \file gateway/services.hpp  What handlers work with, and how a handler becomes a route.
///
/// A handler is one coroutine in a file of its own that reads a request, calls one operation of a
/// lower floor and writes the answer. Handlers of signed-in people get the user; an exchange
/// without a valid session is answered 401 before they run.

#include <functional>
#include <memory>
#include <string>

#include "analysis/queue.hpp"
#include "cluster/cluster.hpp"
#include "files/files.hpp"
#include "files/people.hpp"
#include "graph/graph.hpp"
#include "io/clock.hpp"
#include "io/pool.hpp"
#include "io/random.hpp"
#include "io/task.hpp"
#include "search/search.hpp"
#include "wire/http.hpp"

namespace disgrafs::gateway {

class Live;
class GraphView;
class Uploads;

struct Services {
    graph::Graph& graph;
    files::Files& files;
    files::People& people;
    cluster::Cluster& cluster;
    search::Search& search;
    analysis::Queue& queue;
    Clock& clock;
    Random& random;
    Pool& cpu;
    boost::asio::any_io_executor executor;
    /// When set, https is served too, and other machines must use it.
    std::shared_ptr<wire::TlsContext const> tls = nullptr;
    std::string web_folder;  ///< The built page; empty: none, and "/" says how to build it.
    Live* live = nullptr;    ///< Set by the Gateway itself.
    GraphView* graph_view = nullptr;
    Uploads* uploads = nullptr;
};

using OpenHandler = Task<void> (*)(Services&, wire::HttpExchange&);
using SignedHandler = Task<void> (*)(Services&, wire::HttpExchange&, files::User const&);

/// Adds routes, each with its operation's word for metrics.
class RouteTable {
 public:
    RouteTable(wire::HttpRoutes& routes, Services& services)
        : routes_(routes), services_(services) {}
    void open(char const* method, char const* pattern, char const* op, OpenHandler handler);
    void signed_in(char const* method, char const* pattern, char const* op, SignedHandler handler);

 private:
    wire::HttpRoutes& routes_;
    Services& services_;
};

/// The session of a request: `Authorization: Bearer`, or the cookie, for which a changing request
/// needs `X-Requested-With: disgrafs`. Errors: denied.
Task<files::User> authenticate(Services& services, wire::HttpExchange& exchange);
/// The token by which a request is signed in, from header or cookie; empty when there is none.
std::string token_of(wire::HttpRequest const& request);
inline constexpr std::string_view session_cookie = "disgrafs_session";

// One line per file of handlers.
void add_login_routes(RouteTable& table);
void add_file_routes(RouteTable& table);
void add_folder_routes(RouteTable& table);
void add_node_routes(RouteTable& table);
void add_version_routes(RouteTable& table);
void add_tag_routes(RouteTable& table);
void add_trash_routes(RouteTable& table);
void add_people_routes(RouteTable& table);
void add_grant_routes(RouteTable& table);
void add_search_routes(RouteTable& table);
void add_graph_routes(RouteTable& table);
void add_cluster_routes(RouteTable& table);
void add_member_routes(RouteTable& table);
void add_work_routes(RouteTable& table);
void add_live_routes(RouteTable& table);
void add_page_routes(RouteTable& table);

}  // namespace disgrafs::gateway
