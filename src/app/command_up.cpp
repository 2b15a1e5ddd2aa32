#include <memory>
#include <string>
#include <utility>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>

#include "app/command.hpp"
#include "app/control.hpp"
#include "app/data_folder.hpp"
#include "app/up.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "io/clock.hpp"
#include "io/loop.hpp"
#include "io/network.hpp"

namespace disgrafs::app {

namespace {

int run_with(UpOptions options, std::string const& restart_after) {
    start_log(LogLevel::warn, "up");
    if (restart_after == "never") {
        options.restart_after.reset();
    } else {
        auto const pause = parse_duration(restart_after);
        if (!pause) return finish(std::unexpected(pause.error()));
        options.restart_after = *pause;
    }
    return finish(run_up(std::move(options)));
}

Task<void> tell_member(
    boost::asio::any_io_executor executor, std::string folder, std::string action, std::string id
) {
    auto const clock = make_real_clock();
    auto const network = make_real_network(executor);
    co_return co_await command_member(*network, *clock, folder, action, id);
}

int run_member(std::string folder, std::string const& action, std::string const& id) {
    start_log(LogLevel::warn, "cli");
    if (folder.empty()) {
        auto found = default_data_folder();
        if (!found) return finish(std::unexpected(found.error()));
        folder = *std::move(found);
    }
    return finish(run_loop([&](boost::asio::any_io_executor executor) {
        return tell_member(executor, folder, action, id);
    }));
}

}  // namespace

void add_up(CLI::App& app, Chosen& chosen) {
    auto* const up = app.add_subcommand("up", "Start a whole cluster on this machine");
    auto const options = std::make_shared<UpOptions>();
    auto const restart_after = std::make_shared<std::string>("30s");
    auto const no_samples = std::make_shared<bool>(false);
    up->add_option(
        "--data", options->data, "Folder of the cluster (default: below your data folder)"
    );
    up->add_option("--port", options->port, "Port of the page and the API")
        ->check(CLI::Range(1U, 65535U))
        ->capture_default_str();
    up->add_option("--listen", options->listen, "IP address of the page and the API")
        ->capture_default_str();
    up->add_option("--storage-nodes", options->storage_nodes, "Storage nodes")
        ->check(CLI::Range(std::size_t{1}, storage_nodes_max))
        ->capture_default_str();
    up->add_option(
          "--analysis-processes", options->analysis_processes, "Files analysed at once; 0: none"
    )
        ->check(CLI::Range(std::size_t{0}, analysis_processes_max))
        ->capture_default_str();
    up->add_option(
          "--restart-after", *restart_after, "Start a dead member again after this, or 'never'"
    )
        ->capture_default_str();
    up->add_flag("--no-samples", *no_samples, "Do not put the sample files in at the first start");
    up->callback([&chosen, options, restart_after, no_samples] {
        chosen = [options, restart_after, no_samples] {
            options->with_samples = !*no_samples;
            return run_with(*options, *restart_after);
        };
    });
}

void add_member(CLI::App& app, Chosen& chosen) {
    auto* const member =
        app.add_subcommand("member", "Start, stop or list the members that `disgrafs up` runs");
    member->require_subcommand(1);
    auto const folder = std::make_shared<std::string>();
    auto const id = std::make_shared<std::string>();
    for (std::string const action : {"list", "start", "stop"}) {
        auto const what = action == "list" ? "Show the members" : "Member to " + action;
        auto* const verb = member->add_subcommand(action, what);
        verb->add_option(
            "--data", *folder, "Folder of the cluster (default: below your data folder)"
        );
        if (action != "list") verb->add_option("id", *id, "For example n3")->required();
        verb->callback([&chosen, folder, id, action] {
            chosen = [folder, id, action] { return run_member(*folder, action, *id); };
        });
    }
}

}  // namespace disgrafs::app
