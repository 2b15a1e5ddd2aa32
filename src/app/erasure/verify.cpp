/// \file app/erasure/verify.cpp  disgrafs erasure verify: are shard files whole, do they fit, and
/// which one lies?

#include "erasure/plain/verify.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "app/client/progress.hpp"
#include "app/erasure/given_shards.hpp"
#include "app/erasure/interrupt.hpp"
#include "app/erasure/layout_options.hpp"
#include "app/erasure/plain_file.hpp"
#include "app/erasure/verbs.hpp"
#include "base/result.hpp"
#include "base/text.hpp"
#include "erasure/plain/format.hpp"
#include "erasure/plain/reader.hpp"
#include "io/clock.hpp"

namespace disgrafs::app {
namespace {

namespace json = boost::json;

struct VerifyOptions {
    std::vector<std::string> shards;
    LayoutOptions layout;
    bool is_raw = false;
    bool as_json = false;
};

/// What is said of one given file.
struct Line {
    std::string path;
    int index = -1;  ///< -1: no shard of this set.
    std::string state;
    std::string why = {};
    [[nodiscard]] bool is_whole() const { return state == "whole"; }
};

Line line_of(std::string path, int index, erasure::PlainReport::Shard const& found) {
    if (found.is_liar) {
        return {std::move(path), index, "LIES", "it does not fit the others"};
    }
    if (found.lost_blocks > 0) {
        auto why = fmt::format(
            "{} damaged {}, the first at byte {} of the payload",
            found.lost_blocks,
            found.lost_blocks == 1 ? "block" : "blocks",
            found.first_lost * erasure::unit_bytes
        );
        return {std::move(path), index, "DAMAGED", std::move(why)};
    }
    return {std::move(path), index, "whole"};
}

/// The answer in one sentence.
std::string summary_of(
    erasure::PlainShape const& shape,
    erasure::PlainReport const& report,
    std::vector<Line> const& lines
) {
    auto const& layout = shape.layout;
    std::set<int> whole;
    std::set<int> usable;
    for (auto const& line : lines) {
        if (line.is_whole()) {
            whole.insert(line.index);
        }
        if (line.index >= 0 && line.state != "LIES") {
            usable.insert(line.index);
        }
    }
    auto const count = fmt::format("{} of {} shards are whole", whole.size(), layout.total());
    if (!report.fits && !report.is_liar_told) {
        return count + ", but they do not fit each other, and which one lies cannot be told";
    }
    if (usable.size() < layout.k) {
        return fmt::format(
            "{}; the file needs {} more", count, layout.k - static_cast<int>(usable.size())
        );
    }
    if (report.lost_blocks > 0) {
        return fmt::format(
            "{}; the file cannot be read: at {} {} fewer than {} are",
            count,
            report.lost_blocks,
            report.lost_blocks == 1 ? "place" : "places",
            layout.k
        );
    }
    auto const spare = static_cast<int>(whole.size()) - layout.k;
    auto const compared = !report.is_compared ? "" : report.fits ? " and fit each other" : "";
    if (spare < 0) {
        return fmt::format("{}{}; the file can still be read, place by place", count, compared);
    }
    return fmt::format(
        "{}{}; the file can be read, and {} more may be lost", count, compared, spare
    );
}

Result<void> answer(
    VerifyOptions const& options,
    erasure::PlainShape const& shape,
    erasure::PlainReport const& report,
    std::vector<Line> const& lines
) {
    auto const summary = summary_of(shape, report, lines);
    bool const is_good = report.is_good() && std::ranges::all_of(lines, &Line::is_whole);
    if (options.as_json) {
        json::array list;
        for (auto const& line : lines) {
            json::object one{{"path", line.path}, {"state", line.state}, {"why", line.why}};
            if (line.index >= 0) {
                one["index"] = line.index;
            }
            list.push_back(one);
        }
        json::object const object{{"is_good", is_good}, {"summary", summary}, {"shards", list}};
        fmt::print("{}\n", json::serialize(object));
    } else {
        std::size_t width = 0;
        for (auto const& line : lines) {
            width = std::max(width, line.path.size());
        }
        for (auto const& line : lines) {
            auto const index = line.index < 0 ? std::string("-") : std::to_string(line.index);
            auto const state =
                line.why.empty() ? line.state : fmt::format("{:<9} {}", line.state, line.why);
            fmt::print("{:<{}}  {:>4}  {}\n", line.path, width, index, state);
        }
        fmt::print("{}: {}\n", name_of(shape.layout), summary);
    }
    return is_good ? Result<void>{}
                   : fail(Errc::corrupt, "not every file is a whole shard that fits");
}

/// Reads all of them, with a bar.
Result<erasure::PlainReport> read_all(
    erasure::PlainShape const& shape,
    std::vector<erasure::PlainPayload*> const& shards,
    std::vector<FileSource*> const& files
) {
    auto const clock = make_real_clock();
    Progress progress(*clock, "verify", shape.shard_bytes() * files.size());
    for (auto* const file : files) {
        file->count_on(&progress);
    }
    auto report = erasure::verify_plain_shards(shape, shards);
    for (auto* const file : files) {
        file->count_on(nullptr);
    }
    return report;
}

Result<void> verify_shards(VerifyOptions const& options) {
    TRY(auto given, open_shards(options.shards));
    if (auto const is_chosen = choose_set(given); !is_chosen) {
        print_troubles(given);
        return is_chosen;
    }
    std::vector<erasure::PlainPayload*> shards;
    std::vector<FileSource*> files;
    for (auto* const one : chosen_of(given)) {
        shards.push_back(&*one->shard);
        files.push_back(one->file.get());
    }
    auto const shape = chosen_of(given).front()->shard->shape();
    TRY(auto const report, read_all(shape, shards, files));
    std::vector<Line> lines;
    std::size_t place = 0;
    for (auto const& one : given) {
        if (one.trouble) {
            auto const state = one.trouble->code == Errc::corrupt ? "DAMAGED" : "NO SHARD";
            lines.push_back({one.path, -1, state, one.trouble->message});
        } else if (one.is_of_other_set) {
            lines.push_back({one.path, -1, "OTHER SET", "set " + set_name(*one.shard)});
        } else {
            lines.push_back(line_of(one.path, one.shard->index(), report.shards[place++]));
        }
    }
    return answer(options, shape, report, lines);
}

Result<void> verify_bare(VerifyOptions const& options) {
    TRY(auto const layout, options.layout.layout());
    TRY(auto const given, open_bare(options.shards, layout.total()));
    if (given.size() <= layout.k) {
        return fail(
            Errc::invalid,
            "{} bare shards of {} cannot be compared with anything: give more than {}",
            given.size(),
            name_of(layout),
            layout.k
        );
    }
    erasure::PlainShape const shape{
        .layout = layout, .file_bytes = given.front().file->size_bytes() * layout.k
    };
    TRY_OK(erasure::check(shape));
    std::deque<erasure::BareShard> shards;
    std::vector<erasure::PlainPayload*> pointers;
    std::vector<FileSource*> files;
    for (auto const& [index, file] : given) {
        if (file->size_bytes() != shape.shard_bytes()) {
            return fail(
                Errc::invalid,
                "{} has {} bytes and {} has {}: shards are equally long{}",
                given.front().file->path(),
                given.front().file->size_bytes(),
                file->path(),
                file->size_bytes(),
                layout.w == 16 ? ", and with w = 16 even" : ""
            );
        }
        TRY(auto shard, erasure::BareShard::open(*file, shape, index));
        pointers.push_back(&shards.emplace_back(std::move(shard)));
        files.push_back(file.get());
    }
    TRY(auto const report, read_all(shape, pointers, files));
    std::vector<Line> lines;
    for (std::size_t i = 0; i < given.size(); ++i) {
        lines.push_back(line_of(given[i].file->path(), given[i].index, report.shards[i]));
    }
    return answer(options, shape, report, lines);
}

}  // namespace

void add_erasure_verify(CLI::App& erasure, Chosen& chosen) {
    auto* const verb =
        erasure.add_subcommand("verify", "Are shard files whole, do they fit, and which one lies?");
    auto const options = std::make_shared<VerifyOptions>();
    verb->add_option("shards", options->shards, "Shard files, in any order")->required();
    auto* const raw = verb->add_flag(
        "--raw", options->is_raw, "Bare shards, named FILE.N or given as N=FILE; more than k"
    );
    auto const layout = add_layout(*verb, options->layout);
    raw->needs(layout[0])->needs(layout[1]);
    for (auto* const option : layout) {
        option->needs(raw);
    }
    verb->add_flag("--json", options->as_json, "Print JSON");
    verb->footer("Exit status 0: every file given is a whole shard of one set, and all fit. Else 1."
    );
    verb->callback([&chosen, options] {
        chosen = [options] {
            return run_interruptible([options] {
                return options->is_raw ? verify_bare(*options) : verify_shards(*options);
            });
        };
    });
}

}  // namespace disgrafs::app
