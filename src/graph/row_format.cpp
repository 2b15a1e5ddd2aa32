#include "graph/row_format.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace disgrafs::graph {
namespace {

constexpr std::uint8_t format_version = 1;

/// Never renumbered. Temporal types, points, maps and bytes get tags of their own.
enum class Tag : std::uint8_t {
    null = 0,
    no = 1,
    yes = 2,
    integer = 3,
    number = 4,
    text = 5,
    list = 6,
};

std::uint64_t zigzag(std::int64_t value) {
    return (static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63);
}

std::int64_t unzigzag(std::uint64_t value) {
    return static_cast<std::int64_t>((value >> 1U) ^ (~(value & 1U) + 1U));
}

ByteWriter& put(ByteWriter& writer, Tag tag) { return writer.u8(static_cast<std::uint8_t>(tag)); }

struct Encode {
    ByteWriter& writer;

    void operator()(std::monostate) const { put(writer, Tag::null); }
    void operator()(bool value) const { put(writer, value ? Tag::yes : Tag::no); }
    void operator()(std::int64_t value) const { put(writer, Tag::integer).varint(zigzag(value)); }
    void operator()(double value) const { put(writer, Tag::number).f64(value); }
    void operator()(std::string const& value) const { put(writer, Tag::text).text(value); }
    void operator()(List const& values) const {
        put(writer, Tag::list).varint(values.size());
        for (auto const& value : values) encode_value(writer, value);
    }
};

Result<Value> decode_at(ByteReader& reader, int depth) {
    if (depth > value_depth_max) return fail(Errc::corrupt, "a value nests too deep");
    auto const tag = reader.u8();
    switch (static_cast<Tag>(tag)) {
        case Tag::null:
            return Value();
        case Tag::no:
            return Value(false);
        case Tag::yes:
            return Value(true);
        case Tag::integer:
            return Value(unzigzag(reader.varint()));
        case Tag::number:
            return Value(reader.f64());
        case Tag::text:
            return Value(reader.text());
        case Tag::list:
            break;
        default:
            return fail(Errc::corrupt, "a value has unknown tag {}", tag);
    }
    auto const count = reader.varint();
    if (count > reader.left()) return fail(Errc::corrupt, "a list claims {} values", count);
    List values;
    values.reserve(count);
    for (std::uint64_t i = 0; i < count; ++i) {
        TRY(auto value, decode_at(reader, depth + 1));
        values.push_back(std::move(value));
    }
    return Value(std::move(values));
}

bool is_deeper_than(Value const& value, int limit) {
    auto const* values = std::get_if<List>(&value.is);
    if (values == nullptr) return false;
    if (limit == 0) return true;
    auto const is_deep = [limit](Value const& part) { return is_deeper_than(part, limit - 1); };
    return std::ranges::any_of(*values, is_deep);
}

void encode_properties(ByteWriter& writer, Properties const& properties) {
    writer.varint(properties.size());
    for (auto const& [key, value] : properties) {
        writer.text(key);
        encode_value(writer, value);
    }
}

Result<Properties> decode_properties(ByteReader& reader) {
    Properties properties;
    auto const count = reader.varint();
    for (std::uint64_t i = 0; i < count && reader.ok(); ++i) {
        auto key = reader.text();
        TRY(auto value, decode_at(reader, 0));
        properties.insert_or_assign(properties.end(), std::move(key), std::move(value));
    }
    return properties;
}

Result<void> check_version(ByteReader& reader) {
    auto const version = reader.u8();
    if (version == format_version) return {};
    return fail(Errc::corrupt, "a row has unknown version {}", version);
}

}  // namespace

Result<void> check_properties(Properties const& properties) {
    for (auto const& [key, value] : properties) {
        if (key.empty()) return fail(Errc::invalid, "a property has no name");
        if (is_deeper_than(value, value_depth_max)) {
            return fail(
                Errc::invalid, "property {} nests more than {} lists", key, value_depth_max
            );
        }
    }
    return {};
}

void encode_value(ByteWriter& writer, Value const& value) { std::visit(Encode{writer}, value.is); }

Result<Value> decode_value(ByteReader& reader) { return decode_at(reader, 0); }

Bytes encode_node(NodeRow const& row) {
    ByteWriter writer;
    writer.u8(format_version).varint(row.labels.size());
    for (auto const& label : row.labels) writer.text(label);
    encode_properties(writer, row.properties);
    return writer.take();
}

Result<NodeRow> decode_node(ByteView bytes) {
    ByteReader reader(bytes);
    TRY_OK(check_version(reader));
    NodeRow row;
    auto const count = reader.varint();
    for (std::uint64_t i = 0; i < count && reader.ok(); ++i) row.labels.push_back(reader.text());
    TRY(row.properties, decode_properties(reader));
    TRY_OK(reader.finish("node row"));
    return row;
}

Bytes encode_edge(Properties const& properties) {
    ByteWriter writer;
    writer.u8(format_version);
    encode_properties(writer, properties);
    return writer.take();
}

Result<Properties> decode_edge(ByteView bytes) {
    ByteReader reader(bytes);
    TRY_OK(check_version(reader));
    TRY(auto properties, decode_properties(reader));
    TRY_OK(reader.finish("edge row"));
    return properties;
}

}  // namespace disgrafs::graph
