#pragma once

/// \file app/worker.hpp  One analysis pool as a program.

#include <string>

#include "analysis/worker.hpp"
#include "base/result.hpp"

namespace disgrafs::app {

/// Works until SIGINT or SIGTERM. `data`: its folder, made when absent.
Result<void> run_worker(std::string data, analysis::WorkerConfig config);

}  // namespace disgrafs::app
