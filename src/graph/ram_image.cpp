#include "graph/ram_image.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>

namespace disgrafs::graph {
namespace {

constexpr std::size_t seen_max = 4096;

Value const absent;

std::string name_slot(std::string_view label, std::string_view name) {
    return name_key(label, name).substr(1);
}

}  // namespace

bool NodeRecord::has_label(std::string_view label) const {
    return std::ranges::binary_search(labels, label);
}

Value const& NodeRecord::operator[](std::string_view property) const {
    auto const found = properties.find(property);
    return found == properties.end() ? absent : found->second;
}

Value const& EdgeRecord::operator[](std::string_view property) const {
    if (properties == nullptr) return absent;
    auto const found = properties->find(property);
    return found == properties->end() ? absent : found->second;
}

RamImage::RamImage(boost::asio::any_io_executor executor)
    : executor_(std::move(executor)),
      label_sets_{{}},
      label_set_numbers_{{{}, 0}},
      alive_(std::make_shared<bool>(true)) {}

RamImage::~RamImage() = default;

NodeRecord const* RamImage::node(NodeId id) const {
    if (auto const seen = nodes_seen_.find(id); seen != nodes_seen_.end()) return &seen->second;
    auto const* slot = nodes_.find(id.value);
    if (slot == nullptr) return nullptr;
    forget_later();
    return &nodes_seen_.emplace(id, unpack(id, *slot)).first->second;
}

std::optional<EdgeRecord> RamImage::edge(EdgeId id) const {
    auto const* slot = edges_.find(id.value);
    if (slot == nullptr) return std::nullopt;
    return record(id, *slot);
}

std::vector<EdgeRecord> RamImage::edges(NodeId node, Direction direction, std::string_view type)
    const {
    std::vector<EdgeRecord> found;
    auto const* lists = adjacency(node, direction);
    if (lists == nullptr) return found;
    found.reserve(degree(node, direction, type));
    for (auto const& list : *lists) {
        if (!type.empty() && types_.word(list.type) != type) continue;
        list.edges.each([&](std::uint64_t value) {
            EdgeId const id{value};
            found.push_back(record(id, *edges_.find(value)));
        });
    }
    if (type.empty()) std::ranges::sort(found, {}, &EdgeRecord::id);
    return found;
}

std::size_t RamImage::degree(NodeId node, Direction direction, std::string_view type) const {
    std::size_t count = 0;
    auto const* lists = adjacency(node, direction);
    if (lists == nullptr) return 0;
    for (auto const& list : *lists) {
        if (type.empty() || types_.word(list.type) == type) count += list.edges.size();
    }
    return count;
}

std::vector<NodeId> RamImage::with_label(std::string_view label) const {
    std::vector<NodeId> ids;
    auto const collect = [&ids](std::uint64_t id) { ids.push_back(NodeId{id}); };
    ids.reserve(count_label(label));
    if (label.empty()) {
        all_.each(collect);
    } else if (auto const number = labels_.find(label)) {
        by_label_[*number].each(collect);
    }
    return ids;
}

std::size_t RamImage::count_label(std::string_view label) const {
    if (label.empty()) return all_.size();
    auto const number = labels_.find(label);
    return number ? by_label_[*number].size() : 0;
}

std::optional<NodeId> RamImage::named(std::string_view label, std::string_view name) const {
    auto const found = names_.find(name_slot(label, name));
    if (found == names_.end()) return std::nullopt;
    return found->second.node;
}

std::optional<Child> RamImage::child(NodeId folder, std::string_view name) const {
    auto const* slot = nodes_.find(folder.value);
    if (slot == nullptr || !slot->folder) return std::nullopt;
    auto const found = slot->folder->children.find(name);
    if (found == slot->folder->children.end()) return std::nullopt;
    return Child{found->name, found->node, found->edge, found->revision};
}

std::vector<Child> RamImage::children(NodeId folder, std::string_view after, std::size_t limit)
    const {
    std::vector<Child> page;
    auto const* slot = nodes_.find(folder.value);
    if (slot == nullptr || !slot->folder) return page;
    auto const& children = slot->folder->children;
    auto at = after.empty() ? children.begin() : children.upper_bound(after);
    for (; at != children.end() && page.size() < limit; ++at) {
        page.push_back({at->name, at->node, at->edge, at->revision});
    }
    return page;
}

std::size_t RamImage::child_count(NodeId folder) const {
    auto const* slot = nodes_.find(folder.value);
    return slot != nullptr && slot->folder ? slot->folder->children.size() : 0;
}

std::optional<Image::Place> RamImage::place(NodeId node) const {
    auto const* slot = nodes_.find(node.value);
    if (slot == nullptr || !slot->place) return std::nullopt;
    auto const& place = *slot->place;
    return Place{place.folder, place.name, place.edge, place.revision};
}

GraphCounts RamImage::counts() const { return {.nodes = nodes_.size(), .edges = edges_.size()}; }

kv::Revision RamImage::folder_revision(NodeId folder) const {
    auto const* slot = nodes_.find(folder.value);
    return slot != nullptr && slot->folder ? slot->folder->touched : 0;
}

kv::Revision RamImage::lock_revision(std::string_view name) const {
    auto const found = locks_.find(name);
    return found == locks_.end() ? 0 : found->second;
}

kv::Revision RamImage::name_revision(std::string_view label, std::string_view name) const {
    auto const found = names_.find(name_slot(label, name));
    return found == names_.end() ? 0 : found->second.revision;
}

std::size_t RamImage::count_type(std::string_view type) const {
    auto const number = types_.find(type);
    return number ? type_counts_[*number] : 0;
}

EdgeRecord RamImage::record(EdgeId id, EdgeSlot const& edge) const {
    auto seen = edges_seen_.find(id);
    if (seen == edges_seen_.end()) {
        forget_later();
        seen = edges_seen_.emplace(id, edge.properties.unpack(words_)).first;
    }
    return {
        .id = id,
        .from = edge.from,
        .to = edge.to,
        .type = types_.word(edge.type),
        .properties = &seen->second,
        .revision = edge.revision,
    };
}

NodeRecord RamImage::unpack(NodeId id, NodeSlot const& node) const {
    NodeRecord record{
        .id = id,
        .labels = {},
        .properties = node.properties.unpack(words_),
        .revision = node.revision,
    };
    for (auto const label : label_sets_[node.labels])
        record.labels.emplace_back(labels_.word(label));
    std::ranges::sort(record.labels);
    return record;
}

RamImage::Adjacency const* RamImage::adjacency(NodeId node, Direction direction) const {
    auto const* slot = nodes_.find(node.value);
    if (slot == nullptr) return nullptr;
    return direction == Direction::out ? &slot->out : &slot->in;
}

/// What was handed out stays valid until the next co_await of whoever asked, so it may go on the
/// next turn of the loop: then nobody is in the middle of a step.
void RamImage::forget_later() const {
    if (is_forgetting_ || nodes_seen_.size() + edges_seen_.size() < seen_max) return;
    is_forgetting_ = true;
    auto const forget = [this, alive = std::weak_ptr(alive_)] {
        if (alive.expired()) return;
        nodes_seen_.clear();
        edges_seen_.clear();
        is_forgetting_ = false;
    };
    boost::asio::post(executor_, forget);
}

}  // namespace disgrafs::graph
