#include "graph/row_format.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "graph/keys.hpp"

namespace disgrafs::graph {
namespace {

Value deep(int depth) {
    Value value(7);
    for (int i = 0; i < depth; ++i) value = Value(List{value});
    return value;
}

NodeRow const every_kind{
    .labels = {"File", "图"},
    .properties =
        {{"a", Value()},
         {"b", false},
         {"c", true},
         {"d", std::numeric_limits<std::int64_t>::min()},
         {"e", -0.5},
         {"f", "文件"},
         {"g", List{1, List{}, "x", Value()}},
         {"h", std::numeric_limits<std::int64_t>::max()}},
};

TEST(RowFormat, EveryKindOfValueReadsBack) {
    auto const node = decode_node(encode_node(every_kind));
    ASSERT_TRUE(node) << node.error().message;
    EXPECT_EQ(node->labels, every_kind.labels);
    EXPECT_EQ(node->properties, every_kind.properties);
    auto const edge = decode_edge(encode_edge(every_kind.properties));
    ASSERT_TRUE(edge);
    EXPECT_EQ(*edge, every_kind.properties);
}

TEST(RowFormat, EveryCutOfARowIsCorrupt) {
    auto const bytes = encode_node(every_kind);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        auto const cut = decode_node(ByteView(bytes).first(size));
        ASSERT_FALSE(cut) << size;
        EXPECT_EQ(cut.error().code, Errc::corrupt);
    }
    auto longer = bytes;
    longer.push_back(std::byte{0});
    EXPECT_FALSE(decode_node(longer));
}

TEST(RowFormat, UnknownVersionAndUnknownTagAreCorrupt) {
    auto bytes = encode_edge({{"a", 1}});
    bytes[0] = std::byte{2};
    EXPECT_FALSE(decode_edge(bytes));
    bytes = encode_edge({{"a", true}});
    bytes.back() = std::byte{99};
    EXPECT_FALSE(decode_edge(bytes));
}

TEST(RowFormat, ListsMayNestToTheLimitAndNoFurther) {
    EXPECT_TRUE(check_properties({{"a", deep(value_depth_max)}}));
    EXPECT_TRUE(decode_edge(encode_edge({{"a", deep(value_depth_max)}})));
    EXPECT_FALSE(check_properties({{"a", deep(value_depth_max + 1)}}));
    EXPECT_FALSE(decode_edge(encode_edge({{"a", deep(value_depth_max + 1)}})));
    EXPECT_FALSE(decode_edge(encode_edge({{"a", deep(1000)}})));
}

TEST(Keys, ReadBackWhatTheyWereMadeOf) {
    EdgeKey const edge{NodeId{1}, "TAGGED", NodeId{0xffffffffffffffff}, EdgeId{7}};
    auto const read = parse_edge_key(edge_key(edge));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->from, edge.from);
    EXPECT_EQ(read->type, edge.type);
    EXPECT_EQ(read->to, edge.to);
    EXPECT_EQ(read->edge, edge.edge);
    auto const child = parse_child_key(child_key(NodeId{3}, "文\0x"));
    ASSERT_TRUE(child);
    EXPECT_EQ(child->name, "文");
    auto const name = parse_name_key(name_key("Tag", std::string_view("a\0b", 3)));
    ASSERT_TRUE(name);
    EXPECT_EQ(name->label, "Tag");
    EXPECT_EQ(name->name, std::string_view("a\0b", 3));
    EXPECT_EQ(parse_node_key(node_key(NodeId{256}))->value, 256U);
}

TEST(Keys, LieInOrderOfTheirIds) {
    EXPECT_LT(node_key(NodeId{255}), node_key(NodeId{256}));
    EXPECT_LT(child_key(NodeId{1}, "z"), child_key(NodeId{2}, "a"));
    EXPECT_LT(
        edge_key({NodeId{1}, "A", NodeId{9}, EdgeId{9}}),
        edge_key({NodeId{1}, "AA", NodeId{1}, EdgeId{1}})
    );
}

TEST(Keys, MalformedOnesAreCorrupt) {
    EXPECT_FALSE(parse_node_key("N"));
    EXPECT_FALSE(parse_node_key("N1234567"));
    EXPECT_FALSE(parse_node_key("N123456789"));
    EXPECT_FALSE(parse_node_key(std::string(9, '\0')));
    EXPECT_FALSE(parse_edge_key("O12345678TYPE"));
    EXPECT_FALSE(parse_child_key("U12345678"));
    EXPECT_FALSE(parse_name_key("Xlabel"));
}

}  // namespace
}  // namespace disgrafs::graph
