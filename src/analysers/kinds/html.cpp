#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <string>
#include <string_view>
#include <vector>

#include <gumbo.h>

#include "analysers/kinds/charset.hpp"
#include "analysers/kinds/readers.hpp"
#include "base/text.hpp"

namespace disgrafs::analysers {

namespace {

/// Gumbo looks through the open elements at each tag, so deep nesting costs its square.
constexpr int depth_max = 5000;

/// Elements that need no end tag: they do not nest by being repeated.
constexpr std::string_view unnested[] = {
    "area",  "br", "col",  "dd",    "dt",     "embed", "hr",    "img",
    "input", "li", "link", "meta",  "option", "p",     "param", "source",
    "tbody", "td", "th",   "thead", "tr",     "track", "wbr",
};

std::string_view tag_name(std::string_view text, std::size_t at) {
    auto const rest = text.substr(std::min(at, text.size()), 16);
    return rest.substr(0, rest.find_first_of(" \t\n/>"));
}

/// The deepest nesting, roughly: tags counted, contents not understood.
int nesting_depth(std::string_view text) {
    int depth = 0;
    int deepest = 0;
    for (auto at = text.find('<'); at != text.npos; at = text.find('<', at + 1)) {
        bool const is_end = text.substr(at + 1).starts_with('/');
        auto const name = to_lower_ascii(tag_name(text, at + (is_end ? 2 : 1)));
        if (name.empty() || name[0] < 'a' || name[0] > 'z') continue;
        if (std::ranges::find(unnested, name) != std::end(unnested)) continue;
        depth = is_end ? std::max(0, depth - 1) : depth + 1;
        deepest = std::max(deepest, depth);
    }
    return deepest;
}

/// The parse tree lives in an arena: gumbo would free a deep tree by recursion.
class Tree {
 public:
    explicit Tree(std::string_view text) : options_(kGumboDefaultOptions) {
        options_.allocator = [](void* arena, std::size_t size) {
            return static_cast<std::pmr::monotonic_buffer_resource*>(arena)->allocate(size, 16);
        };
        options_.deallocator = [](void*, void*) {};
        options_.userdata = &arena_;
        options_.max_errors = 0;
        output_ = gumbo_parse_with_options(&options_, text.data(), text.size());
    }

    [[nodiscard]] GumboNode const* root() const { return output_->document; }

 private:
    std::pmr::monotonic_buffer_resource arena_{1U << 20U};
    GumboOptions options_;
    GumboOutput* output_ = nullptr;
};

bool is_skipped(GumboTag tag) {
    return tag == GUMBO_TAG_SCRIPT || tag == GUMBO_TAG_STYLE || tag == GUMBO_TAG_TEMPLATE ||
           tag == GUMBO_TAG_NOSCRIPT || tag == GUMBO_TAG_TITLE;
}

/// Elements that stand within a line; all others end a block.
bool is_inline(GumboTag tag) {
    constexpr GumboTag inline_tags[] = {
        GUMBO_TAG_A,   GUMBO_TAG_ABBR,  GUMBO_TAG_B,    GUMBO_TAG_CITE,   GUMBO_TAG_CODE,
        GUMBO_TAG_DEL, GUMBO_TAG_DFN,   GUMBO_TAG_EM,   GUMBO_TAG_FONT,   GUMBO_TAG_I,
        GUMBO_TAG_IMG, GUMBO_TAG_INS,   GUMBO_TAG_KBD,  GUMBO_TAG_MARK,   GUMBO_TAG_Q,
        GUMBO_TAG_S,   GUMBO_TAG_SMALL, GUMBO_TAG_SPAN, GUMBO_TAG_STRONG, GUMBO_TAG_SUB,
        GUMBO_TAG_SUP, GUMBO_TAG_TT,    GUMBO_TAG_U,    GUMBO_TAG_VAR,
    };
    return std::ranges::find(inline_tags, tag) != std::end(inline_tags);
}

std::string_view attribute(GumboElement const& element, char const* name) {
    auto const* found = gumbo_get_attribute(&element.attributes, name);
    return found == nullptr ? std::string_view() : std::string_view(found->value);
}

/// Runs of white space become one space.
std::string squeezed(std::string_view text) {
    std::string out;
    for (char const c : text) {
        bool const is_space = c == ' ' || c == '\n' || c == '\t';
        if (!is_space)
            out += c;
        else if (!out.empty() && out.back() != ' ')
            out += ' ';
    }
    while (out.ends_with(' ')) out.pop_back();
    return out;
}

/// Walks the tree without recursion: each entry is a node to enter, or an element to leave.
class HtmlText {
 public:
    explicit HtmlText(Reading& reading) : reading_(reading) {}

    void run(GumboNode const* root) {
        steps_.push_back({root, true});
        while (!steps_.empty()) {
            auto const step = steps_.back();
            steps_.pop_back();
            if (step.enters)
                enter(step.node);
            else if (!is_inline(step.node->v.element.tag))
                end_block();
        }
    }

 private:
    struct Step {
        GumboNode const* node;
        bool enters;
    };

    void enter(GumboNode const* node) {
        switch (node->type) {
            case GUMBO_NODE_DOCUMENT:
                add_children(node->v.document.children);
                break;
            case GUMBO_NODE_ELEMENT:
                enter_element(node);
                break;
            case GUMBO_NODE_TEXT:
            case GUMBO_NODE_CDATA:
                add_text(node->v.text.text);
                break;
            case GUMBO_NODE_WHITESPACE:
                add_text(" ");
                break;
            default:
                break;
        }
    }

    void enter_element(GumboNode const* node) {
        auto const& element = node->v.element;
        if (element.tag == GUMBO_TAG_TITLE) read_title(element);
        if (element.tag == GUMBO_TAG_SVG) read_size(element);
        if (is_skipped(element.tag)) return;
        if (element.tag == GUMBO_TAG_A) refer("link", attribute(element, "href"));
        if (element.tag == GUMBO_TAG_IMG) {
            refer("image", attribute(element, "src"));
            add_text(attribute(element, "alt"));
        }
        if (element.tag == GUMBO_TAG_IMAGE) refer("image", attribute(element, "href"));
        steps_.push_back({node, false});
        add_children(element.children);
    }

    void add_children(GumboVector const& children) {
        for (auto i = children.length; i-- > 0;) {
            steps_.push_back({static_cast<GumboNode const*>(children.data[i]), true});
        }
    }

    void read_title(GumboElement const& element) {
        if (reading_.properties.contains("title") || element.children.length == 0) return;
        auto const* child = static_cast<GumboNode const*>(element.children.data[0]);
        if (child->type != GUMBO_NODE_TEXT) return;
        reading_.properties["title"] = squeezed(child->v.text.text);
        reading_.text += squeezed(child->v.text.text) + "\n\n";
    }

    /// Of the drawing itself, in pixels; percentages say nothing.
    void read_size(GumboElement const& element) {
        for (auto const* name : {"width", "height"}) {
            auto text = attribute(element, name);
            if (text.ends_with("px")) text.remove_suffix(2);
            auto const number = parse_number(text.substr(0, text.find('.')));
            if (number && !reading_.properties.contains(name)) {
                reading_.properties[name] = static_cast<std::int64_t>(*number);
            }
        }
    }

    void add_text(std::string_view text) {
        auto& out = reading_.text;
        for (char const c : text) {
            bool const is_space = c == ' ' || c == '\n' || c == '\t';
            if (!is_space)
                out += c;
            else if (!out.empty() && out.back() != ' ' && out.back() != '\n')
                out += ' ';
        }
    }

    void end_block() {
        auto& out = reading_.text;
        while (out.ends_with(' ')) out.pop_back();
        if (!out.empty() && !out.ends_with("\n\n")) out += "\n\n";
    }

    void refer(char const* how, std::string_view target) {
        if (target.empty() || target.starts_with('#')) return;
        if (target.starts_with("data:") || target.starts_with("javascript:")) return;
        if (reading_.references.size() >= analysis::limits::references) return;
        reading_.references.push_back({how, std::string(target)});
    }

    Reading& reading_;
    std::vector<Step> steps_;
};

}  // namespace

Reading read_html(Content const& content) {
    auto const decoded = decode_text(content.bytes, extracted_bytes_max);
    Reading reading;
    reading.properties["charset"] = decoded.charset;
    if (nesting_depth(decoded.text) > depth_max) {
        reading.problem = "The page is nested deeper than 5000 elements.";
        return reading;
    }
    Tree const tree(decoded.text);
    HtmlText(reading).run(tree.root());
    reading.prose = reading.text;
    return reading;
}

Reading read_svg(Content const& content) {
    auto reading = read_html(content);
    reading.properties.erase("charset");
    return reading;
}

}  // namespace disgrafs::analysers
