#include <cstddef>
#include <string>
#include <string_view>

#include <md4c.h>

#include "analysers/kinds/charset.hpp"
#include "analysers/kinds/readers.hpp"

namespace disgrafs::analysers {

namespace {

/// What md4c's callbacks gather; `userdata` is this.
class MarkdownText {
 public:
    explicit MarkdownText(Reading& reading) : reading_(reading) {}

    void enter(MD_BLOCKTYPE type) {
        if (type == MD_BLOCK_H) heading_at_ = reading_.text.size();
        if (type == MD_BLOCK_CODE) ++code_depth_;
    }

    /// Every block ends a sentence, for a reader as well as for the keyphrases.
    void leave(MD_BLOCKTYPE type) {
        if (type == MD_BLOCK_H && !reading_.properties.contains("title")) {
            reading_.properties["title"] = reading_.text.substr(heading_at_);
        }
        if (type == MD_BLOCK_CODE) --code_depth_;
        end_block();
    }

    void enter(MD_SPANTYPE type, void* detail) {
        if (type == MD_SPAN_A) refer("link", static_cast<MD_SPAN_A_DETAIL*>(detail)->href);
        if (type == MD_SPAN_IMG) refer("image", static_cast<MD_SPAN_IMG_DETAIL*>(detail)->src);
    }

    void add(MD_TEXTTYPE type, std::string_view text) {
        switch (type) {
            case MD_TEXT_NULLCHAR:
                break;
            case MD_TEXT_BR:
            case MD_TEXT_SOFTBR:
                append("\n");
                break;
            case MD_TEXT_HTML:
                break;
            case MD_TEXT_ENTITY:
                append(" ");
                break;
            default:
                append(text);
                break;
        }
    }

 private:
    void append(std::string_view text) {
        reading_.text += text;
        if (code_depth_ == 0) reading_.prose += text;
    }

    void end_block() {
        for (auto* text : {&reading_.text, &reading_.prose}) {
            if (!text->empty() && !text->ends_with("\n\n")) *text += "\n\n";
        }
    }

    void refer(char const* how, MD_ATTRIBUTE const& target) {
        std::string_view const text(target.text, target.size);
        if (text.empty() || text.starts_with('#') || text.starts_with("data:")) return;
        if (reading_.references.size() >= analysis::limits::references) return;
        reading_.references.push_back({how, std::string(text)});
    }

    Reading& reading_;
    std::size_t heading_at_ = 0;
    int code_depth_ = 0;
};

MarkdownText& of(void* userdata) { return *static_cast<MarkdownText*>(userdata); }

MD_PARSER parser() {
    MD_PARSER parser{};
    parser.flags = MD_DIALECT_GITHUB;
    parser.enter_block = [](MD_BLOCKTYPE type, void*, void* user) {
        return of(user).enter(type), 0;
    };
    parser.leave_block = [](MD_BLOCKTYPE type, void*, void* user) {
        return of(user).leave(type), 0;
    };
    parser.enter_span = [](MD_SPANTYPE type, void* detail, void* user) {
        return of(user).enter(type, detail), 0;
    };
    parser.leave_span = [](MD_SPANTYPE, void*, void*) { return 0; };
    parser.text = [](MD_TEXTTYPE type, MD_CHAR const* text, MD_SIZE size, void* user) {
        return of(user).add(type, {text, size}), 0;
    };
    return parser;
}

}  // namespace

Reading read_markdown(Content const& content) {
    auto const decoded = decode_text(content.bytes, extracted_bytes_max);
    Reading reading;
    reading.properties["charset"] = decoded.charset;
    MarkdownText text(reading);
    auto const description = parser();
    auto const size = static_cast<MD_SIZE>(decoded.text.size());
    if (md_parse(decoded.text.data(), size, &description, &text) != 0) {
        reading.problem = "The Markdown could not be parsed.";
        reading.text = decoded.text;
    }
    return reading;
}

}  // namespace disgrafs::analysers
