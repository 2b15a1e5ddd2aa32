#pragma once

/// \file library.hpp  Functions of a shared library that is loaded when the program runs.

#include <string>

#include <dlfcn.h>

namespace disgrafs::erasure::bench {

/// Sets `function` to the symbol `name`; false when the library has none.
template <typename Function>
bool find(void* library, char const* name, Function& function) {
    function = reinterpret_cast<Function>(dlsym(library, name));
    return function != nullptr;
}

/// The last complaint of the loader.
inline std::string load_error() {
    char const* const said = dlerror();
    return said == nullptr ? "a function is missing" : said;
}

}  // namespace disgrafs::erasure::bench
