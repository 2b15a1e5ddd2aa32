#pragma once

/// \file app/up.hpp  `disgrafs up`: a whole cluster on this machine, in the foreground.

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "base/time.hpp"

namespace disgrafs::app {

inline constexpr std::size_t storage_nodes_max = 64;

struct UpOptions {
    std::string data;                  ///< Empty: default_data_folder().
    std::string listen = "127.0.0.1";  ///< Where the page and the API are served.
    std::uint16_t port = 8080;
    std::size_t storage_nodes = 6;       ///< 1 … storage_nodes_max.
    std::size_t analysis_processes = 2;  ///< Of the analysis pool; 0: no pool.
    std::optional<Duration> restart_after = std::chrono::seconds(30);  ///< nullopt: never.
    bool with_samples = true;
};

/// Runs until SIGINT or SIGTERM; then stops every member and returns. Errors: conflict (port or
/// data folder in use), invalid, io, unavailable (a member did not start: with the end of its log).
Result<void> run_up(UpOptions options);

}  // namespace disgrafs::app
