/// Rows of tests/fixtures/graph/rows-1.hex, made a second time by a Python script: version 1 is
/// written like this, and read for ever.

#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "graph/keys.hpp"
#include "graph/row_format.hpp"
#include "io/testing.hpp"

namespace disgrafs::graph {
namespace {

auto golden() { return read_golden_rows(DISGRAFS_FIXTURES "/graph/rows-1.hex"); }

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

TEST(GoldenRows, AreWrittenByteForByte) {
    auto rows = golden();
    ASSERT_EQ(rows.size(), 7U);
    EXPECT_EQ(rows["node"].key, node_key(NodeId{258}));
    EXPECT_EQ(to_hex(rows["node"].value), to_hex(encode_node(every_kind)));
    EXPECT_EQ(rows["edge"].key, edge_key({NodeId{258}, "TAGGED", NodeId{7}, EdgeId{9}}));
    EXPECT_EQ(to_hex(rows["edge"].value), to_hex(encode_edge({{"score", 0.75}})));
    EXPECT_EQ(rows["child"].key, child_key(NodeId{3}, "文.txt"));
    EXPECT_EQ(to_hex(rows["child"].value), to_hex(encode_child({NodeId{258}, EdgeId{12}})));
    EXPECT_EQ(rows["name"].key, name_key("Tag", "猫"));
    EXPECT_EQ(to_hex(rows["name"].value), to_hex(encode_number(7)));
    EXPECT_EQ(rows["folder"].key, folder_key(NodeId{3}));
    EXPECT_EQ(rows["lock"].key, lock_key("tree"));
    EXPECT_EQ(rows["block"].key, block_key('n'));
    EXPECT_EQ(to_hex(rows["block"].value), to_hex(encode_number(1025)));
}

TEST(GoldenRows, AreRead) {
    auto rows = golden();
    auto const node = decode_node(rows["node"].value);
    ASSERT_TRUE(node) << node.error().message;
    EXPECT_EQ(node->labels, every_kind.labels);
    EXPECT_EQ(node->properties, every_kind.properties);
    auto const edge = parse_edge_key(rows["edge"].key);
    ASSERT_TRUE(edge);
    EXPECT_EQ(edge->type, "TAGGED");
    EXPECT_EQ((*decode_edge(rows["edge"].value)).at("score"), Value(0.75));
    auto const child = parse_child_key(rows["child"].key);
    ASSERT_TRUE(child);
    EXPECT_EQ(child->name, "文.txt");
    EXPECT_EQ(decode_child(rows["child"].value)->edge, EdgeId{12});
}

}  // namespace
}  // namespace disgrafs::graph
