#pragma once

/// \file analysers/sandbox/probe.hpp  Tries, inside the sandbox, what must not work there.

#include <string>
#include <string_view>

#include "analysis/findings.hpp"

namespace disgrafs::analysers {

/// open, socket, exec, ptrace, fork, signal, execute: ok with "refused: …" when the sandbox held,
/// failed when it did not. memory, time, crash do not return when the sandbox works. Another name
/// is failed.
analysis::Findings run_probe(std::string_view name);

}  // namespace disgrafs::analysers
