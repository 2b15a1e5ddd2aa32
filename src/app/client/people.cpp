/// \file app/client/people.cpp  disgrafs user, group, grant, revoke.

#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>
#include <boost/json/array.hpp>
#include <fmt/format.h>

#include "app/client/client.hpp"
#include "app/client/verbs.hpp"
#include "app/data_folder.hpp"
#include "base/text.hpp"

namespace disgrafs::app {

namespace json = boost::json;

namespace {

struct PeopleOptions {
    std::string name;
    std::string user;
    std::string password_file;
    bool is_admin = false;
    std::uint64_t quota_bytes = 0;
    std::string right = "read";
    std::string path;
    bool as_json = false;
};

using Verb = Task<void> (*)(Client&, PeopleOptions);

Result<std::string> read_password(std::string const& file) {
    std::string text;
    if (file == "-") {
        for (int c = std::getchar(); c != EOF && c != '\n'; c = std::getchar()) {
            text.push_back(static_cast<char>(c));
        }
    } else {
        TRY(text, read_small_file(file));
    }
    text.erase(text.find_last_not_of("\r\n") + 1);
    return text;
}

/// "bob", "user:bob" or "group:lab" as the API wants it.
std::string principal_of(std::string const& name) {
    auto const is_typed = name.starts_with("user:") || name.starts_with("group:");
    return is_typed ? name : "user:" + name;
}

Task<void> user_add(Client& client, PeopleOptions options) {
    CO_TRY(auto password, read_password(options.password_file));
    json::object body{
        {"name", options.name},
        {"password", std::move(password)},
        {"role", options.is_admin ? "admin" : "user"},
        {"quota_bytes", options.quota_bytes}
    };
    CO_TRY(auto const got, co_await client.send("POST", "/users", std::move(body)));
    if (options.as_json)
        print_json(got);
    else
        fmt::print("user {}, home {}\n", options.name, text_of(got.as_object(), "home"));
    co_return Result<void>{};
}

Task<void> user_list(Client& client, PeopleOptions options) {
    CO_TRY(auto const got, co_await client.get("/users"));
    auto const& users = got.as_object().at("users").as_array();
    if (options.as_json) {
        print_json(users);
        co_return Result<void>{};
    }
    for (auto const& row : users) {
        auto const& user = row.as_object();
        auto const quota = number_of(user, "quota_bytes");
        fmt::print(
            "{:<20} {:<6} {:>9} of {:<9} {}\n",
            text_of(user, "name"),
            text_of(user, "role"),
            human_bytes(number_of(user, "used_bytes")),
            quota == 0 ? "no limit" : human_bytes(quota),
            text_of(user, "home")
        );
    }
    co_return Result<void>{};
}

Task<void> group_add(Client& client, PeopleOptions options) {
    json::object body{{"name", options.name}};
    CO_TRY(auto const got, co_await client.send("POST", "/groups", std::move(body)));
    if (options.as_json) print_json(got);
    co_return Result<void>{};
}

Task<void> set_member(Client& client, PeopleOptions options, std::string method) {
    auto const path = fmt::format(
        "/groups/{}/members/{}", percent_encode(options.name), percent_encode(options.user)
    );
    CO_TRY(auto const got, co_await client.send(std::move(method), path, nullptr));
    (void)got;
    co_return Result<void>{};
}

Task<void> group_join(Client& client, PeopleOptions options) {
    return set_member(client, std::move(options), "PUT");
}

Task<void> group_leave(Client& client, PeopleOptions options) {
    return set_member(client, std::move(options), "DELETE");
}

Task<void> group_list(Client& client, PeopleOptions options) {
    CO_TRY(auto const got, co_await client.get("/groups"));
    auto const& groups = got.as_object().at("groups").as_array();
    if (options.as_json) {
        print_json(groups);
        co_return Result<void>{};
    }
    for (auto const& row : groups) {
        auto const& group = row.as_object();
        std::string members;
        for (auto const& member : group.at("members").as_array()) {
            members += " " + std::string(member.as_string());
        }
        fmt::print("{:<20}{}\n", text_of(group, "name"), members);
    }
    co_return Result<void>{};
}

Task<void> grant(Client& client, PeopleOptions options) {
    json::object body{
        {"path", options.path},
        {"principal", principal_of(options.name)},
        {"read", true},
        {"write", options.right != "read"},
        {"share", options.right == "share"}
    };
    CO_TRY(auto const got, co_await client.send("POST", "/grants", std::move(body)));
    if (options.as_json) print_json(got);
    co_return Result<void>{};
}

Task<void> revoke(Client& client, PeopleOptions options) {
    auto const url = fmt::format(
        "/grants?path={}&principal={}",
        percent_encode(options.path),
        percent_encode(principal_of(options.name))
    );
    CO_TRY(auto const got, co_await client.remove(url));
    (void)got;
    co_return Result<void>{};
}

std::shared_ptr<PeopleOptions> add_verb(CLI::App* verb, Chosen& chosen, Verb run) {
    auto const options = std::make_shared<PeopleOptions>();
    verb->add_flag("--json", options->as_json, "Print JSON");
    verb->callback([&chosen, options, run] {
        chosen = [options, run] {
            return run_client([options, run](Client& client) { return run(client, *options); });
        };
    });
    return options;
}

void add_user_verbs(CLI::App& app, Chosen& chosen) {
    auto* const user = app.add_subcommand("user", "Users: add, list");
    user->require_subcommand(1);
    auto* const add = user->add_subcommand("add", "A new user, with a home folder");
    auto const added = add_verb(add, chosen, user_add);
    add->add_option("name", added->name, "Lower-case letters, digits, . _ -")->required();
    add->add_option(
           "--password-file", added->password_file, "File with the password; - for standard input"
    )
        ->required();
    add->add_flag("--admin", added->is_admin, "An administrator");
    add->add_option("--quota", added->quota_bytes, "Bytes; 0 is without limit")
        ->check(CLI::Range(std::uint64_t{0}, size_bytes_max))
        ->capture_default_str();
    add_verb(user->add_subcommand("list", "All users"), chosen, user_list);
}

void add_group_verbs(CLI::App& app, Chosen& chosen) {
    auto* const group = app.add_subcommand("group", "Groups: add, join, leave, list");
    group->require_subcommand(1);
    auto* const add = group->add_subcommand("add", "A new group");
    add->add_option("name", add_verb(add, chosen, group_add)->name, "Its name")->required();
    auto* const join = group->add_subcommand("join", "Put a user into a group");
    auto const joined = add_verb(join, chosen, group_join);
    join->add_option("group", joined->name, "The group")->required();
    join->add_option("user", joined->user, "The user")->required();
    auto* const leave = group->add_subcommand("leave", "Take a user out of a group");
    auto const left = add_verb(leave, chosen, group_leave);
    leave->add_option("group", left->name, "The group")->required();
    leave->add_option("user", left->user, "The user")->required();
    add_verb(group->add_subcommand("list", "Groups and their members"), chosen, group_list);
}

}  // namespace

void add_people(CLI::App& app, Chosen& chosen) {
    add_user_verbs(app, chosen);
    add_group_verbs(app, chosen);
    auto* const give = app.add_subcommand("grant", "Let a user or group read, write or share");
    auto const given = add_verb(give, chosen, grant);
    give->add_option("who", given->name, "bob, user:bob or group:lab")->required();
    give->add_option("right", given->right, "read, write (and read), or share (and both)")
        ->required()
        ->check([](std::string const& word) {
            auto const is_known = word == "read" || word == "write" || word == "share";
            return is_known ? std::string() : "it is read, write or share, not " + word;
        });
    give->add_option("path", given->path, "File or folder, with all below it")->required();
    auto* const take = app.add_subcommand("revoke", "Take a grant back");
    auto const taken = add_verb(take, chosen, revoke);
    take->add_option("who", taken->name, "bob, user:bob or group:lab")->required();
    take->add_option("path", taken->path, "File or folder")->required();
}

}  // namespace disgrafs::app
