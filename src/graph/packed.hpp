#pragma once

/// \file graph/packed.hpp  Properties squeezed into one run of bytes, for the image.
///
/// A std::map of five properties costs about 600 bytes; packed, with property names as numbers,
/// about 60. They are unpacked when someone looks (RamImage keeps the last ones looked at).

#include <cstddef>
#include <memory>

#include "base/bytes.hpp"
#include "graph/names.hpp"
#include "graph/value.hpp"

namespace disgrafs::graph {

class Packed {
 public:
    Packed() = default;  ///< No properties; takes no memory of its own.
    Packed(Properties const& properties, Names& keys);

    [[nodiscard]] Properties unpack(Names const& keys) const;
    [[nodiscard]] std::size_t size_bytes() const { return size_; }

    friend bool operator==(Packed const& a, Packed const& b);

 private:
    std::unique_ptr<std::byte[]> bytes_;
    std::uint32_t size_ = 0;
};

}  // namespace disgrafs::graph
