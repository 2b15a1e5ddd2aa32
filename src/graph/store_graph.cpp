#include <array>
#include <map>
#include <utility>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "graph/graph.hpp"
#include "graph/id_blocks.hpp"
#include "graph/ram_image.hpp"
#include "graph/store_transaction.hpp"
#include "io/task_group.hpp"
#include "io/wake.hpp"

namespace disgrafs::graph {
namespace {

constexpr std::size_t scan_rows = 4096;
constexpr int attempts_max = 16;

constexpr std::array node_kinds = {
    label::user, label::group, label::folder, label::file, label::tag
};
constexpr std::array edge_kinds = {
    edge::home,
    edge::member,
    edge::contains,
    edge::trashed,
    edge::tagged,
    edge::narrower,
    edge::similar,
    edge::same_content,
    edge::refers_to,
    edge::may
};

/// Nodes and edges by kind; what users made themselves is "other".
class Metrics {
 public:
    Metrics() {
        for (auto const kind : node_kinds) nodes_.push_back(&nodes(kind));
        for (auto const kind : edge_kinds) edges_.push_back(&edges(kind));
        nodes_.push_back(&nodes("other"));
        edges_.push_back(&edges("other"));
    }
    void set(RamImage const& image) {
        auto const counts = image.counts();
        auto other_nodes = static_cast<double>(counts.nodes);
        auto other_edges = static_cast<double>(counts.edges);
        for (std::size_t i = 0; i < node_kinds.size(); ++i) {
            auto const count = static_cast<double>(image.count_label(node_kinds[i]));
            nodes_[i]->Set(count);
            other_nodes -= count;
        }
        for (std::size_t i = 0; i < edge_kinds.size(); ++i) {
            auto const count = static_cast<double>(image.count_type(edge_kinds[i]));
            edges_[i]->Set(count);
            other_edges -= count;
        }
        nodes_.back()->Set(std::max(0.0, other_nodes));
        edges_.back()->Set(other_edges);
    }

 private:
    static Gauge& nodes(std::string_view kind) {
        return gauge("disgrafs_graph_nodes", "Nodes of the graph.", {{"kind", std::string(kind)}});
    }
    static Gauge& edges(std::string_view kind) {
        return gauge("disgrafs_graph_edges", "Edges of the graph.", {{"kind", std::string(kind)}});
    }

    std::vector<Gauge*> nodes_;
    std::vector<Gauge*> edges_;
};

class StoreGraph final : public Graph {
 public:
    StoreGraph(kv::Store& store, boost::asio::any_io_executor executor)
        : store_(store),
          executor_(std::move(executor)),
          image_(executor_),
          node_ids_(store, executor_, 'n'),
          edge_ids_(store, executor_, 'e'),
          retries_(executor_, 1),
          tasks_(executor_) {}

    Task<void> open();

    [[nodiscard]] Image const& image() const override { return image_; }
    std::unique_ptr<Transaction> begin() override;
    kv::Store& store() override { return store_; }
    Task<void> reach(kv::Revision revision) override;
    std::shared_ptr<void> listen(Listener listener) override;
    Semaphore& retries() override { return retries_; }
    Task<void> stop() override;

 private:
    Task<void> scan(kv::Snapshot& snapshot, Space space);
    Task<void> sweep();
    Task<void> follow(std::unique_ptr<kv::EventStream> stream);
    Result<void> draw(kv::Event const& event);
    void wake_reached();

    kv::Store& store_;
    boost::asio::any_io_executor executor_;
    RamImage image_;
    IdBlocks node_ids_;
    IdBlocks edge_ids_;
    Metrics metrics_;
    std::vector<std::weak_ptr<Listener>> listeners_;
    std::map<kv::Revision, std::shared_ptr<Wake>> waiting_;  ///< For the image to reach it.
    std::optional<Error> ended_;  ///< Why the image does not move any more.
    Semaphore retries_;
    TaskGroup tasks_;
};

Task<void> StoreGraph::open() {
    auto snapshot = store_.snapshot();
    auto const revision = snapshot->revision();
    constexpr std::array spaces = {
        Space::node, Space::edge, Space::folder, Space::child, Space::name, Space::lock
    };
    for (auto const space : spaces) CO_TRY_OK(co_await scan(*snapshot, space));
    image_.loaded(revision);
    snapshot.reset();
    metrics_.set(image_);
    CO_TRY_OK(co_await sweep());
    CO_TRY_OK(co_await node_ids_.open());
    CO_TRY_OK(co_await edge_ids_.open());
    tasks_.spawn("graph follower", follow(store_.events(revision)));
    co_return co_await reach(store_.revision());
}

Task<void> StoreGraph::scan(kv::Snapshot& snapshot, Space space) {
    auto range = kv::Range::prefix(std::string(1, static_cast<char>(space)));
    for (;;) {
        CO_TRY(auto const page, co_await snapshot.scan(range, scan_rows));
        for (auto const& row : page.entries) {
            auto const loaded = image_.load(row);
            if (loaded) continue;
            auto const key = to_hex(as_bytes(row.key));
            co_return fail(loaded.error().code, "key {}: {}", key, loaded.error().message);
        }
        if (!page.more) co_return Result<void>{};
        range.first = page.entries.back().key + '\0';
    }
}

/// Rows that hang in the air since a node was removed in the moment in which they were added.
Task<void> StoreGraph::sweep() {
    auto const rows = image_.dangling();
    for (auto const& row : rows) {
        kv::Batch batch;
        batch.require(row.key, row.revision).remove(row.key);
        auto const swept = co_await store_.commit(std::move(batch));
        if (!swept && swept.error().code != Errc::conflict) {
            co_return std::unexpected(swept.error());
        }
    }
    if (!rows.empty()) LOG_WARN("swept rows without a node", kv("rows", rows.size()));
    co_return Result<void>{};
}

std::unique_ptr<Transaction> StoreGraph::begin() {
    return std::make_unique<StoreTransaction>(TransactionHome{
        .image = image_,
        .store = store_,
        .node_ids = node_ids_,
        .edge_ids = edge_ids_,
        .reach = [this](kv::Revision revision) { return reach(revision); },
    });
}

Task<void> StoreGraph::reach(kv::Revision revision) {
    while (image_.revision() < revision) {
        if (ended_) co_return std::unexpected(*ended_);
        auto& wake = waiting_[revision];
        if (!wake) wake = std::make_shared<Wake>(executor_);
        auto const held = wake;
        CO_TRY_OK(co_await held->wait());
    }
    co_return Result<void>{};
}

std::shared_ptr<void> StoreGraph::listen(Listener listener) {
    auto held = std::make_shared<Listener>(std::move(listener));
    listeners_.push_back(held);
    return held;
}

Task<void> StoreGraph::stop() {
    CO_TRY_OK(co_await tasks_.stop());
    if (!ended_) ended_ = Error{Errc::cancelled, "the graph was stopped", {}};
    wake_reached();
    co_return Result<void>{};
}

Task<void> StoreGraph::follow(std::unique_ptr<kv::EventStream> stream) {
    for (;;) {
        auto const event = co_await stream->next();
        auto drawn = event ? draw(**event) : std::unexpected(event.error());
        if (drawn) {
            wake_reached();
            continue;
        }
        ended_ = drawn.error();
        wake_reached();
        if (drawn.error().code == Errc::cancelled) co_return Result<void>{};
        LOG_ERROR("the image stands still", kv("error", drawn.error()));
        co_return Result<void>{};
    }
}

Result<void> StoreGraph::draw(kv::Event const& event) {
    std::erase_if(listeners_, [](auto const& listener) { return listener.expired(); });
    Change change;
    TRY_OK(image_.apply(event, listeners_.empty() ? nullptr : &change));
    metrics_.set(image_);
    auto const listeners = listeners_;  // one of them may listen() anew
    for (auto const& each : listeners) {
        if (auto const listener = each.lock()) (*listener)(change);
    }
    return {};
}

void StoreGraph::wake_reached() {
    auto const end = ended_ ? waiting_.end() : waiting_.upper_bound(image_.revision());
    for (auto at = waiting_.begin(); at != end; at = waiting_.erase(at)) at->second->notify();
}

}  // namespace

Task<std::unique_ptr<Graph>> open_graph(kv::Store& store, boost::asio::any_io_executor executor) {
    auto graph = std::make_unique<StoreGraph>(store, std::move(executor));
    auto const opened = co_await graph->open();
    if (!opened) {
        CO_TRY_OK(co_await graph->stop());
        co_return std::unexpected(opened.error());
    }
    co_return graph;
}

Task<kv::Revision> run_transaction(Graph& graph, std::function<Task<void>(Transaction&)> body) {
    Semaphore::Place alone;
    for (int attempt = 1;; ++attempt) {
        auto const transaction = graph.begin();
        auto const filled = co_await body(*transaction);
        if (!filled) co_return std::unexpected(filled.error());
        auto revision = co_await transaction->commit();
        if (revision || revision.error().code != Errc::conflict || attempt == attempts_max) {
            co_return revision;
        }
        if (attempt == 1) {
            CO_TRY(alone, co_await graph.retries().acquire());
        }
        CO_TRY_OK(co_await graph.reach(graph.store().revision()));
    }
}

}  // namespace disgrafs::graph
