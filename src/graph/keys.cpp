#include "graph/keys.hpp"

#include <utility>

namespace disgrafs::graph {
namespace {

constexpr std::string_view graph_letters = "NOUXGKB";

char letter(Space space) { return static_cast<char>(space); }

std::unexpected<Error> bad_key(std::string_view key) {
    return fail(Errc::corrupt, "key {} is malformed", to_hex(as_bytes(key)));
}

Result<NodeId> parse_id_key(std::string_view key) {
    KeyReader reader(key);
    NodeId const id{reader.u64()};
    if (!reader.ok() || !reader.text().empty() || id.value == 0) return bad_key(key);
    return id;
}

}  // namespace

bool is_graph_key(std::string_view key) {
    return !key.empty() && graph_letters.find(key.front()) != std::string_view::npos;
}

std::string node_key(NodeId node) { return KeyWriter(letter(Space::node)).u64(node.value).take(); }

std::string edge_key(EdgeKey const& edge) {
    return KeyWriter(letter(Space::edge))
        .u64(edge.from.value)
        .word(edge.type)
        .u64(edge.to.value)
        .u64(edge.edge.value)
        .take();
}

std::string child_key(NodeId folder, std::string_view name) {
    return KeyWriter(letter(Space::child)).u64(folder.value).text(name).take();
}

std::string name_key(std::string_view label, std::string_view name) {
    return KeyWriter(letter(Space::name)).word(label).text(name).take();
}

std::string folder_key(NodeId folder) {
    return KeyWriter(letter(Space::folder)).u64(folder.value).take();
}

std::string lock_key(std::string_view name) {
    return KeyWriter(letter(Space::lock)).text(name).take();
}

std::string block_key(char kind) {
    return KeyWriter(letter(Space::block)).text(std::string_view(&kind, 1)).take();
}

Result<NodeId> parse_node_key(std::string_view key) { return parse_id_key(key); }

Result<EdgeKey> parse_edge_key(std::string_view key) {
    KeyReader reader(key);
    EdgeKey edge;
    edge.from.value = reader.u64();
    edge.type = reader.word();
    edge.to.value = reader.u64();
    edge.edge.value = reader.u64();
    if (!reader.ok() || !reader.text().empty()) return bad_key(key);
    if (edge.type.empty() || edge.edge.value == 0) return bad_key(key);
    return edge;
}

Result<ChildKey> parse_child_key(std::string_view key) {
    KeyReader reader(key);
    ChildKey child;
    child.folder.value = reader.u64();
    child.name = reader.text();
    if (!reader.ok() || child.folder.value == 0 || child.name.empty()) return bad_key(key);
    return child;
}

Result<NameKey> parse_name_key(std::string_view key) {
    KeyReader reader(key);
    NameKey name;
    name.label = reader.word();
    name.name = reader.text();
    if (!reader.ok() || name.label.empty()) return bad_key(key);
    return name;
}

Result<NodeId> parse_folder_key(std::string_view key) { return parse_id_key(key); }

Bytes encode_child(ChildRow row) {
    return ByteWriter().u64(row.child.value).u64(row.edge.value).take();
}

Result<ChildRow> decode_child(ByteView bytes) {
    ByteReader reader(bytes);
    ChildRow row;
    row.child.value = reader.u64();
    row.edge.value = reader.u64();
    TRY_OK(reader.finish("child row"));
    return row;
}

Bytes encode_number(std::uint64_t number) { return ByteWriter().u64(number).take(); }

Result<std::uint64_t> decode_number(ByteView bytes) {
    ByteReader reader(bytes);
    auto const number = reader.u64();
    TRY_OK(reader.finish("number row"));
    return number;
}

}  // namespace disgrafs::graph
