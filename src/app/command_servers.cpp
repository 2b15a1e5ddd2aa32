/// \file app/command_servers.cpp  disgrafs index, storage, worker: one member each, started by
/// hand.

#include <memory>
#include <string>
#include <utility>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>

#include "app/command.hpp"
#include "app/data_folder.hpp"
#include "app/index.hpp"
#include "app/program.hpp"
#include "app/storage.hpp"
#include "app/worker.hpp"
#include "base/log.hpp"

namespace disgrafs::app {

namespace {

/// The first line of a file with the join token. Errors: not_found, io.
Result<std::string> read_token(std::string const& path) {
    TRY(auto text, read_small_file(path));
    text.erase(text.find_last_not_of("\r\n ") + 1);
    return text;
}

void add_index_address(CLI::App* verb, std::string& url, std::string& fingerprint) {
    verb->add_option("--index", url, "Address of the index server, http:// or https://")
        ->required();
    verb->add_option(
        "--index-fingerprint",
        fingerprint,
        "Of the index server's certificate (`disgrafs up` prints it), if no authority signed it"
    );
}

void add_token(CLI::App* verb, std::string& file) {
    verb->add_option(
            "--join-token-file", file, "File with the cluster's join token (INDEX-DATA/join-token)"
    )
        ->required();
}

}  // namespace

void add_index(CLI::App& app, Chosen& chosen) {
    auto* const verb = app.add_subcommand("index", "One index server");
    auto const config = std::make_shared<IndexConfig>();
    verb->add_option("--data", config->data, "Its data folder")->required();
    verb->add_option("--listen", config->listen, "IP:port of page, API and members")
        ->capture_default_str();
    verb->add_option("--name", config->name, "Its name in logs")->capture_default_str();
    verb->add_option(
        "--admin-password-file", config->admin_password_file, "Where the first password is kept"
    );
    verb->callback([&chosen, config] {
        chosen = [config] {
            start_log(LogLevel::info, config->name);
            return finish(run_index(*config));
        };
    });
}

void add_storage(CLI::App& app, Chosen& chosen) {
    auto* const verb = app.add_subcommand("storage", "One storage node");
    auto const options = std::make_shared<storage::StorageNodeOptions>();
    auto const listen = std::make_shared<std::string>();
    auto const token_file = std::make_shared<std::string>();
    verb->add_option("--data", options->data, "Its data folder")->required();
    verb->add_option("--listen", *listen, "IP:port for shards")->required();
    verb->add_option("--advertise", options->advertise, "IP:port told to others, if another");
    add_index_address(verb, options->index_url, options->index_fingerprint);
    verb->add_option("--name", options->name, "Wished name, for example n1");
    verb->add_option("--capacity", options->store.capacity_bytes, "Bytes; 0 is what the disk has")
        ->check(CLI::Range(std::uint64_t{0}, size_bytes_max))
        ->capture_default_str();
    add_token(verb, *token_file);
    verb->callback([&chosen, options, listen, token_file] {
        chosen = [options, listen, token_file] {
            start_log(LogLevel::info, options->name);
            auto token = read_token(*token_file);
            if (!token) return finish(std::unexpected(token.error()));
            options->join_token = *std::move(token);
            auto address = parse_address(*listen);
            if (!address) return finish(std::unexpected(address.error()));
            options->listen = *std::move(address);
            return finish(run_storage(*options));
        };
    });
}

void add_worker(CLI::App& app, Chosen& chosen) {
    auto* const verb = app.add_subcommand("worker", "One analysis pool");
    auto const config = std::make_shared<analysis::WorkerConfig>();
    auto const listen = std::make_shared<std::string>("127.0.0.1:0");
    auto const data = std::make_shared<std::string>();
    auto const token_file = std::make_shared<std::string>();
    verb->add_option("--data", *data, "Its data folder")->required();
    verb->add_option(
            "--listen", *listen, "IP:port of its /metrics and health; port 0: any free one"
    )
        ->capture_default_str();
    add_index_address(verb, config->index_url, config->index_fingerprint);
    verb->add_option("--name", config->name, "Wished name, for example w1");
    verb->add_option("--processes", config->processes, "Files analysed at once")
        ->check(CLI::Range(std::size_t{1}, analysis_processes_max))
        ->capture_default_str();
    add_token(verb, *token_file);
    verb->callback([&chosen, config, listen, data, token_file] {
        chosen = [config, listen, data, token_file] {
            start_log(LogLevel::info, config->name);
            auto token = read_token(*token_file);
            if (!token) return finish(std::unexpected(token.error()));
            config->join_token = *std::move(token);
            config->analyze_program = analyze_path();
            auto address = parse_address(*listen);
            if (!address) return finish(std::unexpected(address.error()));
            return finish(run_worker(*data, *std::move(address), *config));
        };
    });
}

}  // namespace disgrafs::app
