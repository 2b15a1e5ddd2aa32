#include "jerasure.hpp"

#include <expected>
#include <string>
#include <utility>

#include <dlfcn.h>

#include "library.hpp"

namespace disgrafs::erasure::bench {

std::expected<Jerasure, std::string> Jerasure::load(std::string name, std::string const& path) {
    auto* const library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    Jerasure jerasure;
    jerasure.name_ = std::move(name);
    if (library == nullptr || !find(library, "jerasure_matrix_encode", jerasure.encode_)) {
        return std::unexpected(load_error());
    }
    return jerasure;
}

}  // namespace disgrafs::erasure::bench
