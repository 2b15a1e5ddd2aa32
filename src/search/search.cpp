#include "search/search.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "analysis/rows.hpp"
#include "base/log.hpp"
#include "io/pool.hpp"
#include "io/wake.hpp"
#include "search/evaluate.hpp"
#include "search/index.hpp"
#include "search/query.hpp"
#include "search/snippet.hpp"
#include "search/tokens.hpp"

namespace disgrafs::search {

namespace {

constexpr std::size_t facet_max = 20;
constexpr std::size_t verified_max = 1000;  ///< Candidates whose text is read for a phrase.

bool is_indexed(graph::Image const& image, NodeId id) {
    auto const* node = image.node(id);
    if (node == nullptr || !image.place(id)) return false;
    return node->has_label(graph::label::file) || node->has_label(graph::label::folder);
}

class Follower : public Search {
 public:
    explicit Follower(SearchParts parts)
        : parts_(parts), image_(parts.graph->image()), wake_(parts.executor) {
        following_ =
            parts_.graph->listen([this](graph::Graph::Change const& change) { follow(change); });
        for (auto const label : {graph::label::file, graph::label::folder}) {
            for (auto const node : image_.with_label(label)) dirty_.insert(node);
        }
    }

    Task<SearchAnswer> search(SearchRequest request) override {
        CO_TRY(auto const query, parse_query(request.query));
        CO_TRY(auto found, evaluate(query, index_, image_));
        auto hits = visible(found.docs, request);
        if (!found.phrases.empty()) CO_TRY_OK(co_await keep_phrases(hits, found.phrases));
        std::ranges::sort(hits, [](Hit const& a, Hit const& b) {
            return std::pair(-a.score, a.node) < std::pair(-b.score, b.node);
        });
        SearchAnswer out;
        out.total = hits.size();
        out.facets = facets_of(hits);
        auto const begin = std::min(request.offset, hits.size());
        auto const end = std::min(begin + request.limit, hits.size());
        for (auto index = begin; index < end; ++index) {
            CO_TRY(auto const text, co_await text_of(hits[index].node));
            hits[index].snippet = snippet_of(text, found.terms);
            out.hits.push_back(std::move(hits[index]));
        }
        co_return out;
    }

    std::uint64_t documents() const override { return index_.documents(); }
    kv::Revision watermark() const override { return watermark_; }

    Task<void> run() override {
        while (!is_stopping_) {
            auto const upto = image_.revision();
            while (!dirty_.empty() && !is_stopping_) {
                auto const node = *dirty_.begin();
                dirty_.erase(dirty_.begin());
                CO_TRY_OK(co_await update(node));
            }
            watermark_ = upto;
            if (is_stopping_ || !dirty_.empty()) continue;
            watermark_ = image_.revision();
            CO_TRY_OK(co_await wake_.wait());
        }
        co_return Result<void>{};
    }

    Task<void> stop() override {
        is_stopping_ = true;
        following_.reset();
        wake_.notify();
        co_return Result<void>{};
    }

 private:
    void follow(graph::Graph::Change const& change) {
        auto const touch = [this](NodeId node) { dirty_.insert(node); };
        for (auto const node : change.nodes_created) touch(node);
        for (auto const node : change.nodes_changed) touch(node);
        for (auto const& node : change.nodes_removed) touch(node.id);
        for (auto const* edges :
             {&change.edges_created, &change.edges_changed, &change.edges_removed}) {
            for (auto const& edge : *edges) {
                if (edge.type == graph::edge::tagged) touch(edge.from);
                if (edge.type == graph::edge::contains) touch(edge.to);
            }
        }
        wake_.notify();
    }

    /// The document of a node as it is now, or its removal.
    Task<void> update(NodeId id) {
        if (!is_indexed(image_, id)) {
            index_.remove(id);
            co_return Result<void>{};
        }
        CO_TRY(auto const text, co_await text_of(id));
        Document document;
        auto const cut = [&]() -> Result<std::vector<Token>> { return tokenise(text); };
        if (text.size() > 4096) {
            CO_TRY(document.fields[2], co_await offload(*parts_.cpu, cut));
        } else {
            document.fields[2] = tokenise(text);
        }
        // The graph may have moved on while we waited.
        if (!is_indexed(image_, id)) {
            index_.remove(id);
            co_return Result<void>{};
        }
        auto const name = std::string(image_.place(id)->name);
        document.fields[0] = tokenise(name);
        // Names are typed half: beside its stem, a word stands there as it is.
        for (auto& word : words_of(name)) {
            if (word.is_cjk || word.folded == word.stem) continue;
            document.fields[0].push_back({std::move(word.folded), 0, 0});
        }
        for (auto const& edge : image_.edges(id, graph::Direction::out, graph::edge::tagged)) {
            auto const* tag = image_.node(edge.to);
            if (tag == nullptr || edge["state"].text() == "rejected") continue;
            for (auto& token : tokenise((*tag)["name"].text())) {
                document.fields[1].push_back(std::move(token));
            }
        }
        index_.put(id, document);
        co_return Result<void>{};
    }

    Task<std::string> text_of(NodeId node) {
        CO_TRY(auto const row, co_await parts_.graph->store().get(analysis::text_key(node)));
        co_return row ? std::string(as_text(row->value)) : std::string();
    }

    std::vector<Hit> visible(std::vector<Scored> const& docs, SearchRequest const& request) const {
        std::vector<Hit> out;
        for (auto const& [doc, score] : docs) {
            auto const node = index_.node_of(doc);
            if (!request.is_visible || request.is_visible(node)) out.push_back({node, score, {}});
        }
        return out;
    }

    /// Phrases must stand in the name or the text, letter by letter after folding.
    Task<void> keep_phrases(std::vector<Hit>& hits, std::vector<std::string> const& phrases) {
        std::ranges::sort(hits, [](Hit const& a, Hit const& b) { return a.score > b.score; });
        if (hits.size() > verified_max) hits.resize(verified_max);
        std::vector<Hit> kept;
        for (auto& hit : hits) {
            CO_TRY(auto const text, co_await text_of(hit.node));
            auto const place = image_.place(hit.node);
            auto const all = fold((place ? std::string(place->name) : "") + "\n" + text);
            auto const has = [&](std::string const& phrase) {
                return all.find(phrase) != std::string::npos;
            };
            if (std::ranges::all_of(phrases, has)) kept.push_back(std::move(hit));
        }
        hits = std::move(kept);
        co_return Result<void>{};
    }

    /// Tags that some, not all, of the hits carry (Padioleau & Ridoux, LISFS, 2003).
    std::vector<SearchAnswer::Facet> facets_of(std::vector<Hit> const& hits) const {
        std::map<std::string, std::uint64_t, std::less<>> counts;
        for (auto const& hit : hits) {
            for (auto const& edge :
                 image_.edges(hit.node, graph::Direction::out, graph::edge::tagged)) {
                auto const* tag = image_.node(edge.to);
                if (tag == nullptr || edge["state"].text() == "rejected") continue;
                ++counts[std::string((*tag)["name"].text())];
            }
        }
        std::vector<SearchAnswer::Facet> out;
        for (auto const& [tag, count] : counts) {
            if (count < hits.size() && count > 1) out.push_back({tag, count});
        }
        std::ranges::sort(out, [](auto const& a, auto const& b) {
            return std::pair(b.count, a.tag) < std::pair(a.count, b.tag);
        });
        if (out.size() > facet_max) out.resize(facet_max);
        return out;
    }

    SearchParts parts_;
    graph::Image const& image_;
    Index index_;
    std::set<NodeId> dirty_;
    kv::Revision watermark_ = 0;
    bool is_stopping_ = false;
    Wake wake_;
    std::shared_ptr<void> following_;
};

}  // namespace

std::unique_ptr<Search> make_search(SearchParts parts) { return std::make_unique<Follower>(parts); }

}  // namespace disgrafs::search
