#include "analysers/kinds/kind.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include <magic.h>

#include "analysers/kinds/formats.hpp"
#include "analysers/kinds/zip_names.hpp"
#include "base/text.hpp"

namespace disgrafs::analysers {

namespace {

constexpr std::size_t magic_bytes = 1U << 20U;
constexpr std::size_t head_bytes = 4096;

Kind to_kind(Format const& format) {
    return {
        .reader = format.reader,
        .media_type = std::string(format.media_type.empty() ? format.key : format.media_type),
        .format = std::string(format.name),
    };
}

/// After the last dot, in lower case; the whole name when it has none.
std::string extension_of(std::string_view name) {
    auto const dot = name.rfind('.');
    return to_lower_ascii(dot == std::string_view::npos ? name : name.substr(dot + 1));
}

/// "x-foo" and "vnd.foo" are called "foo".
std::string called(std::string_view media_type) {
    auto name = media_type.substr(std::min(media_type.find('/') + 1, media_type.size()));
    for (auto const prefix : {std::string_view("x-"), std::string_view("vnd.")}) {
        if (name.starts_with(prefix)) name.remove_prefix(prefix.size());
    }
    return std::string(name.empty() ? std::string_view("binary") : name);
}

Reader reader_of_family(std::string_view media_type) {
    if (media_type.starts_with("image/")) return Reader::image;
    if (media_type.starts_with("audio/") || media_type.starts_with("video/")) return Reader::media;
    return Reader::none;
}

Kind binary_kind(std::string const& media_type) {
    if (auto const* format = format_by_media_type(media_type)) return to_kind(*format);
    return {reader_of_family(media_type), media_type, called(media_type)};
}

/// The program of "#!/usr/bin/env python3" or "#!/bin/sh".
std::string_view interpreter_of(std::string_view head) {
    if (!head.starts_with("#!")) return {};
    auto const line = head.substr(2, head.find('\n') - 2);
    auto words = split(line, ' ');
    if (words.empty()) return {};
    auto const base = [](std::string_view path) { return path.substr(path.rfind('/') + 1); };
    if (base(words[0]) == "env" && words.size() > 1) return words[1];
    return base(words[0]);
}

/// A text without a telling name that begins with a heading and goes on as Markdown does.
bool looks_like_markdown(std::string_view head) {
    if (!head.starts_with("# ") && !head.starts_with("## ")) return false;
    for (auto const sign : {"\n## ", "](", "\n```", "\n- ", "\n* ", "**"}) {
        if (head.find(sign) != std::string_view::npos) return true;
    }
    return false;
}

/// Of a header file: C++ when it says what C cannot.
bool is_cpp_header(std::string_view head) {
    for (auto const word :
         {"namespace ", "template <", "template<", "class ", "std::", "public:"}) {
        if (head.find(word) != std::string_view::npos) return true;
    }
    return false;
}

Kind text_kind(Content const& content, std::string const& found_type) {
    auto const head = as_text(content.bytes.first(std::min(content.bytes.size(), head_bytes)));
    auto by_name = kind_by_name(content.name);
    if (by_name.format == "C header" && is_cpp_header(head)) {
        return {Reader::source, "text/x-c++", "C++"};
    }
    if (by_name.reader != Reader::none) return by_name;
    if (auto const* format = format_by_interpreter(interpreter_of(head))) return to_kind(*format);
    if (auto const* format = format_by_media_type(found_type)) return to_kind(*format);
    if (auto const* format = format_by_media_type(content.media_type);
        format != nullptr && found_type == "text/plain" &&
        content.media_type.starts_with("text/")) {
        return to_kind(*format);
    }
    if (looks_like_markdown(head)) return to_kind(*format_by_media_type("text/markdown"));
    return {Reader::plain_text, "text/plain", "plain text"};
}

}  // namespace

Result<Magic> Magic::load() {
    auto* const cookie = magic_open(MAGIC_MIME);
    if (cookie == nullptr) return fail(Errc::unavailable, "libmagic cannot be opened");
    Magic magic(cookie);
    if (magic_load(cookie, nullptr) != 0) {
        return fail(Errc::unavailable, "libmagic: {}", magic_error(cookie));
    }
    return magic;
}

Magic::Answer Magic::look(ByteView bytes) const {
    auto const size = std::min(bytes.size(), magic_bytes);
    auto const* const said = magic_buffer(static_cast<magic_t>(cookie_.get()), bytes.data(), size);
    std::string_view const text(said == nullptr ? "application/octet-stream" : said);
    auto const semicolon = text.find(';');
    return {
        .media_type = std::string(text.substr(0, semicolon)),
        .is_text = text.find("charset=") != text.npos && !text.ends_with("charset=binary"),
    };
}

void Magic::Close::operator()(void* cookie) const { magic_close(static_cast<magic_t>(cookie)); }

Kind kind_of(Content const& content, Magic const& magic) {
    if (content.bytes.empty()) {
        auto kind = kind_by_name(content.name);
        if (kind.media_type.empty()) kind = binary_kind("inode/x-empty");
        kind.reader = Reader::none;
        return kind;
    }
    auto const found = magic.look(content.bytes);
    auto kind = binary_kind(found.media_type);
    bool const is_more_than_text = kind.reader == Reader::svg || kind.reader == Reader::pdf ||
                                   kind.reader == Reader::image || kind.reader == Reader::media;
    if (found.is_text && !is_more_than_text) return text_kind(content, found.media_type);
    if (!as_text(content.bytes).starts_with("PK\x03\x04")) return kind;
    // libmagic goes by the first entries; what it takes for an office document may be none.
    auto const listed = list_zip(content.bytes).media_type;
    bool const keep = listed == "application/zip" && !found.media_type.contains("openxml");
    return keep ? kind : binary_kind(listed);
}

Kind kind_by_name(std::string_view name) {
    auto const* format = format_by_extension(extension_of(name));
    return format == nullptr ? Kind{} : to_kind(*format);
}

}  // namespace disgrafs::analysers
