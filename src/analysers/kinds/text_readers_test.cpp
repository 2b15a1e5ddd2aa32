/// \file analysers/kinds/text_readers_test.cpp  Plain text, Markdown, HTML, SVG.

#include <algorithm>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "analysers/kinds/readers.hpp"

namespace disgrafs::analysers {
namespace {

Content content(std::string_view bytes) {
    return {.name = "x", .media_type = "", .bytes = as_bytes(bytes), .size_bytes = bytes.size()};
}

std::string text_of(Reading const& reading, char const* name) {
    auto const found = reading.properties.find(name);
    if (found == reading.properties.end()) return "(missing)";
    auto const* text = std::get_if<std::string>(&found->second);
    return text == nullptr ? std::to_string(std::get<std::int64_t>(found->second)) : *text;
}

bool refers(Reading const& reading, analysis::Reference const& reference) {
    return std::ranges::find(reading.references, reference) != reading.references.end();
}

TEST(PlainText, CountsLinesAndNamesTheCharset) {
    auto const reading = read_plain_text(content("one\ntwo\nthree"));
    EXPECT_EQ(reading.text, "one\ntwo\nthree");
    EXPECT_EQ(text_of(reading, "lines"), "3");
    EXPECT_EQ(text_of(reading, "charset"), "UTF-8");
    EXPECT_EQ(text_of(read_plain_text(content("")), "lines"), "0");
}

TEST(Markdown, GivesTextTitleLinksAndImages) {
    auto const reading = read_markdown(
        content("# Erasure *codes*\n\nSee [the notes](notes/a.md \"t\") and ![a picture](p.png),\n"
                "not [here](#top).\n\n```\nint code;\n```\n")
    );
    EXPECT_EQ(text_of(reading, "title"), "Erasure codes");
    EXPECT_NE(reading.text.find("See the notes and a picture,\nnot here."), std::string::npos);
    EXPECT_NE(reading.text.find("int code;"), std::string::npos);
    EXPECT_EQ(reading.prose.find("int code;"), std::string::npos) << "code is no prose";
    EXPECT_TRUE(refers(reading, {"link", "notes/a.md"}));
    EXPECT_TRUE(refers(reading, {"image", "p.png"}));
    EXPECT_EQ(reading.references.size(), 2);
}

TEST(Html, GivesWhatAReaderSees) {
    auto const reading = read_html(content(
        "<!DOCTYPE html><html><head><title> Storage \n nodes </title><style>p {}</style></head>"
        "<body><script>var secret = 1;</script><h1>Shards</h1><p>Six <b>no</b>des &amp; "
        "<a href=\"a.html\">more</a><img src=i.png alt=\"a map\"><p>End<a href=\"javascript:x()\">!"
        "</a><a href='#x'>up</a></body></html>"
    ));
    EXPECT_EQ(text_of(reading, "title"), "Storage nodes");
    EXPECT_NE(reading.text.find("Shards\n\nSix nodes & more"), std::string::npos) << reading.text;
    EXPECT_NE(reading.text.find("a map"), std::string::npos);
    EXPECT_EQ(reading.text.find("secret"), std::string::npos);
    EXPECT_TRUE(refers(reading, {"link", "a.html"}));
    EXPECT_TRUE(refers(reading, {"image", "i.png"}));
    EXPECT_EQ(reading.references.size(), 2);
}

TEST(Html, InChineseCharsetIsDecoded) {
    auto const reading = read_html(content(
        "<html><body><p>\xB7\xD6\xB2\xBC\xCA\xBD\xCE\xC4\xBC\xFE\xCF\xB5\xCD\xB3\xCA\xB9\xD3\xC3"
        "\xBE\xC0\xC9\xBE\xC2\xEB\xB1\xA3\xBB\xA4\xCA\xFD\xBE\xDD</p></body></html>"
    ));
    EXPECT_NE(reading.text.find("分布式文件系统"), std::string::npos);
}

TEST(Html, NestedTooDeeplyIsAProblem) {
    std::string deep;
    for (int i = 0; i < 100'000; ++i) deep += "<div>";
    EXPECT_NE(read_html(content(deep)).problem, "");
}

TEST(Html, OfManyUnclosedElementsIsRead) {
    std::string list;
    for (int i = 0; i < 20'000; ++i) list += "<p>item<br><li>x";
    auto const reading = read_html(content(list));
    EXPECT_EQ(reading.problem, "");
    EXPECT_NE(reading.text.find("item"), std::string::npos);
}

TEST(Svg, GivesTextsAndSize) {
    auto const reading = read_svg(
        content("<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\" width=\"640px\" "
                "height=\"480\">"
                "<title>Cluster</title><text x=\"1\">six nodes</text><style>.a{}</style></svg>")
    );
    EXPECT_EQ(text_of(reading, "title"), "Cluster");
    EXPECT_EQ(text_of(reading, "width"), "640");
    EXPECT_EQ(text_of(reading, "height"), "480");
    EXPECT_NE(reading.text.find("six nodes"), std::string::npos);
}

}  // namespace
}  // namespace disgrafs::analysers
