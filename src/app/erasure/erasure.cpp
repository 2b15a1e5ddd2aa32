/// \file app/erasure/erasure.cpp  disgrafs erasure: what its verbs have in common.

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "app/command.hpp"
#include "app/erasure/verbs.hpp"

namespace disgrafs::app {

void add_erasure(CLI::App& app, Chosen& chosen) {
    auto* const erasure = app.add_subcommand(
        "erasure",
        "Shards as plain files, without a cluster: encode, decode, verify, inspect, bench"
    );
    erasure->require_subcommand(1);
    add_erasure_encode(*erasure, chosen);
    add_erasure_decode(*erasure, chosen);
    add_erasure_verify(*erasure, chosen);
    add_erasure_inspect(*erasure, chosen);
    add_erasure_bench(*erasure, chosen);
    erasure->footer(
        "A file becomes k + m shards, FILE.0 FILE.1 …; any k of them give it back.\n"
        "  disgrafs erasure encode photo.jpg --k 4 --m 2 --out shards\n"
        "  disgrafs erasure decode shards/photo.jpg.[0-5] --out again.jpg\n"
        "The format: docs/formats/plain_shard.md."
    );
}

}  // namespace disgrafs::app
