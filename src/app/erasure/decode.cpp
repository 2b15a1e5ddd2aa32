/// \file app/erasure/decode.cpp  disgrafs erasure decode: any k shard files into the file again.

#include "erasure/plain/decode.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
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

struct DecodeOptions {
    std::vector<std::string> shards;
    std::string out;
    LayoutOptions layout;
    std::uint64_t size_bytes = 0;
    bool is_raw = false;
    bool is_forced = false;
    bool as_json = false;
};

/// Blocks that were lost, by path.
class Losses {
 public:
    explicit Losses(std::vector<std::string> paths) : paths_(std::move(paths)) {}
    ~Losses() {
        for (auto const& [place, loss] : lost_) {
            fmt::print(
                stderr,
                "disgrafs: {}: {} damaged {}, the first at byte {} of the payload: counted as "
                "lost\n",
                paths_[place],
                loss.blocks,
                loss.blocks == 1 ? "block" : "blocks",
                loss.first
            );
        }
    }
    Losses(Losses const&) = delete;
    Losses& operator=(Losses const&) = delete;

    void add(erasure::PlainLoss const& loss) {
        lost_.try_emplace(loss.shard, Loss{.first = loss.offset}).first->second.blocks += 1;
    }

 private:
    struct Loss {
        std::uint64_t first;
        std::uint64_t blocks = 0;
    };
    std::vector<std::string> paths_;
    std::map<std::size_t, Loss> lost_;
};

Result<void> refuse_out_of_shards(std::string const& out, std::string const& shard, bool is_it) {
    return is_it ? fail(Errc::conflict, "{}: is the shard {}; choose another --out", out, shard)
                 : Result<void>{};
}

/// The new file while `decode(draft, progress)` fills it.
template <typename Decode>
Result<void> fill(DecodeOptions const& options, std::uint64_t size_bytes, Decode decode) {
    TRY(auto const draft, Draft::create(options.out, size_bytes, options.is_forced));
    {
        auto const clock = make_real_clock();
        Progress progress(*clock, options.out, size_bytes);
        draft->count_on(&progress);
        TRY_OK(decode(*draft));
        draft->count_on(nullptr);
    }
    TRY_OK(draft->sync());
    TRY_OK(draft->publish());
    return sync_folder(folder_of(options.out));
}

void print(DecodeOptions const& options, erasure::PlainShape const& shape, std::string const& set) {
    if (options.as_json) {
        json::object object{{"file", options.out}, {"file_bytes", shape.file_bytes}};
        object["is_proven"] = !set.empty();
        if (!set.empty()) {
            object["set"] = set;
        }
        fmt::print("{}\n", json::serialize(object));
        return;
    }
    fmt::print(
        "{}  {}, {}{}\n",
        options.out,
        human_bytes(shape.file_bytes),
        name_of(shape.layout),
        set.empty() ? "" : ", set " + set + ", as it was encoded"
    );
}

Result<void> decode_shards(DecodeOptions const& options) {
    TRY(auto given, open_shards(options.shards));
    auto const is_chosen = choose_set(given);
    print_troubles(given);
    if (!is_chosen) {
        return is_chosen;
    }
    std::vector<erasure::PlainShard*> shards;
    std::vector<std::string> paths;
    for (auto* const one : chosen_of(given)) {
        TRY_OK(refuse_out_of_shards(options.out, one->path, one->file->is(options.out)));
        shards.push_back(&*one->shard);
        paths.push_back(one->path);
    }
    auto const& first = *shards.front();
    auto const decode = [&](Draft& draft) {
        Losses losses(paths);
        auto const log = [&](erasure::PlainLoss const& loss) { losses.add(loss); };
        return erasure::decode_plain_shards(shards, draft, log);
    };
    TRY_OK(fill(options, first.shape().file_bytes, decode));
    print(options, first.shape(), set_name(first));
    return {};
}

Result<void> decode_bare(DecodeOptions const& options) {
    TRY(auto const layout, options.layout.layout());
    erasure::PlainShape const shape{.layout = layout, .file_bytes = options.size_bytes};
    TRY_OK(erasure::check(shape));
    TRY(auto const given, open_bare(options.shards, layout.total()));
    std::deque<erasure::BareShard> shards;
    std::vector<erasure::BareShard*> pointers;
    std::vector<std::string> paths;
    for (auto const& [index, file] : given) {
        TRY_OK(refuse_out_of_shards(options.out, file->path(), file->is(options.out)));
        auto shard = erasure::BareShard::open(*file, shape, index);
        if (!shard) {
            return fail(shard.error().code, "{} {}", file->path(), shard.error().message);
        }
        pointers.push_back(&shards.emplace_back(*std::move(shard)));
        paths.push_back(file->path());
    }
    auto const decode = [&](Draft& draft) {
        Losses losses(paths);
        auto const log = [&](erasure::PlainLoss const& loss) { losses.add(loss); };
        return erasure::decode_bare_shards(shape, pointers, draft, log);
    };
    TRY_OK(fill(options, shape.file_bytes, decode));
    print(options, shape, "");
    if (given.size() == layout.k) {
        fmt::print(
            stderr,
            "disgrafs: nothing proves this file: {} bare shards are believed; more of them would "
            "be "
            "compared\n",
            given.size()
        );
    }
    return {};
}

}  // namespace

void add_erasure_decode(CLI::App& erasure, Chosen& chosen) {
    auto* const verb = erasure.add_subcommand("decode", "Any k shard files into the file again");
    auto const options = std::make_shared<DecodeOptions>();
    verb->add_option("shards", options->shards, "Shard files, k or more, in any order")->required();
    verb->add_option("--out", options->out, "The file to write")->required();
    auto* const raw =
        verb->add_flag("--raw", options->is_raw, "Bare shards, named FILE.N or given as N=FILE");
    auto* const size =
        verb->add_option("--size", options->size_bytes, "Bytes of the file (with --raw)");
    auto layout = add_layout(*verb, options->layout);
    raw->needs(size)->needs(layout[0])->needs(layout[1]);
    layout.push_back(size);
    for (auto* const option : layout) {
        option->needs(raw);
    }
    verb->add_flag("--force", options->is_forced, "Replace the file if it exists");
    verb->add_flag("--json", options->as_json, "Print what was written as JSON");
    verb->footer(
        "Damaged shards count as lost, block by block: k of them must be whole at each place. The\n"
        "file appears under its name only when it is whole, proven and on the disk."
    );
    verb->callback([&chosen, options] {
        chosen = [options] {
            return run_interruptible([options] {
                return options->is_raw ? decode_bare(*options) : decode_shards(*options);
            });
        };
    });
}

}  // namespace disgrafs::app
