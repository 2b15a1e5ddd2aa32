#include <algorithm>
#include <cstdint>
#include <ctime>
#include <memory>
#include <string>
#include <string_view>

#include <iconv.h>
#include <poppler-document.h>
#include <poppler-page.h>

#include "analysers/kinds/readers.hpp"
#include "base/text.hpp"

namespace disgrafs::analysers {

namespace {

constexpr int pages_max = 5000;

/// The smallest document poppler accepts: it makes poppler load its tables.
constexpr std::string_view smallest =
    "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"
    "trailer<</Root 1 0 R>>";

using Document = std::unique_ptr<poppler::document>;

Document open(std::string_view bytes) {
    return Document(
        poppler::document::load_from_raw_data(bytes.data(), static_cast<int>(bytes.size()))
    );
}

std::string to_utf8(poppler::ustring const& text) {
    auto const bytes = text.to_utf8();
    return {bytes.begin(), bytes.end()};
}

bool is_small_letter(char c) { return c >= 'a' && c <= 'z'; }
bool is_han_byte(char c) {
    return static_cast<unsigned char>(c) >= 0xE3 && static_cast<unsigned char>(c) <= 0xE9;
}
bool ends_with_han(std::string_view text) {
    return text.size() >= 3 && is_han_byte(text[text.size() - 3]);
}

/// Lines as they were typeset become running text: "informa-\ntion" is one word, and Han characters
/// know no space at the end of a line.
std::string unwrapped(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        bool const has_next = i + 1 < text.size();
        if (text[i] == '\f') {
            out += "\n\n";
        } else if (text[i] == '\n' && has_next && is_han_byte(text[i + 1]) && ends_with_han(out)) {
            continue;
        } else if (text[i] == '\n' && has_next && is_small_letter(text[i + 1]) && out.size() >= 2 &&
                   out.back() == '-' && is_small_letter(out[out.size() - 2])) {
            out.pop_back();
        } else {
            out += text[i];
        }
    }
    return out;
}

void set_text(Reading& reading, char const* name, poppler::ustring const& value) {
    auto text = to_utf8(value);
    std::erase_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
    if (!text.empty()) reading.properties[name] = std::move(text);
}

void read_properties(poppler::document const& document, Reading& reading) {
    reading.properties["pages"] = std::int64_t{document.pages()};
    set_text(reading, "title", document.get_title());
    set_text(reading, "author", document.get_author());
    set_text(reading, "subject", document.get_subject());
    set_text(reading, "keywords", document.get_keywords());
    auto const created = document.get_creation_date_t();
    if (created > 0) {
        reading.properties["created"] = to_rfc3339({std::int64_t{created} * 1'000'000});
    }
}

void read_pages(poppler::document const& document, Reading& reading) {
    auto const count = std::min(document.pages(), pages_max);
    for (int i = 0; i < count && reading.text.size() < extracted_bytes_max; ++i) {
        std::unique_ptr<poppler::page> const page(document.create_page(i));
        if (page == nullptr) {
            reading.problem = "A page of the PDF is broken.";
            continue;
        }
        auto const layout = poppler::page::non_raw_non_physical_layout;
        reading.text += to_utf8(page->text(poppler::rectf(), layout));
        reading.text += '\f';
    }
}

}  // namespace

Reading read_pdf(Content const& content) {
    Reading reading;
    auto const document = open(as_text(content.bytes));
    if (document == nullptr) {
        reading.problem = content.is_truncated
                              ? "The PDF is larger than what is analysed of a file."
                              : "The PDF is broken.";
        return reading;
    }
    if (document->is_locked()) {
        reading.problem = "The PDF is locked by a password.";
        return reading;
    }
    read_properties(*document, reading);
    read_pages(*document, reading);
    reading.text = unwrapped(reading.text);
    reading.prose = reading.text;
    return reading;
}

void prepare_pdf() {
    poppler::set_debug_error_function([](std::string const&, void*) {}, nullptr);
    // Kept for ever: poppler drops its tables with its last document, and the C library the
    // converters through which poppler's strings go.
    static auto const kept = open(smallest);
    static auto const to_utf8_kept = iconv_open("UTF-8", "UTF-16LE");
    static auto const from_utf8_kept = iconv_open("UTF-16LE", "UTF-8");
    static_cast<void>(to_utf8_kept);
    static_cast<void>(from_utf8_kept);
}

}  // namespace disgrafs::analysers
