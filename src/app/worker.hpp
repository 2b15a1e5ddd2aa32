#pragma once

/// \file app/worker.hpp  One analysis pool as a program.

#include <string>

#include "analysis/worker.hpp"
#include "base/result.hpp"

namespace disgrafs::app {

/// Works until SIGINT or SIGTERM. `data`: its folder, made when absent. `listen`: where it answers
/// /metrics and /api/v1/health. Errors: conflict (port or data folder in use), io, invalid.
Result<void> run_worker(std::string data, Address listen, analysis::WorkerConfig config);

}  // namespace disgrafs::app
