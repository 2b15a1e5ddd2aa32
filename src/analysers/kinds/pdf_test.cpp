#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "analysers/kinds/readers.hpp"

namespace disgrafs::analysers {
namespace {

Reading read(std::string_view bytes) {
    prepare_pdf();
    return read_pdf(
        {.name = "x", .media_type = "", .bytes = as_bytes(bytes), .size_bytes = bytes.size()}
    );
}

/// A PDF with one page per stream; `font` is the dictionary of its only font, F1.
std::string made_pdf(std::vector<std::string> const& pages, std::string const& font) {
    std::string out = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n";
    out += "3 0 obj" + font + "endobj\n";
    out += "4 0 obj<</Title(Shards)/Author(A. Person)/CreationDate(D:20240501123456Z)>>endobj\n";
    std::string kids;
    int number = 10;
    for (auto const& page : pages) {
        kids += fmt::format("{} 0 R ", number);
        out += fmt::format(
            "{} 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<</Font<</F1 3 0 "
            "R>>>>"
            "/Contents {} 0 R>>endobj\n{} 0 obj<</Length {}>>stream\n{}\nendstream endobj\n",
            number,
            number + 1,
            number + 1,
            page.size(),
            page
        );
        number += 2;
    }
    out += fmt::format("2 0 obj<</Type/Pages/Kids[{}]/Count {}>>endobj\n", kids, pages.size());
    return out + "trailer<</Root 1 0 R/Info 4 0 R>>";
}

std::string const helvetica = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>";
/// Not embedded, in a charset of its own: reading it needs a CMap of poppler-data.
std::string const song =
    "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/GBK-EUC-H/DescendantFonts[<</Type/"
    "Font"
    "/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)"
    "/Supplement 2>>/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 6>>>>]>>";

TEST(Pdf, GivesTextTitleAuthorPagesAndDate) {
    auto const reading = read(made_pdf(
        {"BT /F1 12 Tf 50 700 Td (Erasure codes keep data.) Tj ET",
         "BT /F1 12 Tf 50 700 Td (A second page.) Tj ET"},
        helvetica
    ));
    EXPECT_EQ(reading.problem, "");
    EXPECT_NE(reading.text.find("Erasure codes keep data."), std::string::npos);
    EXPECT_NE(reading.text.find("A second page."), std::string::npos);
    EXPECT_EQ(std::get<std::string>(reading.properties.at("title")), "Shards");
    EXPECT_EQ(std::get<std::string>(reading.properties.at("author")), "A. Person");
    EXPECT_EQ(std::get<std::string>(reading.properties.at("created")), "2024-05-01T12:34:56.000Z");
    EXPECT_EQ(std::get<std::int64_t>(reading.properties.at("pages")), 2);
}

TEST(Pdf, JoinsWordsBrokenAtTheEndOfALine) {
    auto const reading = read(made_pdf(
        {"BT /F1 12 Tf 50 700 Td (We keep infor-) Tj 0 -14 Td (mation safe.) Tj ET"}, helvetica
    ));
    EXPECT_NE(reading.text.find("information safe"), std::string::npos) << reading.text;
}

TEST(Pdf, InChineseIsRead) {
    // 分布式 文件系统, two lines of one word
    auto const reading = read(made_pdf(
        {"BT /F1 12 Tf 50 700 Td <B7D6B2BCCABDCEC4> Tj 0 -14 Td <BCFECFB5CDB3> Tj ET"}, song
    ));
    EXPECT_NE(reading.text.find("分布式文件系统"), std::string::npos) << reading.text;
}

TEST(Pdf, ThatIsBrokenIsAProblem) {
    auto const whole = made_pdf({"BT /F1 12 Tf 50 700 Td (Text.) Tj ET"}, helvetica);
    EXPECT_NE(read("%PDF-1.4\n").problem, "");
    EXPECT_NE(read("%PDF-1.4\ntrailer<</Root 1 0 R>>").problem, "");
    for (std::size_t size = 0; size < whole.size(); size += 7) read(whole.substr(0, size));
}

TEST(Pdf, WhosePagesNameThemselvesEnds) {
    auto const reading = read(
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        "2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 1000000000>>endobj\ntrailer<</Root 1 0 R>>"
    );
    EXPECT_EQ(reading.text.find_first_not_of('\n'), std::string::npos);
}

}  // namespace
}  // namespace disgrafs::analysers
