#include "files/path.hpp"

#include <gtest/gtest.h>

#include "files/media_types.hpp"

namespace disgrafs::files {
namespace {

bool is_refused(std::string const& path) {
    auto const parsed = parse_path(path);
    return !parsed && parsed.error().code == Errc::invalid;
}

TEST(Path, IsNamesBetweenSlashes) {
    EXPECT_EQ(parse_path("/").value(), Path{});
    EXPECT_EQ(parse_path("/a").value(), Path{"a"});
    EXPECT_EQ(parse_path("/a/b.txt").value(), (Path{"a", "b.txt"}));
    EXPECT_EQ(parse_path("/a/b/").value(), (Path{"a", "b"}));
    EXPECT_EQ(parse_path("/你好/🦊 fox").value(), (Path{"你好", "🦊 fox"}));
    EXPECT_EQ(parse_path("/...").value(), Path{"..."});
    EXPECT_EQ(parse_path("/\n\t\\:*?").value(), Path{"\n\t\\:*?"});
    EXPECT_EQ(to_text(Path{"a", "b"}), "/a/b");
    EXPECT_EQ(to_text(Path{}), "/");
}

TEST(Path, RefusesWhatIsNoPath) {
    for (auto const* bad : {"", "a", "a/b", "//", "/a//b", "/a//", "/.", "/..", "/a/../b"}) {
        EXPECT_TRUE(is_refused(bad)) << bad;
    }
    EXPECT_TRUE(is_refused(std::string("/a\0b", 4)));
    EXPECT_TRUE(is_refused("/\xff"));
    EXPECT_TRUE(is_refused("/\xed\xa0\x80")) << "a surrogate";
    EXPECT_TRUE(is_refused("/\xc0\xaf")) << "an overlong slash";
}

TEST(Path, HoldsNamesOf255BytesAnd255Names) {
    EXPECT_TRUE(parse_path("/" + std::string(255, 'x')));
    EXPECT_TRUE(is_refused("/" + std::string(256, 'x')));
    std::string chinese;
    for (int i = 0; i < 85; ++i) chinese += "字";
    EXPECT_TRUE(parse_path("/" + chinese));
    EXPECT_TRUE(is_refused("/" + chinese + "a"));

    std::string deep;
    for (int i = 0; i < 255; ++i) deep += "/a";
    EXPECT_EQ(parse_path(deep).value().size(), 255);
    EXPECT_TRUE(is_refused(deep + "/a"));
    std::string components;
    for (int i = 0; i < 4000; ++i) components += "/a";
    EXPECT_TRUE(is_refused(components));
    std::string longest;
    for (int i = 0; i < 16; ++i) longest += "/" + std::string(255, 'y');
    EXPECT_TRUE(parse_path(longest));
    EXPECT_TRUE(is_refused(longest + "/z"));
}

TEST(Path, ExtensionIsLowerCaseBehindTheLastDot) {
    EXPECT_EQ(extension_of("a.TXT"), "txt");
    EXPECT_EQ(extension_of("a.tar.gz"), "gz");
    EXPECT_EQ(extension_of(".bashrc"), "");
    EXPECT_EQ(extension_of("README"), "");
    EXPECT_EQ(extension_of("a."), "");
    EXPECT_EQ(extension_of("a.thisisnoextensionatall"), "");
}

TEST(MediaType, IsWhatTheClientSaidWhenItSaysSomething) {
    EXPECT_EQ(media_type_of("image/png", "a.txt"), "image/png");
    EXPECT_EQ(media_type_of("text/plain; charset=gbk", "a"), "text/plain; charset=gbk");
    EXPECT_EQ(media_type_of("application/octet-stream", "a.pdf"), "application/pdf");
    EXPECT_EQ(media_type_of("application/x-www-form-urlencoded", "a.md"), "text/markdown");
    EXPECT_EQ(media_type_of("", "a.CPP"), "text/x-c++");
    EXPECT_EQ(media_type_of("", "a.unknown"), "application/octet-stream");
    EXPECT_EQ(media_type_of("", "README"), "application/octet-stream");
}

TEST(MediaType, OfAClientThatSaysNonsenseIsGuessed) {
    EXPECT_EQ(media_type_of("text/html\r\nX-Evil: 1", "a.txt"), "text/plain");
    EXPECT_EQ(media_type_of("text", "a.txt"), "text/plain");
    EXPECT_EQ(media_type_of("/", "a.txt"), "text/plain");
    EXPECT_EQ(media_type_of("a b/c", "a.txt"), "text/plain");
    EXPECT_EQ(media_type_of("a/" + std::string(300, 'b'), "a.txt"), "text/plain");
}

}  // namespace
}  // namespace disgrafs::files
