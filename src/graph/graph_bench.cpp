/// Layout, communities, and what the image costs in memory and time. ./dev bench graph.

#include <benchmark/benchmark.h>
#include <boost/asio/io_context.hpp>
#include <malloc.h>

#include "graph/communities.hpp"
#include "graph/layout.hpp"
#include "graph/ram_image.hpp"
#include "io/random.hpp"

namespace disgrafs::graph {
namespace {

/// `nodes` in communities of about 60, four edges each.
std::vector<WeightedEdge> drive(std::uint32_t nodes, std::uint32_t edges) {
    auto const random = make_seeded_random(11);
    std::vector<WeightedEdge> made;
    for (std::uint32_t i = 0; i < edges; ++i) {
        auto const a = static_cast<std::uint32_t>(random->below(nodes));
        auto const near = a / 60 * 60 + static_cast<std::uint32_t>(random->below(60));
        auto const far = static_cast<std::uint32_t>(random->below(nodes));
        made.push_back({a, random->happens(0.9) ? near % nodes : far, 1});
    }
    return made;
}

void find_communities_of(benchmark::State& state) {
    auto const edges = drive(5000, 20'000);
    for (auto _ : state) benchmark::DoNotOptimize(find_communities(5000, edges, {}).count);
}
BENCHMARK(find_communities_of)->Unit(benchmark::kMillisecond)->Name("communities/5000n_20000e");

void lay_out_of(benchmark::State& state) {
    auto const edges = drive(5000, 20'000);
    auto const found = find_communities(5000, edges, {});
    for (auto _ : state) benchmark::DoNotOptimize(lay_out(5000, edges, found.of_node(), {}).data());
}
BENCHMARK(lay_out_of)->Unit(benchmark::kMillisecond)->Name("layout/5000n_20000e");

std::size_t heap_bytes() { return mallinfo2().uordblks; }

void put(RamImage& image, std::string key, Bytes value) {
    (void)image.load({std::move(key), std::move(value), 1});
}

Properties file_properties(std::uint64_t number) {
    return {
        {"name", fmt::format("report {:07}.pdf", number)},
        {"ext", "pdf"},
        {"size", static_cast<std::int64_t>(number * 977)},
        {"media_type", "application/pdf"},
        {"owner", 3},
        {"created", std::int64_t{1'764'000'000'000'000}},
        {"modified", std::int64_t{1'764'000'000'000'000}},
        {"version", 1},
        {"sha256", std::string(64, 'a')},
        {"analysed", true},
    };
}

/// `files` files in folders of 1,000, each with `tags_each` of 5,000 tags.
void fill(RamImage& image, std::uint64_t files, int tags_each) {
    auto const random = make_seeded_random(1);
    constexpr std::uint64_t tags = 5000;
    auto const folders = files / 1000 + 1;
    auto const first_file = tags + folders + 1;
    for (std::uint64_t i = 1; i <= tags; ++i) {
        NodeRow const tag{{"Tag"}, {{"name", fmt::format("tag{}", i)}, {"kind", "keyphrase"}}};
        put(image, node_key(NodeId{i}), encode_node(tag));
    }
    for (std::uint64_t i = 0; i < folders; ++i) {
        NodeRow const folder{{"Folder"}, {{"name", fmt::format("folder{}", i)}}};
        put(image, node_key(NodeId{tags + 1 + i}), encode_node(folder));
    }
    std::uint64_t edge = 0;
    for (std::uint64_t i = 0; i < files; ++i) {
        NodeId const file{first_file + i};
        NodeId const folder{tags + 1 + i / 1000};
        put(image, node_key(file), encode_node({{"File"}, file_properties(i)}));
        auto const name = fmt::format("report {:07}.pdf", i);
        EdgeId const placed{++edge};
        auto const contains = encode_edge({{"name", name}});
        put(image, edge_key({folder, "CONTAINS", file, placed}), contains);
        put(image, child_key(folder, name), encode_child({file, placed}));
        for (int t = 0; t < tags_each; ++t) {
            NodeId const tag{1 + std::min(random->below(tags), random->below(tags))};
            Properties const tagged = {
                {"score", 0.73},
                {"by", "keyphrase-1"},
                {"at", std::int64_t{1'764'000'000'000'000}},
                {"state", "proposed"}
            };
            put(image, edge_key({file, "TAGGED", tag, EdgeId{++edge}}), encode_edge(tagged));
        }
    }
}

void image_bytes(benchmark::State& state) {
    auto const files = static_cast<std::uint64_t>(state.range(0));
    boost::asio::io_context context;
    for (auto _ : state) {
        auto const before = heap_bytes();
        RamImage image(context.get_executor());
        fill(image, files, static_cast<int>(state.range(1)));
        auto const bytes = static_cast<double>(heap_bytes() - before);
        auto const counts = image.counts();
        state.counters["bytes_per_file"] = bytes / static_cast<double>(files);
        state.counters["MB"] = bytes / 1e6;
        state.counters["rows_per_s"] = benchmark::Counter(
            static_cast<double>(counts.nodes + counts.edges), benchmark::Counter::kIsRate
        );
    }
}
BENCHMARK(image_bytes)
    ->ArgNames({"files", "tags"})
    ->Args({100'000, 0})
    ->Args({100'000, 8})
    ->Iterations(1)
    ->Unit(benchmark::kSecond);

class Filled : public benchmark::Fixture {
 public:
    void SetUp(benchmark::State const&) override {
        if (image) return;
        image = std::make_unique<RamImage>(context.get_executor());
        fill(*image, 100'000, 8);
        files = image->with_label("File");
    }
    static inline boost::asio::io_context context;
    static inline std::unique_ptr<RamImage> image;
    static inline std::vector<NodeId> files;
};

BENCHMARK_F(Filled, point_read)(benchmark::State& state) {
    std::size_t at = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize((*image->node(files[at]))["size"].integer());
        at = (at + 7919) % files.size();
        if (at % 16 == 0) context.restart(), context.poll();
    }
}

BENCHMARK_F(Filled, edges_of_a_file)(benchmark::State& state) {
    std::size_t at = 0;
    for (auto _ : state) {
        benchmark::DoNotOptimize(image->edges(files[at], Direction::out, "TAGGED").size());
        at = (at + 7919) % files.size();
        if (at % 16 == 0) context.restart(), context.poll();
    }
}

BENCHMARK_F(Filled, page_of_100_children)(benchmark::State& state) {
    NodeId const folder{5001};
    for (auto _ : state) {
        benchmark::DoNotOptimize(image->children(folder, "report 0000500.pdf", 100).size());
    }
}

BENCHMARK_F(Filled, child_by_name)(benchmark::State& state) {
    NodeId const folder{5001};
    for (auto _ : state) benchmark::DoNotOptimize(image->child(folder, "report 0000500.pdf"));
}

}  // namespace
}  // namespace disgrafs::graph
