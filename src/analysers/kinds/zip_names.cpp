#include "analysers/kinds/zip_names.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.hpp"

namespace disgrafs::analysers {

namespace {

constexpr std::uint32_t local_mark = 0x04034B50;
constexpr std::uint32_t central_mark = 0x02014B50;
constexpr std::uint32_t end_mark = 0x06054B50;
constexpr std::size_t end_bytes = 22;
constexpr std::size_t comment_bytes_max = 65'535;

struct NameMeaning {
    std::string_view prefix;
    std::string_view media_type;
};

/// An archive with an entry of this prefix is of this type.
constexpr NameMeaning meanings[] = {
    {"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
    {"META-INF/container.xml", "application/epub+zip"},
    {"AndroidManifest.xml", "application/vnd.android.package-archive"},
    {"META-INF/MANIFEST.MF", "application/java-archive"},
};

/// The media types that an archive may declare in an uncompressed first entry "mimetype".
constexpr std::string_view declared_types[] = {
    "application/epub+zip",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.presentation",
    "application/vnd.oasis.opendocument.graphics",
};

void learn(ZipListing& listing, std::string_view name, bool& has_office) {
    if (name == "[Content_Types].xml") has_office = true;
    if (listing.media_type != "application/zip") return;
    for (auto const& meaning : meanings) {
        if (name.starts_with(meaning.prefix)) listing.media_type = meaning.media_type;
    }
}

/// "word/" in any archive is a folder of that name; only an office package makes it a document.
void settle(ZipListing& listing, bool has_office) {
    if (!has_office && listing.media_type.find("openxmlformats") != std::string::npos) {
        listing.media_type = "application/zip";
    }
}

/// The entry "mimetype" comes first and is stored: 30 bytes of header, its name, its text.
void read_declared_type(ByteView bytes, ZipListing& listing) {
    ByteReader reader(bytes);
    if (reader.u32() != local_mark) return;
    reader.raw(14);
    auto const packed_bytes = reader.u32();
    reader.u32();
    auto const name_bytes = reader.u16();
    auto const extra_bytes = reader.u16();
    auto const name = as_text(reader.raw(name_bytes));
    reader.raw(extra_bytes);
    if (name != "mimetype" || packed_bytes > 128) return;
    auto const text = as_text(reader.raw(packed_bytes));
    if (std::ranges::find(declared_types, text) != std::end(declared_types)) {
        listing.media_type = text;
    }
}

struct Directory {
    std::uint32_t offset = 0;
    std::uint32_t entries = 0;
};

/// The end record lies at the end, before a comment of at most 64 KiB.
std::optional<Directory> find_directory(ByteView bytes) {
    if (bytes.size() < end_bytes) return std::nullopt;
    auto const last = bytes.size() - end_bytes;
    auto const first = last - std::min(last, comment_bytes_max);
    for (auto at = last + 1; at-- > first;) {
        if (bytes[at] != std::byte{'P'}) continue;
        ByteReader reader(bytes.subspan(at));
        if (reader.u32() != end_mark) continue;
        reader.raw(6);
        Directory directory;
        directory.entries = reader.u16();
        reader.u32();
        directory.offset = reader.u32();
        if (reader.ok() && directory.offset <= at) return directory;
    }
    return std::nullopt;
}

void list_directory(ByteView bytes, ZipListing& listing) {
    ByteReader reader(bytes);
    bool has_office = false;
    while (listing.entries < zip_entries_max && reader.left() >= 4 && reader.u32() == central_mark
    ) {
        reader.raw(20);
        auto const unpacked = reader.u32();
        auto const name_bytes = reader.u16();
        auto const extra_bytes = reader.u16();
        auto const comment_bytes = reader.u16();
        reader.raw(12);
        auto const name = as_text(reader.raw(name_bytes));
        reader.raw(std::size_t{extra_bytes} + comment_bytes);
        if (!reader.ok()) {
            listing.problem = "The list of the archive's entries is cut off.";
            break;
        }
        ++listing.entries;
        listing.unpacked_bytes += unpacked;
        learn(listing, name, has_office);
    }
    settle(listing, has_office);
}

void list_local_headers(ByteView bytes, ZipListing& listing) {
    ByteReader reader(bytes);
    bool has_office = false;
    while (listing.entries < zip_entries_max && reader.left() >= 4 && reader.u32() == local_mark) {
        reader.raw(14);
        auto const packed = reader.u32();
        auto const unpacked = reader.u32();
        auto const name_bytes = reader.u16();
        auto const extra_bytes = reader.u16();
        auto const name = as_text(reader.raw(name_bytes));
        if (!reader.ok()) break;
        ++listing.entries;
        listing.unpacked_bytes += unpacked;
        learn(listing, name, has_office);
        reader.raw(std::size_t{extra_bytes} + packed);
    }
    settle(listing, has_office);
    listing.problem = "The archive has no list of its entries: it is cut off or broken.";
}

}  // namespace

ZipListing list_zip(ByteView bytes) {
    ZipListing listing;
    read_declared_type(bytes, listing);
    auto const directory = find_directory(bytes);
    if (directory)
        list_directory(bytes.subspan(directory->offset), listing);
    else
        list_local_headers(bytes, listing);
    return listing;
}

}  // namespace disgrafs::analysers
