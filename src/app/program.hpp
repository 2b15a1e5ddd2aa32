#pragma once

/// \file app/program.hpp  Where this program and the files that belong to it are.

#include <string>

#include "base/result.hpp"

namespace disgrafs::app {

/// Absolute path of the running `disgrafs`; of its successor when an upgrade replaced it meanwhile,
/// so that members can still be started.
std::string program_path();
/// What this machine calls itself; empty when it has no name.
std::string host_name();
/// `disgrafs-analyze`, beside it.
std::string analyze_path();

/// A folder that belongs to the program: "web" (the built page), "samples". Looked for in
/// PREFIX/share/disgrafs/NAME (installed) and in build/PRESET/share/NAME (built here), where the
/// program is in PREFIX/bin. Errors: not_found, naming both.
Result<std::string> shared_folder(std::string const& name);

}  // namespace disgrafs::app
