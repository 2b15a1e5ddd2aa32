#include "app/command.hpp"

#include <cstdio>

#include <fmt/format.h>

namespace disgrafs::app {

int exit_status(Errc code) {
    switch (code) {
        case Errc::invalid:
            return 2;
        case Errc::not_found:
            return 3;
        case Errc::denied:
            return 4;
        case Errc::conflict:
            return 5;
        case Errc::unavailable:
            return 6;
        case Errc::exhausted:
            return 7;
        case Errc::corrupt:
        case Errc::cancelled:
        case Errc::io:
            return 1;
    }
    return 1;
}

int finish(Result<void> const& result) {
    if (result) return 0;
    fmt::print(stderr, "disgrafs: {}\n", result.error().message);
    return exit_status(result.error().code);
}

}  // namespace disgrafs::app
