/// \file gateway/detail.cpp  A file with all that is known about it: one answer for the file panel.

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "gateway/answers.hpp"

namespace disgrafs::gateway {

namespace json = boost::json;

namespace {

/// Properties that the engine keeps for itself, or that Entry shows already.
constexpr std::array hidden{
    "name",
    "ext",
    "size",
    "media_type",
    "owner",
    "created",
    "modified",
    "version",
    "root",
    "sha256",
    "content",
    "stored",
    "written_by",
    "analysed",
    "analysis_reason",
    "analysis_by",
    "analysis_attempts"
};

json::value to_json(graph::Value const& value) {
    if (value.is_null()) return nullptr;
    if (auto const* flag = std::get_if<bool>(&value.is)) return *flag;
    if (auto const* integer = std::get_if<std::int64_t>(&value.is)) return *integer;
    if (auto const* number = std::get_if<double>(&value.is)) return *number;
    if (auto const* text = std::get_if<std::string>(&value.is)) return json::string(*text);
    json::array list;
    for (auto const& item : std::get<graph::List>(value.is)) list.push_back(to_json(item));
    return list;
}

json::array reasons(graph::Value const& why) {
    json::array out;
    if (auto const* list = std::get_if<graph::List>(&why.is)) {
        for (auto const& reason : *list) out.push_back(json::string(reason.text()));
    }
    return out;
}

struct Likeness {
    NodeId file;
    double score = 0;
    json::array why;
};

/// SIMILAR is drawn once for a pair; both ends show it.
std::vector<Likeness> likenesses(graph::Image const& image, NodeId file) {
    std::vector<Likeness> found;
    for (auto const direction : {graph::Direction::out, graph::Direction::in}) {
        for (auto const& edge : image.edges(file, direction, graph::edge::similar)) {
            auto const other = direction == graph::Direction::out ? edge.to : edge.from;
            found.push_back({other, edge["score"].number(), reasons(edge["why"])});
        }
    }
    std::ranges::sort(found, [](Likeness const& a, Likeness const& b) {
        return std::pair(-a.score, a.file) < std::pair(-b.score, b.file);
    });
    auto const same = [](Likeness const& a, Likeness const& b) { return a.file == b.file; };
    auto const rest = std::ranges::unique(found, same);
    found.erase(rest.begin(), rest.end());
    return found;
}

}  // namespace

json::array tags_of(graph::Image const& image, NodeId file) {
    struct Row {
        double score = 0;
        NodeId id;
        json::object tag;
    };
    std::vector<Row> rows;
    for (auto const& edge : image.edges(file, graph::Direction::out, graph::edge::tagged)) {
        auto const* tag = image.node(edge.to);
        if (tag == nullptr) continue;
        auto const score = edge["score"].number(1);
        rows.push_back(
            {score,
             tag->id,
             {{"id", fmt::format("{}", tag->id.value)},
              {"name", (*tag)["name"].text()},
              {"kind", (*tag)["kind"].text("user")},
              {"score", score},
              {"by", edge["by"].text()},
              {"state", edge["state"].text("proposed")}}}
        );
    }
    std::ranges::sort(rows, [](Row const& a, Row const& b) {
        return std::pair(-a.score, a.id) < std::pair(-b.score, b.id);
    });
    json::array out;
    for (auto& row : rows) out.push_back(std::move(row.tag));
    return out;
}

Task<json::array> similar_to(Services& services, Context context, NodeId file) {
    json::array out;
    for (auto& likeness : likenesses(services.graph.image(), file)) {
        auto const entry = co_await services.files.entry(context, likeness.file);
        if (!entry) continue;  // Not to be seen, or just deleted.
        out.push_back(json::object{
            {"entry", to_json(*entry)}, {"score", likeness.score}, {"why", std::move(likeness.why)}
        });
    }
    co_return out;
}

Task<json::object> detail_of(Services& services, Context context, NodeId node) {
    CO_TRY(auto const entry, co_await services.files.entry(context, node));
    auto out = to_json(entry);
    auto const& image = services.graph.image();
    auto const* record = image.node(node);
    if (record == nullptr) co_return fail(Errc::not_found, "no such node");
    json::object properties;
    for (auto const& [name, value] : record->properties) {
        if (std::ranges::find(hidden, name) == hidden.end()) properties[name] = to_json(value);
    }
    out["properties"] = std::move(properties);
    if (entry.kind == files::Kind::folder) co_return out;

    json::object analysis{{"status", entry.analysed}};
    if (auto const reason = (*record)["analysis_reason"].text(); !reason.empty()) {
        analysis["reason"] = reason;
    }
    if (auto const by = (*record)["analysis_by"].text(); !by.empty()) analysis["by"] = by;
    analysis["attempts"] = (*record)["analysis_attempts"].integer();
    out["analysis"] = std::move(analysis);
    out["file_tags"] = tags_of(image, node);

    std::vector<std::pair<std::string, NodeId>> targets;
    for (auto const& edge : image.edges(node, graph::Direction::out, graph::edge::refers_to)) {
        targets.emplace_back(edge["how"].text(), edge.to);
    }
    json::array references;
    for (auto const& [how, target] : targets) {
        auto const other = co_await services.files.entry(context, target);
        if (other) references.push_back(json::object{{"how", how}, {"entry", to_json(*other)}});
    }
    out["references"] = std::move(references);
    CO_TRY(out["similar"], co_await similar_to(services, context, node));
    co_return out;
}

}  // namespace disgrafs::gateway
