#pragma once

/// \file graph/packed.hpp  Properties squeezed into one run of bytes, for the image.
///
/// A std::map of five properties costs about 600 bytes; packed, about 40. Property names are
/// numbers, and so are the first values_max short texts of each name: "proposed", "pdf" and
/// "image/png" occur a million times. Properties are unpacked when someone looks.
///
///     packed = bytes varint | (key number × 8 + tag varint | payload)…

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>

#include "base/bytes.hpp"
#include "graph/names.hpp"
#include "graph/value.hpp"

namespace disgrafs::graph {

/// The numbers of one image's property names and of their commonest texts.
class PackedWords {
 public:
    static constexpr std::size_t values_max = 255;
    static constexpr std::size_t value_bytes_max = 64;

    std::uint32_t key(std::string_view name);
    /// nullopt: too long, or the table of this key is full.
    std::optional<std::uint32_t> value(std::uint32_t key, std::string_view text);

    [[nodiscard]] std::string_view key_word(std::uint32_t key) const { return keys_.word(key); }
    [[nodiscard]] std::string_view value_word(std::uint32_t key, std::uint32_t value) const {
        return values_[key].word(value);
    }

 private:
    Names keys_;
    std::deque<Names> values_;  ///< By key.
};

class Packed {
 public:
    Packed() = default;  ///< No properties; takes no memory of its own.
    Packed(Properties const& properties, PackedWords& words);

    [[nodiscard]] Properties unpack(PackedWords const& words) const;

    friend bool operator==(Packed const& a, Packed const& b);

 private:
    [[nodiscard]] ByteView view() const;

    std::unique_ptr<std::byte[]> bytes_;  ///< Its length stands in it: this is one pointer.
};

}  // namespace disgrafs::graph
