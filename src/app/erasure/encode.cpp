/// \file app/erasure/encode.cpp  disgrafs erasure encode: a file into k + m shard files.

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <sys/stat.h>

#include "app/client/progress.hpp"
#include "app/erasure/interrupt.hpp"
#include "app/erasure/layout_options.hpp"
#include "app/erasure/plain_file.hpp"
#include "app/erasure/verbs.hpp"
#include "base/result.hpp"
#include "base/text.hpp"
#include "erasure/layout.hpp"
#include "erasure/plain/format.hpp"
#include "erasure/plain/store.hpp"
#include "erasure/plain/writer.hpp"
#include "io/clock.hpp"

namespace disgrafs::app {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

struct EncodeOptions {
    std::string file;
    std::string folder;
    LayoutOptions layout;
    bool is_raw = false;
    bool is_forced = false;
    bool as_json = false;
};

Result<void> make_folder(std::string const& folder) {
    if (::mkdir(folder.c_str(), 0777) == 0 || errno == EEXIST) {
        return {};
    }
    auto const code = errno == ENOENT || errno == ENOTDIR ? Errc::not_found
                      : errno == ENOSPC                   ? Errc::exhausted
                                                          : Errc::denied;
    return fail(code, "{}: cannot make this folder: {}", folder, std::strerror(errno));
}

using Drafts = std::vector<std::unique_ptr<Draft>>;

Result<Drafts> make_drafts(EncodeOptions const& options, erasure::PlainShape const& shape) {
    auto const name = fs::path(options.file).filename().string();
    auto const size = options.is_raw ? shape.shard_bytes() : shape.size_bytes();
    Drafts drafts;
    for (int index = 0; index < shape.layout.total(); ++index) {
        auto const path = fs::path(options.folder) / fmt::format("{}.{}", name, index);
        TRY(auto draft, Draft::create(path.string(), size, options.is_forced));
        drafts.push_back(std::move(draft));
    }
    return drafts;
}

/// The name of the set; 0 for bare shards.
Result<std::uint32_t> fill(
    FileSource& file, erasure::Layout layout, Drafts const& drafts, bool is_raw
) {
    std::vector<erasure::PlainSink*> sinks;
    for (auto const& draft : drafts) {
        sinks.push_back(draft.get());
    }
    auto const clock = make_real_clock();
    Progress progress(*clock, file.path(), file.size_bytes());
    file.count_on(&progress);
    if (!is_raw) {
        return erasure::write_plain_shards(file, layout, sinks);
    }
    TRY_OK(erasure::write_bare_shards(file, layout, sinks));
    return 0;
}

/// All of them appear, or none; only a crash between two renames leaves some.
Result<void> publish(Drafts const& drafts, std::string const& folder) {
    for (auto const& draft : drafts) {
        TRY_OK(draft->sync());
    }
    for (auto const& draft : drafts) {
        if (auto const published = draft->publish(); !published) {
            for (auto const& other : drafts) {
                other->unpublish();
            }
            return published;
        }
    }
    return sync_folder(folder);
}

void print(
    EncodeOptions const& options,
    erasure::PlainShape const& shape,
    Drafts const& drafts,
    std::uint32_t set
) {
    auto const& layout = shape.layout;
    auto const name = options.is_raw ? std::string() : fmt::format("{:08x}", set);
    if (options.as_json) {
        json::array paths;
        for (auto const& draft : drafts) {
            paths.emplace_back(draft->path());
        }
        json::object object{{"shards", paths}, {"k", layout.k}, {"m", layout.m}, {"w", layout.w}};
        object["matrix"] = erasure::name_of(layout.matrix);
        object["file_bytes"] = shape.file_bytes;
        object["shard_bytes"] = shape.shard_bytes();
        if (!options.is_raw) {
            object["set"] = name;
        }
        fmt::print("{}\n", json::serialize(object));
        return;
    }
    fmt::print("{}", drafts.front()->path());
    if (drafts.size() > 1) {
        fmt::print(" … .{}", drafts.size() - 1);
    }
    fmt::print(
        "  {}{}, {} each; any {} of {} give {} back\n",
        name_of(layout),
        options.is_raw ? ", bare" : ", set " + name,
        human_bytes(shape.shard_bytes()),
        layout.k,
        layout.total(),
        human_bytes(shape.file_bytes)
    );
    if (options.is_raw) {
        fmt::print(
            "to decode: --raw --k {} --m {} --size {}{}{}\n",
            layout.k,
            layout.m,
            shape.file_bytes,
            layout.w == 16 ? " --w 16" : "",
            layout.k == 1 || layout.matrix == erasure::Matrix::cauchy
                ? ""
                : fmt::format(" --matrix {}", erasure::name_of(layout.matrix))
        );
    }
}

Result<void> encode(EncodeOptions const& options) {
    TRY(auto const layout, options.layout.layout());
    TRY(auto const file, FileSource::open(options.file));
    erasure::PlainShape const shape{.layout = layout, .file_bytes = file->size_bytes()};
    TRY_OK(erasure::check(shape));
    TRY_OK(allow_open_files(static_cast<std::uint64_t>(layout.total())));
    TRY_OK(make_folder(options.folder));
    TRY(auto const drafts, make_drafts(options, shape));
    TRY(auto const set, fill(*file, layout, drafts, options.is_raw));
    TRY_OK(file->check_unchanged());
    TRY_OK(publish(drafts, options.folder));
    print(options, shape, drafts, set);
    return {};
}

}  // namespace

void add_erasure_encode(CLI::App& erasure, Chosen& chosen) {
    auto* const verb = erasure.add_subcommand("encode", "A file into k + m shard files");
    auto const options = std::make_shared<EncodeOptions>();
    verb->add_option("file", options->file, "The file")->required();
    verb->add_option("--out", options->folder, "Folder for FILE.0 FILE.1 …; made if it is missing")
        ->required();
    auto const layout = add_layout(*verb, options->layout);
    layout[0]->capture_default_str();
    layout[1]->capture_default_str();
    verb->add_flag("--raw", options->is_raw, "Bare shards: no header, no checksums");
    verb->add_flag("--force", options->is_forced, "Replace shard files that exist");
    verb->add_flag("--json", options->as_json, "Print what was written as JSON");
    verb->footer(
        "Shard i < k is bytes [i·L, (i+1)·L) of the file, L = size / k rounded up, padded with\n"
        "zeros. The same file and layout give the same shards everywhere. Nothing appears under\n"
        "its name before it is whole and on the disk."
    );
    verb->callback([&chosen, options] {
        chosen = [options] { return run_interruptible([options] { return encode(*options); }); };
    });
}

}  // namespace disgrafs::app
