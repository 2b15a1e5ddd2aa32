#include "files/version_rows.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

namespace disgrafs::files {

namespace {

constexpr char space = 'H';
constexpr std::uint8_t format_1 = 1;
constexpr std::size_t digits = 16;

}  // namespace

std::string version_prefix(NodeId file) { return KeyWriter(space).u64(file.value).take(); }

std::string version_key(NodeId file, std::uint64_t version) {
    return KeyWriter(space).u64(file.value).u64(version).take();
}

Result<std::uint64_t> parse_version_key(std::string_view key) {
    KeyReader reader(key);
    reader.u64();
    auto const version = reader.u64();
    auto const is_right = key.size() == 17 && key.front() == space && reader.ok();
    if (!is_right) return fail(Errc::corrupt, "{} is no version key", to_hex(as_bytes(key)));
    return version;
}

Bytes encode_version(VersionRow const& row) {
    ByteWriter out;
    out.u8(format_1).u64(row.content.block).u64(row.content.index).u64(row.size_bytes);
    out.raw(row.sha256).text(row.media_type).u64(static_cast<std::uint64_t>(row.created.us));
    out.text(row.by);
    return out.take();
}

Result<VersionRow> decode_version(ByteView bytes) {
    ByteReader in(bytes);
    if (auto const format = in.u8(); format != format_1) {
        return fail(Errc::corrupt, "a version row of format {}", format);
    }
    VersionRow row;
    row.content.block = in.u64();
    row.content.index = in.u64();
    row.size_bytes = in.u64();
    auto const sha256 = in.raw(row.sha256.size());
    if (sha256.size() == row.sha256.size()) std::ranges::copy(sha256, row.sha256.begin());
    row.media_type = in.text();
    row.created.us = static_cast<std::int64_t>(in.u64());
    row.by = in.text();
    TRY_OK(in.finish("a version row"));
    return row;
}

std::string to_text(cluster::ContentId id) {
    return fmt::format("{:016x}{:016x}", id.block, id.index);
}

Result<cluster::ContentId> parse_content(std::string_view text) {
    cluster::ContentId id;
    auto const read = [](std::string_view part, std::uint64_t& number) {
        auto const got = std::from_chars(part.begin(), part.end(), number, 16);
        return got.ec == std::errc() && got.ptr == part.end();
    };
    auto const is_right = text.size() == 2 * digits && read(text.substr(0, digits), id.block) &&
                          read(text.substr(digits), id.index);
    if (!is_right) return fail(Errc::corrupt, "'{}' names no content", text);
    return id;
}

}  // namespace disgrafs::files
