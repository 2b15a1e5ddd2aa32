/// \file app/erasure/inspect.cpp  disgrafs erasure inspect: what the header of a shard file says.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "app/erasure/given_shards.hpp"
#include "app/erasure/interrupt.hpp"
#include "app/erasure/layout_options.hpp"
#include "app/erasure/plain_file.hpp"
#include "app/erasure/verbs.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/text.hpp"
#include "erasure/layout.hpp"
#include "erasure/plain/format.hpp"
#include "erasure/plain/reader.hpp"

namespace disgrafs::app {
namespace {

namespace json = boost::json;
using erasure::PlainHeader;
using erasure::PlainShard;

/// "bytes 0 … 1023 of the file", "parity", "zeros behind the end of the file".
std::string holds(PlainHeader const& header) {
    if (header.index >= header.shape.layout.k) {
        return "parity";
    }
    auto const first = static_cast<std::uint64_t>(header.index) * header.shape.shard_bytes();
    auto const content = header.shape.content_bytes(header.index);
    auto const padding = header.shape.shard_bytes() - content;
    if (content == 0) {
        return header.shape.shard_bytes() == 0 ? "nothing: the file is empty"
                                               : "zeros behind the end of the file";
    }
    return fmt::format(
        "bytes {} … {} of the file{}",
        first,
        first + content - 1,
        padding == 0 ? "" : fmt::format(", then {} zeros", padding)
    );
}

void print_json(
    std::string const& path, PlainHeader const& header, Result<PlainShard> const& shard
) {
    auto const& layout = header.shape.layout;
    json::object object{{"path", path}, {"index", header.index}};
    object["k"] = layout.k;
    object["m"] = layout.m;
    object["w"] = layout.w;
    object["matrix"] = erasure::name_of(layout.matrix);
    object["file_bytes"] = header.shape.file_bytes;
    object["shard_bytes"] = header.shape.shard_bytes();
    object["block_bytes"] = erasure::unit_bytes;
    object["holds"] = holds(header);
    if (shard) {
        json::array roots;
        for (auto const root : shard->roots()) {
            roots.emplace_back(fmt::format("{:08x}", root));
        }
        object["set"] = set_name(*shard);
        object["roots"] = roots;
    } else {
        object["damage"] = shard.error().message;
    }
    fmt::print("{}\n", json::serialize(object));
}

void print_text(
    std::string const& path, PlainHeader const& header, Result<PlainShard> const& shard
) {
    auto const& shape = header.shape;
    auto const& layout = shape.layout;
    auto const line = [](char const* name, std::string const& text) {
        fmt::print("  {:<8} {}\n", name, text);
    };
    fmt::print("{}\n", path);
    line("shard", fmt::format("{} of 0 … {}", header.index, layout.total() - 1));
    line("holds", holds(header));
    line(
        "layout",
        fmt::format(
            "{}, w = {}: any {} shards give the file back", name_of(layout), layout.w, layout.k
        )
    );
    line("file", fmt::format("{} bytes ({})", shape.file_bytes, human_bytes(shape.file_bytes)));
    line(
        "payload",
        fmt::format(
            "{} bytes from byte {}, a checksum for each {}",
            shape.shard_bytes(),
            erasure::plain_header_bytes,
            erasure::unit_bytes
        )
    );
    if (!shard) {
        return;
    }
    line("set", set_name(*shard));
    line("root", fmt::format("{:08x}", shard->roots()[static_cast<std::size_t>(header.index)]));
}

Result<void> inspect(std::string const& path, bool as_json) {
    TRY(auto const file, FileSource::open(path));
    Bytes head(std::min<std::uint64_t>(file->size_bytes(), erasure::plain_header_bytes));
    TRY_OK(file->read(0, head));
    auto const header = erasure::parse_plain_header(head);
    if (!header) {
        return fail(header.error().code, "{} {}", path, header.error().message);
    }
    auto const shard = PlainShard::open(*file);
    as_json ? print_json(path, *header, shard) : print_text(path, *header, shard);
    if (!shard) {
        return fail(shard.error().code, "{} {}", path, shard.error().message);
    }
    return {};
}

}  // namespace

void add_erasure_inspect(CLI::App& erasure, Chosen& chosen) {
    auto* const verb = erasure.add_subcommand("inspect", "What the header of a shard file says");
    auto const path = std::make_shared<std::string>();
    auto const as_json = std::make_shared<bool>(false);
    verb->add_option("shard", *path, "The shard file")->required();
    verb->add_flag("--json", *as_json, "Print JSON");
    verb->footer("The payload is not read: `verify` does that.");
    verb->callback([&chosen, path, as_json] {
        chosen = [path, as_json] {
            return run_interruptible([path, as_json] { return inspect(*path, *as_json); });
        };
    });
}

}  // namespace disgrafs::app
