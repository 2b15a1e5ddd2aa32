/// \file app/client/status.cpp  disgrafs status: members, durability, repair, in one screen.

#include <memory>
#include <string>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <boost/json/array.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "app/client/client.hpp"
#include "app/client/verbs.hpp"
#include "base/text.hpp"

namespace disgrafs::app {

namespace json = boost::json;

namespace {

std::string coloured(std::string const& state) {
    if (::isatty(1) != 1) return state;
    auto const colour = state == "up" ? 32 : state == "suspect" || state == "draining" ? 33 : 31;
    return fmt::format("\x1b[{}m{}\x1b[0m", colour, state);
}

void print_member(json::object const& member) {
    auto const is_storage = text_of(member, "role") == "storage";
    auto const space = is_storage ? fmt::format(
                                        "{} of {}{}, {} shards",
                                        human_bytes(number_of(member, "used_bytes")),
                                        human_bytes(number_of(member, "capacity_bytes")),
                                        number_of(member, "disk_nodes") > 1 ? " (shared)" : "",
                                        number_of(member, "shards")
                                    )
                                  : std::string();
    auto const state = text_of(member, "state");
    auto const padding = std::string(state.size() < 8 ? 8 - state.size() : 0, ' ');
    fmt::print(
        "  {:<8} {:<8} {}{} {:<22} {}\n",
        text_of(member, "name"),
        text_of(member, "role"),
        coloured(state),
        padding,
        text_of(member, "address"),
        space
    );
}

void print_durability(json::object const& cluster) {
    fmt::print("  stripes  {}", number_of(cluster, "stripes_total"));
    for (auto const& [margin, count] : cluster.at("stripes_by_margin").as_object()) {
        fmt::print(
            "   {} with margin {}", count.to_number<std::uint64_t>(), std::string_view(margin)
        );
    }
    auto const& repair = cluster.at("repair").as_object();
    auto const queued = number_of(repair, "queued_stripes") + number_of(repair, "queued_contents");
    if (queued == 0) {
        fmt::print("\n  repair   nothing to do\n");
    } else {
        fmt::print(
            "\n  repair   {} of {} done {}\n",
            number_of(repair, "round_done"),
            number_of(repair, "round_total"),
            text_of(repair, "waits_for")
        );
    }
}

Task<void> status(Client& client, bool as_json) {
    CO_TRY(auto const got, co_await client.get("/cluster"));
    if (as_json) {
        print_json(got);
        co_return Result<void>{};
    }
    auto const& cluster = got.as_object();
    auto const can = [&](char const* name) { return cluster.at(name).as_bool() ? "yes" : "NO"; };
    fmt::print(
        "reads everything: {}   writes: {}   large files get {}\n",
        can("can_read_all"),
        can("can_write"),
        text_of(cluster, "write_layout")
    );
    for (auto const& member : cluster.at("members").as_array()) print_member(member.as_object());
    fmt::print(
        "  space    {} of {}\n",
        human_bytes(number_of(cluster, "used_bytes")),
        human_bytes(number_of(cluster, "capacity_bytes"))
    );
    print_durability(cluster);
    auto const& analysis = cluster.at("analysis").as_object();
    fmt::print(
        "  analysis {} waiting, {} running, {} failed\n  files    {}, {}\n",
        number_of(analysis, "queued"),
        number_of(analysis, "running"),
        number_of(analysis, "failed"),
        number_of(cluster, "files"),
        human_bytes(number_of(cluster, "logical_bytes"))
    );
    co_return Result<void>{};
}

}  // namespace

void add_status(CLI::App& app, Chosen& chosen) {
    auto* const verb =
        app.add_subcommand("status", "Members, durability and repair of the cluster");
    auto const as_json = std::make_shared<bool>(false);
    verb->add_flag("--json", *as_json, "Print JSON");
    verb->callback([&chosen, as_json] {
        chosen = [as_json] {
            return run_client([as_json](Client& client) { return status(client, *as_json); });
        };
    });
}

}  // namespace disgrafs::app
