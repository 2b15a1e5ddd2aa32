/// \file app/client/tree.cpp  disgrafs ls, mkdir, mv, rm.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <boost/json/array.hpp>
#include <fmt/format.h>

#include "app/client/client.hpp"
#include "app/client/verbs.hpp"
#include "base/text.hpp"

namespace disgrafs::app {

namespace json = boost::json;

namespace {

struct TreeOptions {
    std::string path = "/";
    std::string to;
    std::vector<std::string> paths;
    bool purge = false;
    bool as_json = false;
};

void print_entry(json::object const& entry) {
    auto const is_folder = text_of(entry, "kind") == "folder";
    auto const size = is_folder ? std::string("-") : human_bytes(number_of(entry, "size"));
    auto const name = text_of(entry, "name") + (is_folder ? "/" : "");
    std::string tags;
    if (auto const* list = entry.if_contains("tags"); list != nullptr && list->is_array()) {
        for (auto const& tag : list->get_array()) {
            tags += (tags.empty() ? "" : ", ") + std::string(tag.as_string());
        }
    }
    auto const modified = text_of(entry, "modified").substr(0, 16);
    fmt::print("{:>9}  {}  {:<32}  {}\n", size, modified, name, tags);
}

Task<void> ls(Client& client, TreeOptions options) {
    CO_TRY(auto const found, co_await client.get(api_path("entries", options.path)));
    json::array all;
    if (text_of(found.as_object(), "kind") == "file") {
        all.push_back(found);
    } else {
        std::string after;
        while (true) {
            auto const page = "?limit=1000&after=" + percent_encode(after);
            CO_TRY(auto got, co_await client.get(api_path("folders", options.path) + page));
            auto& listing = got.as_object();
            for (auto& entry : listing.at("entries").as_array()) all.push_back(std::move(entry));
            after = text_of(listing, "next");
            if (after.empty()) break;
        }
    }
    if (options.as_json) {
        print_json(all);
    } else {
        for (auto const& entry : all) print_entry(entry.as_object());
    }
    co_return Result<void>{};
}

Task<void> mkdir(Client& client, TreeOptions options) {
    CO_TRY(
        auto const got, co_await client.send("POST", api_path("folders", options.path), nullptr)
    );
    if (options.as_json) print_json(got);
    co_return Result<void>{};
}

Task<void> mv(Client& client, TreeOptions options) {
    auto to = options.to;
    auto const is_root = to == "/";
    // Into an existing folder, as mv does.
    auto const place = api_path("entries", is_root ? std::string() : to);
    auto const target = co_await client.get(place);
    if (!target && target.error().code != Errc::not_found)
        co_return std::unexpected(target.error());
    auto const into = is_root || (target && text_of(target->as_object(), "kind") == "folder");
    if (into) {
        auto const from = options.path;
        auto const name = from.substr(from.find_last_of('/') + 1);
        to = (to.ends_with('/') ? to : to + "/") + name;
    }
    json::object body{{"from", options.path}, {"to", to}};
    CO_TRY(auto const got, co_await client.send("POST", "/move", std::move(body)));
    if (options.as_json) print_json(got);
    co_return Result<void>{};
}

Task<void> rm(Client& client, TreeOptions options) {
    for (auto const& path : options.paths) {
        auto const url = api_path("files", path) + (options.purge ? "?purge=1" : "");
        CO_TRY(auto const got, co_await client.remove(url));
        (void)got;
    }
    if (options.as_json) {
        json::object out{{"removed", json::array(options.paths.begin(), options.paths.end())}};
        print_json(out);
    }
    co_return Result<void>{};
}

using Verb = Task<void> (*)(Client&, TreeOptions);

std::shared_ptr<TreeOptions> add_verb(CLI::App* verb, Chosen& chosen, Verb run) {
    auto const options = std::make_shared<TreeOptions>();
    verb->add_flag("--json", options->as_json, "Print JSON");
    verb->callback([&chosen, options, run] {
        chosen = [options, run] {
            return run_client([options, run](Client& client) { return run(client, *options); });
        };
    });
    return options;
}

}  // namespace

void add_tree(CLI::App& app, Chosen& chosen) {
    auto* const list = app.add_subcommand("ls", "List a folder");
    list->add_option("path", add_verb(list, chosen, ls)->path, "Folder or file (default: /)");
    auto* const make = app.add_subcommand("mkdir", "Make a folder and its parents");
    make->add_option("path", add_verb(make, chosen, mkdir)->path, "The new folder")->required();
    auto* const move = app.add_subcommand("mv", "Move or rename");
    auto const moved = add_verb(move, chosen, mv);
    move->add_option("from", moved->path, "What to move")->required();
    move->add_option("to", moved->to, "New path, or an existing folder")->required();
    auto* const remove = app.add_subcommand("rm", "Move to the trash; folders with all in them");
    auto const removed = add_verb(remove, chosen, rm);
    remove->add_option("path", removed->paths, "What to remove")->required()->expected(1, -1);
    remove->add_flag("--purge", removed->purge, "Delete for ever, not to the trash");
}

}  // namespace disgrafs::app
