#pragma once

/// \file app/erasure/verbs.hpp  disgrafs erasure …: shards as plain files, without a cluster. Each
/// file adds its own verb.

#include "app/command.hpp"

namespace disgrafs::app {

void add_erasure(CLI::App& app, Chosen& chosen);  ///< The verb that has all of these.

void add_erasure_encode(CLI::App& erasure, Chosen& chosen);
void add_erasure_decode(CLI::App& erasure, Chosen& chosen);
void add_erasure_verify(CLI::App& erasure, Chosen& chosen);
void add_erasure_inspect(CLI::App& erasure, Chosen& chosen);
void add_erasure_bench(CLI::App& erasure, Chosen& chosen);

}  // namespace disgrafs::app
