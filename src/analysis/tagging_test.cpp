#include "analysis/tagging.hpp"

#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "analysis/corpus.hpp"
#include "analysis/findings.hpp"
#include "base/ids.hpp"
#include "graph/graph.hpp"
#include "graph/schema.hpp"
#include "graph/test_graph.hpp"
#include "io/task.hpp"
#include "kv/test_world.hpp"

namespace disgrafs::analysis {
namespace {

using Tagging = graph::GraphTest;

Task<NodeId> make_file(graph::Graph& graph, std::string name) {
    auto const change = graph.begin();
    auto const file = change->create_node({"File"}, {{"name", std::move(name)}, {"version", 1}});
    CO_TRY_OK(co_await change->commit());
    co_return file;
}

Task<void> apply(graph::Graph& graph, NodeId file, Findings findings) {
    Corpus corpus;
    corpus.put(file, portrait_of(findings));
    TaggedVersion const version{.file = file, .version = 1};
    TaggingOptions const options;
    co_return co_await apply_findings(graph, corpus, version, findings, options);
}

Findings about(std::string const& phrase) {
    Findings findings;
    findings.analyser = "test/1";
    findings.media_type = "text/plain";
    findings.candidates.push_back({phrase, phrase, 3, 0, 1.0});
    return findings;
}

Findings picture() {
    Findings findings;
    findings.analyser = "test/1";
    findings.media_type = "image/png";
    findings.tags.push_back({"PNG", "format", 1, "test/1"});
    return findings;
}

std::string kind_of(graph::Image const& image, std::string const& tag) {
    auto const node = image.named(graph::label::tag, tag);
    return node ? std::string((*image.node(*node))["kind"].text()) : "no such tag";
}

std::size_t tags_of(graph::Image const& image, NodeId file) {
    return image.edges(file, graph::Direction::out, graph::edge::tagged).size();
}

TEST_F(Tagging, AFormatThatWasFirstSeenAsAPhraseBecomesAFormat) {
    tell([](kv::StoreWorld& world) -> Task<void> {
        CO_TRY(auto graph, co_await graph::open(world));
        CO_TRY(auto const text, co_await make_file(*graph, "notes.txt"));
        CO_TRY_OK(co_await apply(*graph, text, about("PNG")));
        EXPECT_EQ(kind_of(graph.image(), "PNG"), "keyphrase");
        CO_TRY(auto const image, co_await make_file(*graph, "a.png"));
        CO_TRY_OK(co_await apply(*graph, image, picture()));
        EXPECT_EQ(kind_of(graph.image(), "PNG"), "format");
        EXPECT_EQ(tags_of(graph.image(), text), 1U) << "the text still speaks of it";
        CO_TRY_OK(co_await apply(*graph, text, about("PNG")));
        EXPECT_EQ(kind_of(graph.image(), "PNG"), "format") << "a guess never takes it back";
        co_return co_await graph.close();
    });
}

TEST_F(Tagging, OfAPhraseAndAFormatWithOneNameTheFormatStays) {
    tell([](kv::StoreWorld& world) -> Task<void> {
        CO_TRY(auto graph, co_await graph::open(world));
        CO_TRY(auto const file, co_await make_file(*graph, "a.png"));
        auto both = picture();
        both.candidates = about("PNG").candidates;
        CO_TRY_OK(co_await apply(*graph, file, both));
        EXPECT_EQ(kind_of(graph.image(), "PNG"), "format");
        EXPECT_EQ(tags_of(graph.image(), file), 1U);
        co_return co_await graph.close();
    });
}

TEST_F(Tagging, ATagThatAPersonMadeKeepsItsKind) {
    tell([](kv::StoreWorld& world) -> Task<void> {
        CO_TRY(auto graph, co_await graph::open(world));
        auto const change = graph->begin();
        change->create_named({"Tag"}, "PNG", {{"kind", "user"}});
        CO_TRY_OK(co_await change->commit());
        CO_TRY(auto const file, co_await make_file(*graph, "a.png"));
        CO_TRY_OK(co_await apply(*graph, file, picture()));
        EXPECT_EQ(kind_of(graph.image(), "PNG"), "user");
        EXPECT_EQ(tags_of(graph.image(), file), 1U);
        co_return co_await graph.close();
    });
}

}  // namespace
}  // namespace disgrafs::analysis
