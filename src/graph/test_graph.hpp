#pragma once

/// \file graph/test_graph.hpp  What the tests of graph/ share: a graph in a folder, and its
/// portrait.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "graph/graph.hpp"
#include "kv/test_world.hpp"

namespace disgrafs::graph {

/// A store and the graph in it. close() before it dies.
struct OpenGraph {
    std::unique_ptr<kv::Store> store;
    std::unique_ptr<Graph> graph;

    Graph* operator->() const { return graph.get(); }
    Graph& operator*() const { return *graph; }
    [[nodiscard]] Image const& image() const { return graph->image(); }

    Task<void> close() {
        CO_TRY_OK(co_await graph->stop());
        CO_TRY_OK(co_await store->stop());
        graph.reset();
        store.reset();
        co_return Result<void>{};
    }
};

inline Task<OpenGraph> open(kv::StoreWorld& world) {
    OpenGraph opened;
    CO_TRY(opened.store, co_await world.open(kv::StoreWorld::many_events));
    CO_TRY(opened.graph, co_await open_graph(*opened.store, world.executor()));
    co_return opened;
}

inline std::string show(Value const& value) {
    struct Show {
        std::string operator()(std::monostate) const { return "null"; }
        std::string operator()(bool held) const { return held ? "true" : "false"; }
        std::string operator()(std::int64_t held) const { return std::to_string(held); }
        std::string operator()(double held) const { return fmt::format("{}f", held); }
        std::string operator()(std::string const& held) const { return '"' + held + '"'; }
        std::string operator()(List const& held) const {
            std::string text = "[";
            for (auto const& part : held) text += show(part) + ",";
            return text + "]";
        }
    };
    return std::visit(Show{}, value.is);
}

inline std::string show(Properties const& properties) {
    std::string text = "{";
    for (auto const& [key, value] : properties) text += key + ":" + show(value) + " ";
    return text + "}";
}

/// Everything that the image says, one line per node and edge. Equal graphs give equal text.
inline std::string portrait(Image const& image) {
    std::string text;
    for (auto const id : image.with_label("")) {
        auto const& node = *image.node(id);
        text += fmt::format(
            "{}@{} {} {}",
            id.value,
            node.revision,
            fmt::join(node.labels, ":"),
            show(node.properties)
        );
        for (auto const& label : node.labels) {
            auto const name = std::string(node["name"].text());
            if (image.named(label, name) == id) text += fmt::format(" named {}", label);
        }
        if (auto const place = image.place(id)) {
            text += fmt::format(" in {}/{}@{}", place->folder.value, place->name, place->revision);
        }
        for (auto const& edge : image.edges(id, Direction::out)) {
            text += fmt::format(
                "\n  {}@{} -{}-> {} {}",
                edge.id.value,
                edge.revision,
                edge.type,
                edge.to.value,
                show(*edge.properties)
            );
        }
        for (auto const& edge : image.edges(id, Direction::in)) {
            text += fmt::format("\n  {} <-{}-", edge.id.value, edge.type);
        }
        for (auto const& child : image.children(id, "", 1'000'000)) {
            text += fmt::format("\n  /{} {} {}", child.name, child.node.value, child.edge.value);
        }
        text += "\n";
    }
    auto const counts = image.counts();
    return text + fmt::format("{} nodes {} edges\n", counts.nodes, counts.edges);
}

class GraphTest : public ::testing::Test {
 protected:
    void tell(kv::StoreWorld::Story story) {
        auto const told = world_.run(std::move(story));
        if (!told) ADD_FAILURE() << told.error().message;
    }

 private:
    kv::LogWorld world_;
};

template <typename T>
void expect_error(Result<T> const& result, Errc code) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, code) << result.error().message;
}

/// A folder and a file in it called "a.txt".
struct Pair {
    NodeId folder;
    NodeId file;
};
inline Task<Pair> make_pair(Graph& graph) {
    auto const change = graph.begin();
    Pair made;
    made.folder = change->create_node({"Folder"}, {{"name", "root"}});
    made.file = change->create_node({"File"}, {{"size", 7}});
    change->add_child(made.folder, "a.txt", made.file);
    CO_TRY_OK(co_await change->commit());
    co_return made;
}

inline std::vector<std::string> names_of(std::vector<Child> const& children) {
    std::vector<std::string> names;
    for (auto const& child : children) names.emplace_back(child.name);
    return names;
}

}  // namespace disgrafs::graph
