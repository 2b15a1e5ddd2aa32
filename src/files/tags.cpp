/// \file files/tags.cpp  What people say about a file. A person's word outranks a model's.

#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "files/operations.hpp"

namespace disgrafs::files {

namespace {

namespace edge = graph::edge;
namespace label = graph::label;

constexpr std::size_t tag_bytes_max = 100;
constexpr std::size_t tags_per_file_max = 100;
constexpr std::string_view by_person = "user:";

/// The name without spaces around it. Errors: invalid.
Result<std::string> tag_name(std::string_view name) {
    while (name.starts_with(' ')) name.remove_prefix(1);
    while (name.ends_with(' ')) name.remove_suffix(1);
    auto const is_control = [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    };
    if (name.empty() || name.size() > tag_bytes_max) {
        return fail(Errc::invalid, "a tag has 1 to {} bytes", tag_bytes_max);
    }
    if (!is_utf8(name) || std::ranges::any_of(name, is_control)) {
        return fail(Errc::invalid, "a tag is plain UTF-8 text");
    }
    return std::string(name);
}

/// A file that the user may change. Errors: not_found, invalid, denied.
Result<void> check_file(Core const& core, NodeId user, NodeId file) {
    TRY_OK(core.readable_file(user, file));
    if (core.rights.of(user, file).write) return {};
    return fail(Errc::denied, "you may not change {}", core.rights.path(file));
}

std::optional<graph::EdgeRecord> find_tagged(
    graph::Image const& image, NodeId file, std::string_view name
) {
    auto const tag = image.named(label::tag, name);
    if (!tag) return std::nullopt;
    auto const edges = image.edges(file, graph::Direction::out, edge::tagged);
    auto const found = std::ranges::find(edges, *tag, &graph::EdgeRecord::to);
    return found == edges.end() ? std::nullopt : std::optional(*found);
}

Result<graph::EdgeRecord> tagged(graph::Image const& image, NodeId file, std::string_view name) {
    auto const found = find_tagged(image, file, name);
    if (!found) return fail(Errc::not_found, "the file has no tag '{}'", name);
    return *found;
}

std::string person(Core const& core, NodeId user) {
    return std::string(by_person) + core.user_name(user);
}

Task<void> fill_add(
    Core& core, NodeId user, NodeId file, std::string const& name, graph::Transaction& change
) {
    CO_TRY_OK(check_file(core, user, file));
    auto const& image = core.image();
    graph::Properties said{
        {"state", "accepted"}, {"by", person(core, user)}, {"at", core.now().us}, {"score", 1.0}
    };
    change.set(file, {});  // Analysis and people write tags of one file one after the other.
    if (auto const old = find_tagged(image, file, name)) {
        change.set(old->id, std::move(said));
        co_return Result<void>{};
    }
    if (image.degree(file, graph::Direction::out, edge::tagged) >= tags_per_file_max) {
        co_return fail(Errc::exhausted, "a file has at most {} tags", tags_per_file_max);
    }
    auto tag = image.named(label::tag, name);
    if (!tag) tag = change.create_named({std::string(label::tag)}, name, {{"kind", "user"}});
    change.create_edge(file, edge::tagged, *tag, std::move(said));
    co_return Result<void>{};
}

Task<void> fill_judge(
    Core& core,
    NodeId user,
    NodeId file,
    std::string const& name,
    std::string const& state,
    graph::Transaction& change
) {
    CO_TRY_OK(check_file(core, user, file));
    CO_TRY(auto const edge, tagged(core.image(), file, name));
    change.set(file, {});
    change.set(edge.id, {{"state", state}, {"judged_by", person(core, user)}});
    co_return Result<void>{};
}

Task<void> fill_remove(
    Core& core, NodeId user, NodeId file, std::string const& name, graph::Transaction& change
) {
    CO_TRY_OK(check_file(core, user, file));
    CO_TRY(auto const edge, tagged(core.image(), file, name));
    change.set(file, {});
    if (edge["by"].text().starts_with(by_person)) {
        change.remove_edge(edge.id);
    } else {
        change.set(edge.id, {{"state", "rejected"}, {"judged_by", person(core, user)}});
    }
    co_return Result<void>{};
}

}  // namespace

Task<void> add_tag(Core& core, NodeId user, NodeId file, std::string name) {
    CO_TRY(auto const tag, tag_name(name));
    auto const body = [&](graph::Transaction& change) {
        return fill_add(core, user, file, tag, change);
    };
    co_return co_await core.commit(body);
}

Task<void> judge_tag(Core& core, NodeId user, NodeId file, std::string tag, std::string state) {
    if (state != "accepted" && state != "rejected") {
        co_return fail(Errc::invalid, "a tag is accepted or rejected, not '{}'", state);
    }
    auto const body = [&](graph::Transaction& change) {
        return fill_judge(core, user, file, tag, state, change);
    };
    co_return co_await core.commit(body);
}

Task<void> remove_tag(Core& core, NodeId user, NodeId file, std::string tag) {
    auto const body = [&](graph::Transaction& change) {
        return fill_remove(core, user, file, tag, change);
    };
    co_return co_await core.commit(body);
}

}  // namespace disgrafs::files
