/// \file app/client/find.cpp  disgrafs find, tags, similar.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <CLI/Validators.hpp>
#include <boost/json/array.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "app/client/client.hpp"
#include "app/client/verbs.hpp"
#include "base/text.hpp"

namespace disgrafs::app {

namespace json = boost::json;

namespace {

constexpr std::uint64_t hits_max = 100;  // As the server has it.

struct FindOptions {
    std::vector<std::string> words;
    std::string path;
    std::uint64_t limit = 20;
    bool as_json = false;
};

double score_of(json::object const& object) {
    auto const* found = object.if_contains("score");
    return found != nullptr && found->is_number() ? found->to_number<double>() : 0;
}

/// \x02 and \x03 become bold on a terminal, nothing elsewhere; line ends become spaces.
std::string shown(std::string const& snippet) {
    auto const is_terminal = ::isatty(1) == 1;
    std::string out;
    for (auto const sign : snippet) {
        if (sign == '\x02')
            out += is_terminal ? "\x1b[1m" : "";
        else if (sign == '\x03')
            out += is_terminal ? "\x1b[0m" : "";
        else
            out += sign == '\n' || sign == '\r' ? ' ' : sign;
    }
    return out;
}

Task<void> find(Client& client, FindOptions options) {
    std::string query;
    for (auto const& word : options.words) query += (query.empty() ? "" : " ") + word;
    auto const url = fmt::format("/search?limit={}&q={}", options.limit, percent_encode(query));
    CO_TRY(auto const got, co_await client.get(url));
    auto const& answer_object = got.as_object();
    auto const& hits = answer_object.at("hits").as_array();
    if (options.as_json) {
        print_json(hits);
        co_return Result<void>{};
    }
    for (auto const& hit : hits) {
        auto const& facts = hit.as_object();
        fmt::print("{:6.2f}  {}\n", score_of(facts), text_of(facts, "path"));
        if (auto const text = shown(text_of(facts, "snippet")); !text.empty()) {
            fmt::print("        {}\n", text);
        }
    }
    auto const total = number_of(answer_object, "total");
    if (total > hits.size()) fmt::print("… and {} more: --limit\n", total - hits.size());
    if (hits.empty()) fmt::print("nothing found\n");
    co_return Result<void>{};
}

Task<void> tags(Client& client, FindOptions options) {
    CO_TRY(auto const got, co_await client.get(api_path("entries", options.path)));
    auto const* list = got.as_object().if_contains("file_tags");
    json::array const none;
    auto const& rows = list != nullptr && list->is_array() ? list->get_array() : none;
    if (options.as_json) {
        print_json(rows);
        co_return Result<void>{};
    }
    for (auto const& row : rows) {
        auto const& tag = row.as_object();
        fmt::print(
            "{:4.2f}  {:<28} {:<10} {:<9} {}\n",
            score_of(tag),
            text_of(tag, "name"),
            text_of(tag, "kind"),
            text_of(tag, "state"),
            text_of(tag, "by")
        );
    }
    co_return Result<void>{};
}

Task<void> similar(Client& client, FindOptions options) {
    CO_TRY(auto const got, co_await client.get(api_path("entries", options.path)));
    auto const* list = got.as_object().if_contains("similar");
    json::array const none;
    auto const& rows = list != nullptr && list->is_array() ? list->get_array() : none;
    if (options.as_json) {
        print_json(rows);
        co_return Result<void>{};
    }
    for (auto const& row : rows) {
        auto const& likeness = row.as_object();
        std::string why;
        for (auto const& reason : likeness.at("why").as_array()) {
            why += (why.empty() ? "" : ", ") + std::string(reason.as_string());
        }
        auto const path = text_of(likeness.at("entry").as_object(), "path");
        fmt::print("{:4.2f}  {:<44} {}\n", score_of(likeness), path, why);
    }
    co_return Result<void>{};
}

using Verb = Task<void> (*)(Client&, FindOptions);

std::shared_ptr<FindOptions> add_verb(CLI::App* verb, Chosen& chosen, Verb run) {
    auto const options = std::make_shared<FindOptions>();
    verb->add_flag("--json", options->as_json, "Print JSON");
    verb->callback([&chosen, options, run] {
        chosen = [options, run] {
            return run_client([options, run](Client& client) { return run(client, *options); });
        };
    });
    return options;
}

}  // namespace

void add_find(CLI::App& app, Chosen& chosen) {
    auto* const search = app.add_subcommand("find", "Find files by words, tags, names");
    auto const wanted = add_verb(search, chosen, find);
    search->add_option("words", wanted->words, "words \"a phrase\" tag:x type:pdf in:/folder")
        ->required();
    search->add_option("--limit", wanted->limit, "At most so many")
        ->check(CLI::Range(std::uint64_t{1}, hits_max))
        ->capture_default_str();
    auto* const tag = app.add_subcommand("tags", "Tags of a file, with scores");
    tag->add_option("path", add_verb(tag, chosen, tags)->path, "The file")->required();
    auto* const like = app.add_subcommand("similar", "Files most like a file, and why");
    like->add_option("path", add_verb(like, chosen, similar)->path, "The file")->required();
}

}  // namespace disgrafs::app
