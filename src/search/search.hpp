#pragma once

/// \file search/search.hpp  Words to files: a follower of the graph.
///
/// Likeness: the register at the end of a book, kept while the book is being written. It holds
/// names, tags and text of every file and the names of folders; ranking is BM25 over these fields
/// (Robertson & Zaragoza 2009), prefix and fuzzy matches (edit distance ≤ 2) of names, Chinese by
/// characters and pairs. It can be dropped and rebuilt from the store; watermark() says how far it
/// has come.
///
/// Concurrency: one event loop; a search runs on it for a few ms at most.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "graph/graph.hpp"
#include "io/pool.hpp"
#include "io/task.hpp"

namespace disgrafs::search {

/// words "a phrase" -not tag:x type:pdf in:/folder, OR, brackets: docs/search.md has the grammar.
struct SearchRequest {
    std::string query;
    std::size_t limit = 20;
    std::size_t offset = 0;
    /// What may not be seen is not counted. Called at most once per candidate.
    std::function<bool(NodeId)> is_visible;
};

struct Hit {
    NodeId node;
    double score = 0;     ///< Greater is better; comparable within one answer.
    std::string snippet;  ///< Matches between \x02 and \x03.
};

struct SearchAnswer {
    std::uint64_t total = 0;
    std::vector<Hit> hits;
    struct Facet {
        std::string tag;
        std::uint64_t count = 0;
    };
    std::vector<Facet> facets;  ///< Tags that some, not all, of the hits carry; at most 20.
};

class Search {
 public:
    virtual ~Search() = default;
    /// Errors: invalid (query, with position and reason).
    virtual Task<SearchAnswer> search(SearchRequest request) = 0;
    [[nodiscard]] virtual std::uint64_t documents() const = 0;  ///< In the index now.
    [[nodiscard]] virtual kv::Revision watermark() const = 0;
    /// Builds the index from the store, then follows; until stop().
    virtual Task<void> run() = 0;
    virtual Task<void> stop() = 0;
};

struct SearchParts {
    graph::Graph* graph = nullptr;
    Pool* cpu = nullptr;
    boost::asio::any_io_executor executor;
};
std::unique_ptr<Search> make_search(SearchParts parts);

}  // namespace disgrafs::search
