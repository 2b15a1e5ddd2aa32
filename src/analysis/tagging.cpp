#include "analysis/tagging.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "analysis/keyphrase_ranking.hpp"
#include "analysis/rows.hpp"
#include "base/text.hpp"

namespace disgrafs::analysis {

namespace {

namespace edge = graph::edge;
namespace label = graph::label;
using graph::Direction;

/// Properties that belong to the file system: no finding may touch them.
constexpr std::array engine_owned{
    "name",
    "ext",
    "size",
    "media_type",
    "owner",
    "created",
    "modified",
    "version",
    "sha256",
    "content",
    "stored",
    "written_by",
    "analysed",
    "analysis_by",
    "analysis_attempts",
    "root",
    "deleted",
    "analysis_reason"
};
constexpr std::size_t tag_name_max = 100;
constexpr std::size_t new_tags_per_commit = 16;
// Together with what they replace, each set fits into one batch of 128 keys.
constexpr std::size_t tags_total_max = 18;
constexpr std::size_t references_max = 12;

struct NewTag {
    std::string name;
    std::string kind;
    std::string by;
    double score = 0;
};

/// A word of the text may be about anything; every other kind is what an analyser knows of the
/// file.
constexpr std::string_view guessed_kind = "keyphrase";

/// Keyphrases by the corpus, then what the analyser itself was sure of. A name once: of a keyphrase
/// "PNG" and a format PNG the format stays.
std::vector<NewTag> tags_for(
    Corpus const& corpus, Findings const& findings, TaggingOptions const& options
) {
    std::vector<NewTag> out;
    std::set<std::string, std::less<>> seen;
    std::set<std::string_view> known;
    for (auto const& tag : findings.tags) known.insert(tag.name);
    auto const add = [&](NewTag tag) {
        auto const is_usable =
            !tag.name.empty() && tag.name.size() <= tag_name_max && out.size() < tags_total_max;
        if (is_usable && seen.insert(tag.name).second) out.push_back(std::move(tag));
    };
    for (auto const& ranked : rank_keyphrases(findings.candidates, corpus, options.tags_max)) {
        if (known.contains(ranked.phrase)) continue;
        add(
            {ranked.phrase,
             std::string(guessed_kind),
             findings.analyser,
             std::min(ranked.score, 1.0)}
        );
    }
    for (auto const& tag : findings.tags) add({tag.name, tag.kind, tag.by, tag.score});
    return out;
}

/// Whether a tag that came to be as a guess is now known to be more.
bool is_promoted(graph::Image const& image, NodeId standing, NewTag const& tag) {
    auto const* node = image.node(standing);
    return node != nullptr && tag.kind != guessed_kind && (*node)["kind"].text() == guessed_kind;
}

Task<void> make_missing_tags(graph::Graph& graph, std::vector<NewTag> const& tags) {
    auto const body = [&](graph::Transaction& change) -> Result<std::size_t> {
        std::size_t made = 0;
        for (auto const& tag : tags) {
            if (made == new_tags_per_commit) break;
            auto const standing = graph.image().named(label::tag, tag.name);
            if (standing && !is_promoted(graph.image(), *standing, tag)) continue;
            graph::Properties properties{{"kind", tag.kind}};
            if (standing) {
                change.set(*standing, std::move(properties));
            } else {
                change.create_named({std::string(label::tag)}, tag.name, std::move(properties));
            }
            ++made;
        }
        return made;
    };
    // Each round makes up to new_tags_per_commit; a conflict means that somebody made one of them.
    for (auto round = 0; round < 64; ++round) {
        auto const change = graph.begin();
        CO_TRY(auto const made, body(*change));
        if (made == 0) co_return Result<void>{};
        auto const done = co_await change->commit();
        if (!done && done.error().code != Errc::conflict) co_return std::unexpected(done.error());
    }
    co_return fail(Errc::conflict, "tags could not be made: too many at once");
}

/// The file that a reference names, seen from the folder of the one that refers; fragments, queries
/// and addresses elsewhere name none.
std::optional<NodeId> resolve(graph::Image const& image, NodeId file, std::string_view target) {
    if (target.find("://") != std::string_view::npos || target.starts_with('#'))
        return std::nullopt;
    target = target.substr(0, target.find_first_of("?#"));
    auto const decoded = percent_decode(target);
    auto place = image.place(file);
    if (!decoded || !place || decoded->empty()) return std::nullopt;
    auto at = place->folder;
    if (decoded->starts_with('/')) {
        while (auto const above = image.place(at)) at = above->folder;
    }
    for (auto const part : split(*decoded, '/')) {
        if (part == ".") continue;
        if (part == "..") {
            auto const above = image.place(at);
            if (!above) return std::nullopt;
            at = above->folder;
            continue;
        }
        auto const child = image.child(at, part);
        if (!child) return std::nullopt;
        at = child->node;
    }
    auto const* node = image.node(at);
    auto const is_other_file = node != nullptr && node->has_label(label::file) && at != file;
    return is_other_file ? std::optional(at) : std::nullopt;
}

/// Another file with the same bytes: the first of those that are alike at all.
bool has_same_bytes(graph::Image const& image, NodeId a, NodeId b) {
    auto const* left = image.node(a);
    auto const* right = image.node(b);
    if (left == nullptr || right == nullptr) return false;
    auto const hash = (*left)["sha256"].text();
    return !hash.empty() && hash == (*right)["sha256"].text();
}

void remove_edges(
    graph::Image const& image, graph::Transaction& change, NodeId file, std::string_view type
) {
    for (auto const& old : image.edges(file, Direction::out, type)) change.remove_edge(old.id);
}

graph::List to_list(std::vector<std::string> const& words) {
    graph::List out;
    for (auto const& word : words) out.emplace_back(word);
    return out;
}

void connect_similar(
    graph::Image const& image,
    graph::Transaction& change,
    NodeId file,
    std::vector<Likeness> const& alike
) {
    remove_edges(image, change, file, edge::similar);
    remove_edges(image, change, file, edge::same_content);
    for (auto const& like : alike) {
        if (image.node(like.file) == nullptr) continue;
        // The other file may have drawn the edge already: one per pair.
        auto const drawn = image.edges(like.file, Direction::out, edge::similar);
        auto const back = std::ranges::find(drawn, file, &graph::EdgeRecord::to);
        graph::Properties properties{{"score", like.score}, {"why", to_list(like.why)}};
        if (back != drawn.end()) {
            change.set(back->id, std::move(properties));
        } else {
            change.create_edge(file, edge::similar, like.file, std::move(properties));
        }
        if (has_same_bytes(image, file, like.file)) {
            change.create_edge(file, edge::same_content, like.file, {});
        }
    }
}

void connect_references(
    graph::Image const& image,
    graph::Transaction& change,
    NodeId file,
    std::vector<Reference> const& references
) {
    remove_edges(image, change, file, edge::refers_to);
    std::set<NodeId> referred;
    for (auto const& reference : references) {
        if (referred.size() == references_max) break;
        auto const target = resolve(image, file, reference.target);
        if (!target || !referred.insert(*target).second) continue;
        graph::Properties properties{{"how", reference.how}};
        change.create_edge(file, edge::refers_to, *target, std::move(properties));
    }
}

/// By tag: what stands on the file now. A person's word stays; a model's proposal is replaced.
void tag_file(
    graph::Image const& image,
    graph::Transaction& change,
    NodeId file,
    std::vector<NewTag> const& tags,
    Timestamp now
) {
    std::map<NodeId, graph::EdgeRecord> standing;
    for (auto const& old : image.edges(file, Direction::out, edge::tagged)) standing[old.to] = old;
    std::set<NodeId> wanted;
    for (auto const& tag : tags) {
        auto const node = image.named(label::tag, tag.name);
        if (!node) continue;
        wanted.insert(*node);
        graph::Properties properties{
            {"score", tag.score}, {"by", tag.by}, {"at", now.us}, {"state", "proposed"}
        };
        auto const old = standing.find(*node);
        if (old == standing.end()) {
            change.create_edge(file, edge::tagged, *node, std::move(properties));
        } else if (old->second["state"].text() == "proposed") {
            change.set(old->second.id, std::move(properties));
        }
    }
    for (auto const& [node, old] : standing) {
        if (old["state"].text() == "proposed" && !wanted.contains(node)) change.remove_edge(old.id);
    }
}

graph::Properties properties_of(TaggedVersion version, Findings const& findings) {
    graph::Properties out;
    for (auto const& [name, value] : findings.properties) {
        if (std::ranges::find(engine_owned, name) != engine_owned.end()) continue;
        std::visit([&](auto const& held) { out[name] = graph::Value(held); }, value);
    }
    if (!findings.language.empty()) out["language"] = findings.language;
    out["analysed"] = to_text(findings.status) == "timed_out" ? "failed" : to_text(findings.status);
    out["analysis_by"] = findings.analyser;
    out["analysis_attempts"] = static_cast<std::int64_t>(version.attempt);
    out["analysis_reason"] =
        findings.reason.empty() ? graph::Value() : graph::Value(findings.reason);
    return out;
}

/// Text cut at a whole character.
std::string_view cut(std::string_view text, std::size_t most) {
    if (text.size() <= most) return text;
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U) --most;
    return text.substr(0, most);
}

bool is_current(graph::Image const& image, TaggedVersion version) {
    auto const* node = image.node(version.file);
    return node != nullptr &&
           static_cast<std::uint64_t>((*node)["version"].integer()) == version.version;
}

/// The row of a version that is gone: away with it. A newer version has put its own row since.
Task<void> drop_row(graph::Graph& graph, TaggedVersion version) {
    if (graph.image().node(version.file) != nullptr) co_return Result<void>{};
    kv::Batch batch;
    batch.remove(queue_key(version.file)).remove(text_key(version.file));
    batch.remove(vector_key(version.file));
    auto const done = co_await graph.store().commit(std::move(batch));
    if (!done) co_return std::unexpected(done.error());
    co_return Result<void>{};
}

Task<void> at_once(Result<void> result) { co_return result; }

}  // namespace

Task<void> apply_findings(
    graph::Graph& graph,
    Corpus const& corpus,
    TaggedVersion version,
    Findings const& findings,
    TaggingOptions options
) {
    auto const file = version.file;
    auto const& image = graph.image();
    if (!is_current(image, version)) co_return co_await drop_row(graph, version);
    auto const tags = tags_for(corpus, findings, options);
    CO_TRY_OK(co_await make_missing_tags(graph, tags));

    auto const alike = corpus.similar_to(file, options.similar_max, options.similar_least);
    auto const similar = [&](graph::Transaction& change) {
        if (is_current(image, version)) connect_similar(image, change, file, alike);
        return at_once({});
    };
    auto const references = [&](graph::Transaction& change) {
        if (is_current(image, version)) {
            connect_references(image, change, file, findings.references);
        }
        return at_once({});
    };
    CO_TRY_OK(co_await graph::run_transaction(graph, similar));
    CO_TRY_OK(co_await graph::run_transaction(graph, references));

    auto const finish = [&](graph::Transaction& change) {
        if (!is_current(image, version)) return at_once({});
        tag_file(image, change, file, tags, options.now);
        change.set(file, properties_of(version, findings));
        auto& rows = change.rows();
        rows.remove(queue_key(file));
        rows.put(vector_key(file), encode_portrait(portrait_of(findings)));
        auto const text = cut(findings.text, text_bytes_max);
        if (text.empty()) {
            rows.remove(text_key(file));
        } else {
            rows.put(text_key(file), to_bytes(text));
        }
        return at_once({});
    };
    auto const done = co_await graph::run_transaction(graph, finish);
    if (!done) co_return std::unexpected(done.error());
    co_return Result<void>{};
}

Task<void> apply_failure(graph::Graph& graph, TaggedVersion version, std::string reason) {
    auto const& image = graph.image();
    if (!is_current(image, version)) co_return co_await drop_row(graph, version);
    auto const body = [&](graph::Transaction& change) {
        if (!is_current(image, version)) return at_once({});
        graph::Properties properties{
            {"analysed", "failed"},
            {"analysis_reason", reason},
            {"analysis_attempts", static_cast<std::int64_t>(version.attempt)}
        };
        change.set(version.file, std::move(properties));
        change.rows().remove(queue_key(version.file));
        return at_once({});
    };
    auto const done = co_await graph::run_transaction(graph, body);
    if (!done) co_return std::unexpected(done.error());
    co_return Result<void>{};
}

}  // namespace disgrafs::analysis
