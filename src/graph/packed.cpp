#include "graph/packed.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"
#include "graph/row_format.hpp"

namespace disgrafs::graph {
namespace {

enum Tag : std::uint32_t { no, yes, integer, number, text, word, other, tags };

/// Small numbers of either sign in few bytes.
std::uint64_t zigzag(std::int64_t value) {
    return (static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63);
}
std::int64_t unzigzag(std::uint64_t value) {
    return static_cast<std::int64_t>((value >> 1U) ^ (~(value & 1U) + 1U));
}

struct Pack {
    ByteWriter& writer;
    PackedWords& words;
    std::uint32_t key;
    Value const& value;

    ByteWriter& head(Tag tag) const { return writer.varint(std::uint64_t{key} * tags + tag); }

    void operator()(bool held) const { head(held ? yes : no); }
    void operator()(std::int64_t held) const { head(integer).varint(zigzag(held)); }
    void operator()(double held) const { head(number).f64(held); }
    void operator()(std::string const& held) const {
        if (auto const known = words.value(key, held)) {
            head(word).varint(*known);
        } else {
            head(text).text(held);
        }
    }
    void operator()(auto const&) const {
        head(other);
        encode_value(writer, value);
    }
};

Value unpack_value(ByteReader& reader, PackedWords const& words, std::uint32_t key, Tag tag) {
    switch (tag) {
        case no:
            return false;
        case yes:
            return true;
        case integer:
            return unzigzag(reader.varint());
        case number:
            return reader.f64();
        case text:
            return reader.text();
        case word:
            return words.value_word(key, static_cast<std::uint32_t>(reader.varint()));
        default:
            break;
    }
    auto value = decode_value(reader);
    DISGRAFS_ASSERT(value, "packed property {} is damaged", words.key_word(key));
    return *std::move(value);
}

}  // namespace

std::uint32_t PackedWords::key(std::string_view name) {
    auto const key = keys_.number(name);
    while (key >= values_.size()) values_.emplace_back();
    return key;
}

std::optional<std::uint32_t> PackedWords::value(std::uint32_t key, std::string_view text) {
    if (text.size() > value_bytes_max) return std::nullopt;
    auto& values = values_[key];
    if (values.size() < values_max) return values.number(text);
    return values.find(text);
}

Packed::Packed(Properties const& properties, PackedWords& words) {
    if (properties.empty()) return;
    ByteWriter body;
    for (auto const& [name, value] : properties) {
        std::visit(Pack{body, words, words.key(name), value}, value.is);
    }
    ByteWriter whole;
    whole.run(body.view());
    bytes_ = std::make_unique_for_overwrite<std::byte[]>(whole.size());
    std::ranges::copy(whole.view(), bytes_.get());
}

Properties Packed::unpack(PackedWords const& words) const {
    Properties properties;
    ByteReader reader(view());
    while (!reader.at_end()) {
        auto const head = static_cast<std::uint32_t>(reader.varint());
        auto const key = head / tags;
        auto value = unpack_value(reader, words, key, static_cast<Tag>(head % tags));
        DISGRAFS_ASSERT(reader.ok(), "packed property {} is cut short", words.key_word(key));
        properties.insert_or_assign(
            properties.end(), std::string(words.key_word(key)), std::move(value)
        );
    }
    return properties;
}

ByteView Packed::view() const {
    if (!bytes_) return {};
    constexpr std::size_t varint_bytes_max = 10;
    std::size_t size = 0;
    std::size_t at = 0;
    for (unsigned shift = 0; at < varint_bytes_max; shift += 7) {
        auto const byte = std::to_integer<std::size_t>(bytes_[at++]);
        size |= (byte & 0x7fU) << shift;
        if ((byte & 0x80U) == 0) break;
    }
    return {bytes_.get() + at, size};
}

bool operator==(Packed const& a, Packed const& b) { return std::ranges::equal(a.view(), b.view()); }

}  // namespace disgrafs::graph
