#include "analysers/kinds/kind.hpp"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "analysers/kinds/made_zip_test.hpp"
#include "analysers/kinds/zip_names.hpp"

namespace disgrafs::analysers {
namespace {

Kind kind(std::string_view name, std::string_view bytes, std::string_view claimed = "") {
    static auto const magic = Magic::load().value();
    return kind_of(
        {.name = name, .media_type = claimed, .bytes = as_bytes(bytes), .size_bytes = bytes.size()},
        magic
    );
}

TEST(KindOf, TextIsToldByItsName) {
    EXPECT_EQ(kind("a.md", "# Title\n").format, "Markdown");
    EXPECT_EQ(kind("A.MD", "# Title\n").reader, Reader::markdown);
    EXPECT_EQ(kind("main.rs", "fn main() {}\n").format, "Rust");
    EXPECT_EQ(kind("Makefile", "all:\n\techo\n").format, "Makefile");
    EXPECT_EQ(kind("a.txt", "<html><body>x</body></html>").format, "plain text");
    EXPECT_EQ(kind("a.json", "{\"a\": 1}").reader, Reader::data);
}

TEST(KindOf, HeadersAreTheirLanguage) {
    EXPECT_EQ(kind("a.h", "int f(void);\n").format, "C header");
    EXPECT_EQ(kind("a.h", "namespace a { class B; }\n").format, "C++");
}

TEST(KindOf, TextWithoutATellingNameIsToldByItsContent) {
    EXPECT_EQ(kind("run", "#!/usr/bin/env python3\nprint(1)\n").format, "Python");
    EXPECT_EQ(kind("run", "#!/bin/sh\necho\n").format, "Shell");
    EXPECT_EQ(kind("page", "<!DOCTYPE html><html><title>a</title></html>").reader, Reader::html);
    EXPECT_EQ(kind("notes", "# Notes\n\n- one\n- [two](b.md)\n").format, "Markdown");
    EXPECT_EQ(kind("notes", "Nothing special here.\n").format, "plain text");
    EXPECT_EQ(kind("notes", "Nothing special here.\n", "text/markdown").format, "Markdown");
}

TEST(KindOf, BinaryContentOutweighsTheName) {
    std::string_view const png("\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0", 29);
    EXPECT_EQ(kind("a.md", png).media_type, "image/png");
    EXPECT_EQ(kind("a.txt", "%PDF-1.4\n%\xE2\xE3\xCF\xD3\n").reader, Reader::pdf);
    EXPECT_EQ(kind("a.bin", std::string_view("\0\1\2\3\xFE\xDC", 6)).format, "binary");
}

TEST(KindOf, EmptyFilesAreWhatTheirNameSays) {
    EXPECT_EQ(kind("a.md", "").media_type, "text/markdown");
    EXPECT_EQ(kind("a", "").media_type, "inode/x-empty");
    EXPECT_EQ(kind("a.md", "").reader, Reader::none);
}

TEST(KindOf, OfficeDocumentsAreKnownWhicheverEntryComesFirst) {
    auto const docx = made_zip(
        {{"docProps/app.xml", "<a/>"},
         {"[Content_Types].xml", "<a/>"},
         {"word/document.xml", "<a/>"}}
    );
    EXPECT_EQ(kind("report", docx).format, "Word document");
    auto const epub =
        made_zip({{"mimetype", "application/epub+zip"}, {"META-INF/container.xml", "<a/>"}});
    EXPECT_EQ(kind("book", epub).media_type, "application/epub+zip");
    EXPECT_EQ(kind("x", made_zip({{"word/a.txt", "a"}})).format, "ZIP") << "only a folder's name";
}

TEST(ListZip, CountsEntriesWithoutUnpacking) {
    auto const bomb = made_zip({{"a", "x", 0xFFFFFFFE}, {"b", "y", 0xFFFFFFFE}});
    auto const listing = list_zip(as_bytes(bomb));
    EXPECT_EQ(listing.entries, 2);
    EXPECT_EQ(listing.unpacked_bytes, 2 * std::uint64_t{0xFFFFFFFE});
    EXPECT_EQ(listing.problem, "");
}

TEST(ListZip, OfACutArchiveTellsTheProblem) {
    auto const cut = made_zip({{"a.txt", "hello"}, {"b.txt", "hello"}}, false);
    auto const listing = list_zip(as_bytes(cut));
    EXPECT_EQ(listing.entries, 2);
    EXPECT_NE(listing.problem, "");
}

/// Every beginning of an archive, and every archive with one byte changed, is listed without harm.
TEST(ListZip, OfDamagedArchivesEnds) {
    auto const zip = made_zip({{"[Content_Types].xml", "a"}, {"xl/b.xml", "bb"}});
    for (std::size_t size = 0; size < zip.size(); ++size) {
        list_zip(as_bytes(zip).first(size));
        auto changed = zip;
        changed[size] = '\xFF';
        EXPECT_LE(list_zip(as_bytes(changed)).entries, 2);
    }
}

}  // namespace
}  // namespace disgrafs::analysers
