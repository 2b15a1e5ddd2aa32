#pragma once

/// \file jerasure.hpp  Jerasure on gf-complete, loaded from a file.

#include <cstddef>
#include <expected>
#include <string>
#include <vector>

namespace disgrafs::erasure::bench {

class Jerasure {
 public:
    /// Error: why it could not be loaded.
    static std::expected<Jerasure, std::string> load(std::string name, std::string const& path);

    [[nodiscard]] std::string const& name() const { return name_; }

    /// `rows`: outs × sources elements of GF(2^w).
    void multiply(
        int w,
        std::vector<int> const& rows,
        std::vector<unsigned char*> const& sources,
        std::vector<unsigned char*> const& outs,
        std::size_t size_bytes
    ) const {
        encode_(
            static_cast<int>(sources.size()),
            static_cast<int>(outs.size()),
            w,
            const_cast<int*>(rows.data()),
            reinterpret_cast<char**>(const_cast<unsigned char**>(sources.data())),
            reinterpret_cast<char**>(const_cast<unsigned char**>(outs.data())),
            static_cast<int>(size_bytes)
        );
    }

 private:
    std::string name_;
    void (*encode_)(int, int, int, int*, char**, char**, int) = nullptr;
};

}  // namespace disgrafs::erasure::bench
