#pragma once

/// \file isal.hpp  ISA-L, loaded from a file, so that several versions stand side by side.

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <vector>

namespace disgrafs::erasure::bench {

class Isal {
 public:
    /// Error: why it could not be loaded.
    static std::expected<Isal, std::string> load(std::string name, std::string const& path);

    [[nodiscard]] std::string const& name() const { return name_; }

    /// The m × k parity rows of gf_gen_cauchy1_matrix.
    [[nodiscard]] std::vector<std::uint8_t> parity_rows(int k, int m) const;

    /// lost × k rows that give data shards 0 … lost − 1 from data shards lost … k − 1 and the
    /// first `lost` parities: inverts k × k.
    [[nodiscard]] std::vector<std::uint8_t> rebuilding_rows(int k, int lost) const;

    /// What multiply() takes: `rows` is outs × sources.
    [[nodiscard]] std::vector<std::uint8_t> tables(
        int sources, int outs, std::vector<std::uint8_t> rows
    ) const;

    void multiply(
        std::vector<std::uint8_t> const& tables,
        std::vector<unsigned char*> const& sources,
        std::vector<unsigned char*> const& outs,
        std::size_t size_bytes
    ) const {
        encode_(
            static_cast<int>(size_bytes),
            static_cast<int>(sources.size()),
            static_cast<int>(outs.size()),
            const_cast<unsigned char*>(tables.data()),
            const_cast<unsigned char**>(sources.data()),
            const_cast<unsigned char**>(outs.data())
        );
    }

    /// `square` (n × n) is destroyed; n × n are written to `inverse`. False when it is singular.
    bool invert(std::uint8_t* square, std::uint8_t* inverse, int n) const {
        return invert_(square, inverse, n) == 0;
    }

    [[nodiscard]] std::uint32_t crc32c(unsigned char* bytes, std::size_t size_bytes) const {
        return ~crc_(bytes, static_cast<int>(size_bytes), ~0U);
    }

 private:
    std::string name_;
    void (*cauchy_)(unsigned char*, int, int) = nullptr;
    int (*invert_)(unsigned char*, unsigned char*, int) = nullptr;
    void (*init_)(int, int, unsigned char*, unsigned char*) = nullptr;
    void (*encode_)(int, int, int, unsigned char*, unsigned char**, unsigned char**) = nullptr;
    unsigned int (*crc_)(unsigned char*, int, unsigned int) = nullptr;
};

}  // namespace disgrafs::erasure::bench
