#pragma once

/// \file gateway/answers.hpp  The JSON shapes of the API (src/gateway/openapi.yaml), and request
/// parts.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "base/time.hpp"
#include "cluster/cluster.hpp"
#include "files/files.hpp"
#include "files/people.hpp"
#include "gateway/services.hpp"
#include "graph/graph.hpp"
#include "wire/http.hpp"

namespace disgrafs::gateway {

boost::json::object to_json(files::Entry const& entry);
boost::json::object to_json(files::User const& user);
boost::json::object to_json(files::Grant const& grant);
boost::json::object to_json(cluster::Member const& member);
boost::json::object to_json(cluster::RepairStatus const& repair);
boost::json::object to_json(analysis::QueueStatus const& status, std::size_t workers);

/// Everything about a file or folder that `user` may see (schema Detail).
Task<boost::json::object> detail_of(Services& services, Context context, NodeId node);
/// Its tags, strongest first (schema FileTag); rejected ones too.
boost::json::array tags_of(graph::Image const& image, NodeId file);
/// Similar files that the user of `context` may see (schema Similar).
Task<boost::json::array> similar_to(Services& services, Context context, NodeId file);

Task<void> send_json(wire::HttpExchange& exchange, int status, boost::json::value const& body);
Task<void> send_nothing(wire::HttpExchange& exchange);

/// The body as a JSON object of at most 1 MiB. Errors: invalid, exhausted.
Task<boost::json::object> read_json(wire::HttpExchange& exchange);
/// A member that must be there. Errors: invalid, naming it.
Result<std::string> text_member(boost::json::object const& object, std::string_view name);
bool flag_member(boost::json::object const& object, std::string_view name, bool fallback);
/// Errors: invalid (not a whole number ≥ 0).
Result<std::optional<std::uint64_t>> number_member(
    boost::json::object const& object, std::string_view name
);

/// A number of the query string within bounds. Errors: invalid.
struct Bounds {
    std::uint64_t least = 0;
    std::uint64_t most = 0;
    std::uint64_t fallback = 0;
};
Result<std::uint64_t> number_query(
    wire::HttpRequest const& request, std::string const& name, Bounds bounds
);
std::string text_query(wire::HttpRequest const& request, std::string const& name);

/// What a route's `{path*}` captured, as a path from the root.
std::string path_capture(wire::HttpRequest const& request);
/// `{id}` of a node. Errors: invalid.
Result<NodeId> id_capture(wire::HttpRequest const& request);
/// Value of a header, or empty.
std::string header(wire::HttpRequest const& request, std::string_view name);

}  // namespace disgrafs::gateway
