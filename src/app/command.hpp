#pragma once

/// \file app/command.hpp  The subcommands of `disgrafs`: each file adds its own and says what it
/// runs.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "base/result.hpp"

namespace CLI {
class App;
}

namespace disgrafs::app {

/// What the command line chose; returns the exit status.
using Chosen = std::function<int()>;

void add_up(CLI::App& app, Chosen& chosen);       ///< up: a whole cluster on this machine
void add_member(CLI::App& app, Chosen& chosen);   ///< member start|stop|list of such a cluster
void add_index(CLI::App& app, Chosen& chosen);    ///< index: one index server
void add_storage(CLI::App& app, Chosen& chosen);  ///< storage: one storage node
void add_worker(CLI::App& app, Chosen& chosen);   ///< worker: one analysis pool

/// What the command line takes, at most (docs/config.md).
inline constexpr std::size_t analysis_processes_max = 256;    ///< Each may take 512 MiB.
inline constexpr std::uint64_t size_bytes_max = 1ULL << 60U;  ///< A capacity, a quota: 1 EiB.

/// docs/cli.md: 1 other failures · 2 wrong usage · 3 not found · 4 denied · 5 conflict · 6
/// unavailable · 7 exhausted (space, quota).
int exit_status(Errc code);

/// Prints "disgrafs: <message>" on standard error; the exit status for it. Success is 0.
int finish(Result<void> const& result);

}  // namespace disgrafs::app
