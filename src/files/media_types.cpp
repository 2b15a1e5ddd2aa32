#include "files/media_types.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "base/text.hpp"
#include "files/path.hpp"

namespace disgrafs::files {

namespace {

constexpr std::size_t media_type_bytes_max = 255;

using Row = std::pair<std::string_view, std::string_view>;

/// By extension, in order of extensions.
constexpr std::array by_extension{
    Row{"7z", "application/x-7z-compressed"},
    Row{"aac", "audio/aac"},
    Row{"avif", "image/avif"},
    Row{"bmp", "image/bmp"},
    Row{"bz2", "application/x-bzip2"},
    Row{"c", "text/x-c"},
    Row{"cc", "text/x-c++"},
    Row{"cpp", "text/x-c++"},
    Row{"cs", "text/x-csharp"},
    Row{"css", "text/css"},
    Row{"csv", "text/csv"},
    Row{"cypher", "text/plain"},
    Row{"doc", "application/msword"},
    Row{"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    Row{"epub", "application/epub+zip"},
    Row{"flac", "audio/flac"},
    Row{"gif", "image/gif"},
    Row{"go", "text/x-go"},
    Row{"gz", "application/gzip"},
    Row{"h", "text/x-c"},
    Row{"heic", "image/heic"},
    Row{"hpp", "text/x-c++"},
    Row{"htm", "text/html"},
    Row{"html", "text/html"},
    Row{"ini", "text/plain"},
    Row{"java", "text/x-java"},
    Row{"jpeg", "image/jpeg"},
    Row{"jpg", "image/jpeg"},
    Row{"js", "text/javascript"},
    Row{"json", "application/json"},
    Row{"log", "text/plain"},
    Row{"lua", "text/x-lua"},
    Row{"m4a", "audio/mp4"},
    Row{"md", "text/markdown"},
    Row{"mkv", "video/x-matroska"},
    Row{"mov", "video/quicktime"},
    Row{"mp3", "audio/mpeg"},
    Row{"mp4", "video/mp4"},
    Row{"odp", "application/vnd.oasis.opendocument.presentation"},
    Row{"ods", "application/vnd.oasis.opendocument.spreadsheet"},
    Row{"odt", "application/vnd.oasis.opendocument.text"},
    Row{"ogg", "audio/ogg"},
    Row{"opus", "audio/opus"},
    Row{"pdf", "application/pdf"},
    Row{"png", "image/png"},
    Row{"ppt", "application/vnd.ms-powerpoint"},
    Row{"pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
    Row{"py", "text/x-python"},
    Row{"rs", "text/x-rust"},
    Row{"rst", "text/x-rst"},
    Row{"rtf", "application/rtf"},
    Row{"sh", "text/x-shellscript"},
    Row{"sql", "text/x-sql"},
    Row{"svg", "image/svg+xml"},
    Row{"tar", "application/x-tar"},
    Row{"tex", "text/x-tex"},
    Row{"tif", "image/tiff"},
    Row{"tiff", "image/tiff"},
    Row{"toml", "application/toml"},
    Row{"ts", "text/x-typescript"},
    Row{"tsx", "text/x-typescript"},
    Row{"txt", "text/plain"},
    Row{"wav", "audio/wav"},
    Row{"webm", "video/webm"},
    Row{"webp", "image/webp"},
    Row{"xls", "application/vnd.ms-excel"},
    Row{"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    Row{"xml", "application/xml"},
    Row{"xz", "application/x-xz"},
    Row{"yaml", "application/yaml"},
    Row{"yml", "application/yaml"},
    Row{"zip", "application/zip"},
    Row{"zst", "application/zstd"}
};
static_assert(std::ranges::is_sorted(by_extension, {}, &Row::first));

/// Of a token as RFC 6838 §4.2 restricts names.
bool is_token(std::string_view text) {
    auto const fits = [](char c) {
        auto const lower = static_cast<char>(c | 0x20);
        return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') ||
               std::string_view("!#$&-^_.+").contains(c);
    };
    return !text.empty() && std::ranges::all_of(text, fits);
}

/// type "/" subtype, and parameters of printable ASCII behind a ';'.
bool is_media_type(std::string_view text) {
    if (text.size() > media_type_bytes_max) return false;
    auto const is_printable = [](char c) { return c >= ' ' && c < '\x7f'; };
    if (!std::ranges::all_of(text, is_printable)) return false;
    auto name = text.substr(0, text.find(';'));
    while (name.ends_with(' ')) name.remove_suffix(1);
    auto const slash = name.find('/');
    if (slash == std::string_view::npos) return false;
    return is_token(name.substr(0, slash)) && is_token(name.substr(slash + 1));
}

bool says_something(std::string_view said) {
    auto const lower = to_lower_ascii(said);
    return is_media_type(said) && !lower.starts_with(unknown_media_type) &&
           !lower.starts_with("application/x-www-form-urlencoded") &&
           !lower.starts_with("multipart/");
}

}  // namespace

std::string media_type_of(std::string_view said, std::string_view name) {
    if (says_something(said)) return std::string(said);
    auto const extension = extension_of(name);
    auto const found = std::ranges::lower_bound(by_extension, extension, {}, &Row::first);
    auto const is_known = found != by_extension.end() && found->first == extension;
    return std::string(is_known ? found->second : unknown_media_type);
}

}  // namespace disgrafs::files
