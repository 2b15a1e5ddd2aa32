#include "app/erasure/given_shards.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "app/erasure/layout_options.hpp"
#include "app/erasure/plain_file.hpp"
#include "base/result.hpp"
#include "base/text.hpp"
#include "erasure/plain/format.hpp"
#include "erasure/plain/reader.hpp"

namespace disgrafs::app {
namespace {

using Set = std::vector<GivenShard*>;

std::vector<Set> sets_of(std::vector<GivenShard>& given) {
    std::vector<Set> sets;
    for (auto& one : given) {
        if (!one.shard) {
            continue;
        }
        auto const is_same = [&](Set const& set) {
            return set.front()->shard->is_of_set_of(*one.shard);
        };
        auto const found = std::ranges::find_if(sets, is_same);
        found == sets.end() ? sets.push_back({&one}) : found->push_back(&one);
    }
    return sets;
}

bool is_complete(Set const& set) {
    std::set<int> indexes;
    for (auto const* one : set) {
        indexes.insert(one->shard->index());
    }
    return indexes.size() >= set.front()->shard->shape().layout.k;
}

/// "set 1a2b3c4d (4+2 cauchy, 12 kB): a.0 a.1 a.2 …"
std::string text_of(Set const& set) {
    constexpr std::size_t paths_max = 6;
    auto const& shard = *set.front()->shard;
    auto text = fmt::format(
        "\n  set {} ({}, {}):",
        set_name(shard),
        name_of(shard.shape().layout),
        human_bytes(shard.shape().file_bytes)
    );
    for (std::size_t i = 0; i < std::min(set.size(), paths_max); ++i) {
        text += " " + set[i]->path;
    }
    return set.size() > paths_max ? text + " …" : text;
}

Result<erasure::PlainShard> open_shard(GivenShard& one) {
    TRY(one.file, FileSource::open(one.path));
    return erasure::PlainShard::open(*one.file);
}

struct NamedBare {
    int index;
    std::string path;
};

Result<NamedBare> parse_bare(std::string const& word) {
    auto const parse = [](std::string_view text) {
        constexpr std::size_t digits_max = 4;
        auto const number = parse_number(text);
        return number && text.size() <= digits_max ? static_cast<int>(*number) : -1;
    };
    if (auto const sign = word.find('='); sign != std::string::npos) {
        if (auto const index = parse(std::string_view(word).substr(0, sign)); index >= 0) {
            return NamedBare{index, word.substr(sign + 1)};
        }
    }
    if (auto const dot = word.rfind('.'); dot != std::string::npos) {
        if (auto const index = parse(std::string_view(word).substr(dot + 1)); index >= 0) {
            return NamedBare{index, word};
        }
    }
    return fail(
        Errc::invalid,
        "{}: which shard is it? Its name does not end with .N; write N={}",
        word,
        word
    );
}

}  // namespace

Result<std::vector<GivenShard>> open_shards(std::vector<std::string> const& paths) {
    TRY_OK(allow_open_files(paths.size()));
    std::vector<GivenShard> given;
    for (auto const& path : paths) {
        auto const is_there = [&](GivenShard const& other) {
            return other.path == path || (other.file && other.file->is(path));
        };
        if (std::ranges::any_of(given, is_there)) {
            continue;
        }
        GivenShard one;
        one.path = path;
        auto shard = open_shard(one);
        if (shard) {
            one.shard.emplace(*std::move(shard));
        } else if (shard.error().code == Errc::cancelled) {
            return std::unexpected(shard.error());
        } else {
            one.trouble = shard.error();
        }
        given.push_back(std::move(one));
    }
    return given;
}

Result<void> choose_set(std::vector<GivenShard>& given) {
    auto const sets = sets_of(given);
    if (sets.empty()) {
        return fail(Errc::invalid, "none of these files is a whole shard");
    }
    auto chosen = sets.begin();
    if (sets.size() > 1) {
        auto const complete = std::ranges::count_if(sets, is_complete);
        if (complete != 1) {
            std::string text;
            for (auto const& set : sets) {
                text += text_of(set);
            }
            return fail(
                Errc::invalid,
                "shards of {} files are mixed: give those of one{}",
                sets.size(),
                text
            );
        }
        chosen = std::ranges::find_if(sets, is_complete);
    }
    for (auto& one : given) {
        one.is_of_other_set = one.shard && !one.shard->is_of_set_of(*chosen->front()->shard);
    }
    return {};
}

std::vector<GivenShard*> chosen_of(std::vector<GivenShard>& given) {
    std::vector<GivenShard*> chosen;
    for (auto& one : given) {
        if (one.shard && !one.is_of_other_set) {
            chosen.push_back(&one);
        }
    }
    return chosen;
}

void print_troubles(std::vector<GivenShard> const& given) {
    for (auto const& one : given) {
        if (one.trouble) {
            auto const& message = one.trouble->message;
            bool const is_named = message.starts_with(one.path);
            auto const name = is_named ? std::string() : one.path + " ";
            fmt::print(stderr, "disgrafs: {}{}: counts as lost\n", name, message);
        } else if (one.is_of_other_set) {
            fmt::print(
                stderr, "disgrafs: {} is of another file (set {})\n", one.path, set_name(*one.shard)
            );
        }
    }
}

std::string set_name(erasure::PlainShard const& shard) {
    return fmt::format("{:08x}", erasure::plain_set_name(shard.shape(), shard.roots()));
}

Result<std::vector<GivenBare>> open_bare(std::vector<std::string> const& words, int total) {
    TRY_OK(allow_open_files(words.size()));
    std::vector<GivenBare> given;
    for (auto const& word : words) {
        TRY(auto const named, parse_bare(word));
        if (named.index >= total) {
            return fail(
                Errc::invalid,
                "{}: there is no shard {}: they are 0 … {}",
                word,
                named.index,
                total - 1
            );
        }
        auto const is_same = [&](GivenBare const& other) { return other.index == named.index; };
        if (auto const other = std::ranges::find_if(given, is_same); other != given.end()) {
            return fail(
                Errc::invalid,
                "{} and {} are both shard {}: give one",
                other->file->path(),
                named.path,
                named.index
            );
        }
        TRY(auto file, FileSource::open(named.path));
        given.push_back({.index = named.index, .file = std::move(file)});
    }
    return given;
}

}  // namespace disgrafs::app
