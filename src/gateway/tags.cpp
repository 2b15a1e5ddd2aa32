/// \file gateway/tags.cpp  Tags: of one file, and all that a user may see.

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.hpp"
#include "gateway/answers.hpp"

namespace disgrafs::gateway {

namespace json = boost::json;

namespace {

/// The FileTag of a name on a file, as tags_of() shows it.
Result<json::object> find_tag(Services& services, NodeId file, std::string_view name) {
    for (auto& tag : tags_of(services.graph.image(), file)) {
        if (tag.as_object().at("name").as_string() == name) return tag.as_object();
    }
    return fail(Errc::not_found, "the file has no tag '{}'", name);
}

Task<void> add_tag(Services& services, wire::HttpExchange& exchange, files::User const& /*user*/) {
    CO_TRY(auto const id, id_capture(exchange.request()));
    CO_TRY(auto const body, co_await read_json(exchange));
    CO_TRY(auto const name, text_member(body, "name"));
    CO_TRY_OK(co_await services.files.add_tag(exchange.context(), id, name));
    CO_TRY(auto const out, find_tag(services, id, name));
    co_return co_await send_json(exchange, 201, out);
}

Task<void>
judge_tag(Services& services, wire::HttpExchange& exchange, files::User const& /*user*/) {
    CO_TRY(auto const id, id_capture(exchange.request()));
    auto const tag = exchange.request().captures.at(1);
    CO_TRY(auto const body, co_await read_json(exchange));
    CO_TRY(auto const state, text_member(body, "state"));
    CO_TRY_OK(co_await services.files.judge_tag(exchange.context(), id, tag, state));
    CO_TRY(auto const out, find_tag(services, id, tag));
    co_return co_await send_json(exchange, 200, out);
}

Task<void> remove_tag(
    Services& services, wire::HttpExchange& exchange, files::User const& /*user*/
) {
    CO_TRY(auto const id, id_capture(exchange.request()));
    auto const tag = exchange.request().captures.at(1);
    CO_TRY_OK(co_await services.files.remove_tag(exchange.context(), id, tag));
    co_return co_await send_nothing(exchange);
}

/// How many files that the user may read carry the tag, rejections aside.
std::uint64_t files_with(Services& services, NodeId user, NodeId tag) {
    std::uint64_t count = 0;
    auto const& image = services.graph.image();
    for (auto const& edge : image.edges(tag, graph::Direction::in, graph::edge::tagged)) {
        if (edge["state"].text() == "rejected") continue;
        if (services.files.rights().of(user, edge.from).read &&
            services.files.rights().sees(user, edge.from)) {
            ++count;
        }
    }
    return count;
}

Task<void> list_tags(Services& services, wire::HttpExchange& exchange, files::User const& user) {
    auto const& request = exchange.request();
    Bounds const bounds{.least = 1, .most = 1000, .fallback = 100};
    CO_TRY(auto const limit, number_query(request, "limit", bounds));
    auto const prefix = to_lower_ascii(text_query(request, "prefix"));
    struct Row {
        std::uint64_t files = 0;
        graph::NodeRecord const* tag = nullptr;
    };
    std::vector<Row> rows;
    auto const& image = services.graph.image();
    for (auto const id : image.with_label(graph::label::tag)) {
        auto const* tag = image.node(id);
        if (!to_lower_ascii((*tag)["name"].text()).starts_with(prefix)) continue;
        auto const files = files_with(services, user.id, id);
        if (files > 0) rows.push_back({files, tag});
    }
    std::ranges::sort(rows, [](Row const& a, Row const& b) {
        return std::pair(b.files, a.tag->id) < std::pair(a.files, b.tag->id);
    });
    json::array list;
    for (auto const& row : rows) {
        if (list.size() >= limit) break;
        list.push_back(json::object{
            {"id", fmt::format("{}", row.tag->id.value)},
            {"name", (*row.tag)["name"].text()},
            {"kind", (*row.tag)["kind"].text("user")},
            {"files", row.files}
        });
    }
    json::object const out{{"tags", std::move(list)}};
    co_return co_await send_json(exchange, 200, out);
}

}  // namespace

void add_tag_routes(RouteTable& table) {
    table.signed_in("GET", "/api/v1/tags", "tags", list_tags);
    table.signed_in("POST", "/api/v1/nodes/{id}/tags", "add_tag", add_tag);
    table.signed_in("PUT", "/api/v1/nodes/{id}/tags/{tag}", "judge_tag", judge_tag);
    table.signed_in("DELETE", "/api/v1/nodes/{id}/tags/{tag}", "remove_tag", remove_tag);
}

}  // namespace disgrafs::gateway
