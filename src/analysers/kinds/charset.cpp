#include "analysers/kinds/charset.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>

#include "base/text.hpp"

namespace disgrafs::analysers {

namespace {

constexpr std::size_t guess_bytes = 64U << 10U;

struct Mark {
    std::string_view bytes;
    char const* charset;
};

/// Longest first: the mark of UTF-32LE begins with that of UTF-16LE.
constexpr Mark marks[] = {
    {std::string_view("\xFF\xFE\0\0", 4), "UTF-32LE"},
    {std::string_view("\0\0\xFE\xFF", 4), "UTF-32BE"},
    {"\xEF\xBB\xBF", "UTF-8"},
    {"\xFF\xFE", "UTF-16LE"},
    {"\xFE\xFF", "UTF-16BE"},
};

/// Cuts the last character when the end of `text` is not the end of one, as after a cut at a limit.
std::string_view whole_characters(std::string_view text) {
    for (std::size_t cut = 0; cut < 4 && cut < text.size(); ++cut) {
        auto const lead = static_cast<unsigned char>(text[text.size() - 1 - cut]);
        if ((lead & 0xC0U) == 0x80) continue;
        std::size_t const size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        return size > cut + 1 ? text.substr(0, text.size() - 1 - cut) : text;
    }
    return text;
}

std::string guess_charset(std::string_view text) {
    UErrorCode error = U_ZERO_ERROR;
    std::unique_ptr<UCharsetDetector, decltype(&ucsdet_close)> const detector(
        ucsdet_open(&error), &ucsdet_close
    );
    auto const size = static_cast<std::int32_t>(std::min(text.size(), guess_bytes));
    ucsdet_setText(detector.get(), text.data(), size, &error);
    auto const* match = ucsdet_detect(detector.get(), &error);
    auto const* name = match == nullptr ? nullptr : ucsdet_getName(match, &error);
    if (U_FAILURE(error) != 0 || name == nullptr) return "windows-1252";
    // A guess of plain Latin-1 means the quotation marks and dashes of Windows, as on the web.
    return std::string_view(name) == "ISO-8859-1" ? "windows-1252" : name;
}

/// Empty when ICU does not know `charset` or fails.
std::string convert(std::string_view text, std::string const& charset) {
    UErrorCode error = U_ZERO_ERROR;
    auto const size = static_cast<std::int32_t>(text.size());
    std::unique_ptr<UConverter, decltype(&ucnv_close)> const from(
        ucnv_open(charset.c_str(), &error), &ucnv_close
    );
    if (U_FAILURE(error) != 0) return {};
    std::string out(text.size() * 3 + 16, '\0');
    auto const length = ucnv_toAlgorithmic(
        UCNV_UTF8,
        from.get(),
        out.data(),
        static_cast<std::int32_t>(out.size()),
        text.data(),
        size,
        &error
    );
    if (U_FAILURE(error) != 0) return {};
    out.resize(static_cast<std::size_t>(length));
    return out;
}

/// Carriage returns become newlines; other control characters go.
std::string without_controls(std::string text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const c = static_cast<unsigned char>(text[i]);
        if (c == '\r') {
            if (i + 1 == text.size() || text[i + 1] != '\n') out += '\n';
        } else if (c == '\f' || c == '\v') {
            out += '\n';
        } else if ((c >= 0x20 && c != 0x7F) || c == '\n' || c == '\t') {
            out += text[i];
        }
    }
    return out;
}

/// Windows-1252 has a character for every byte, so this always gives a text.
DecodedText decode_as(std::string_view text, std::string const& charset) {
    auto converted = convert(text, charset);
    if (!converted.empty() || text.empty())
        return {without_controls(std::move(converted)), charset};
    return {without_controls(convert(text, "windows-1252")), "windows-1252"};
}

}  // namespace

DecodedText decode_text(ByteView bytes, std::size_t bytes_max) {
    auto text = as_text(bytes.first(std::min(bytes.size(), bytes_max)));
    for (auto const& mark : marks) {
        if (!text.starts_with(mark.bytes)) continue;
        text.remove_prefix(mark.bytes.size());
        return decode_as(text, mark.charset);
    }
    if (auto const whole = whole_characters(text); is_utf8(whole)) {
        return {without_controls(std::string(whole)), "UTF-8"};
    }
    return decode_as(text, guess_charset(text));
}

}  // namespace disgrafs::analysers
