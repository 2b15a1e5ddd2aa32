#include "isal.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <utility>
#include <vector>

#include <dlfcn.h>

#include "library.hpp"

namespace disgrafs::erasure::bench {

std::expected<Isal, std::string> Isal::load(std::string name, std::string const& path) {
    auto* const library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
        return std::unexpected(load_error());
    }
    Isal isal;
    isal.name_ = std::move(name);
    bool const is_whole = find(library, "gf_gen_cauchy1_matrix", isal.cauchy_) &&
                          find(library, "gf_invert_matrix", isal.invert_) &&
                          find(library, "ec_init_tables", isal.init_) &&
                          find(library, "ec_encode_data", isal.encode_) &&
                          find(library, "crc32_iscsi", isal.crc_);
    if (!is_whole) {
        return std::unexpected(load_error());
    }
    return isal;
}

std::vector<std::uint8_t> Isal::parity_rows(int k, int m) const {
    std::vector<std::uint8_t> all(static_cast<std::size_t>((k + m) * k));
    cauchy_(all.data(), k + m, k);
    return {all.begin() + std::ptrdiff_t{k} * k, all.end()};
}

std::vector<std::uint8_t> Isal::rebuilding_rows(int k, int lost) const {
    std::vector<std::uint8_t> all(static_cast<std::size_t>((k + lost) * k));
    cauchy_(all.data(), k + lost, k);
    std::vector<std::uint8_t> square(all.begin() + std::ptrdiff_t{lost} * k, all.end());
    std::vector<std::uint8_t> inverse(square.size());
    invert(square.data(), inverse.data(), k);
    inverse.resize(static_cast<std::size_t>(lost * k));
    return inverse;
}

std::vector<std::uint8_t> Isal::tables(int sources, int outs, std::vector<std::uint8_t> rows)
    const {
    std::vector<std::uint8_t> made(static_cast<std::size_t>(32 * sources * outs));
    init_(sources, outs, rows.data(), made.data());
    return made;
}

}  // namespace disgrafs::erasure::bench
