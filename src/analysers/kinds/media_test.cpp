/// \file analysers/kinds/media_test.cpp  Pictures, sound and film.

#include <bit>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "analysers/kinds/made_media_test.hpp"
#include "analysers/kinds/perceptual_hash.hpp"
#include "analysers/kinds/readers.hpp"

namespace disgrafs::analysers {
namespace {

Content content(std::string_view bytes) {
    return {.name = "x", .media_type = "", .bytes = as_bytes(bytes), .size_bytes = bytes.size()};
}

template <typename Value>
Value value_of(Reading const& reading, char const* name) {
    auto const found = reading.properties.find(name);
    auto const* value =
        found == reading.properties.end() ? nullptr : std::get_if<Value>(&found->second);
    EXPECT_NE(value, nullptr) << name;
    return value == nullptr ? Value{} : *value;
}

int distance(std::string const& a, std::string const& b) {
    auto const first = read_image(content(a)).phash;
    auto const second = read_image(content(b)).phash;
    EXPECT_TRUE(first && second);
    return first && second ? std::popcount(*first ^ *second) : -1;
}

TEST(Image, HasItsSizeAndHash) {
    for (auto const& bytes : {made_png(320, 200, paint_disc), made_jpeg(320, 200, paint_disc)}) {
        auto const reading = read_image(content(bytes));
        EXPECT_EQ(reading.problem, "");
        EXPECT_EQ(value_of<std::int64_t>(reading, "width"), 320);
        EXPECT_EQ(value_of<std::int64_t>(reading, "height"), 200);
        EXPECT_TRUE(reading.phash);
    }
}

TEST(PerceptualHash, SurvivesScalingAndCompression) {
    auto const original = made_png(640, 400, paint_disc);
    EXPECT_LE(distance(original, made_jpeg(640, 400, paint_disc, 20)), 4);
    EXPECT_LE(distance(original, made_png(320, 200, paint_disc)), 2);
    EXPECT_LE(distance(original, made_png(97, 61, paint_disc)), 4);
    EXPECT_GE(distance(original, made_png(640, 400, paint_stripes)), 16);
}

/// The transform of a horizontal cosine of two half waves has one coefficient: row 0, column 2.
TEST(PerceptualHash, PutsTheCoefficientsRowByRow) {
    GreySquare grey{};
    for (int i = 0; i < hash_side * hash_side; ++i) {
        auto const x = i % hash_side;
        grey[static_cast<std::size_t>(i)] =
            static_cast<float>(0.5 + 0.5 * std::cos(3.14159265358979 / hash_side * (x + 0.5) * 2));
    }
    auto const hash = perceptual_hash(grey);
    EXPECT_TRUE(hash >> 63U & 1U) << "the mean";
    EXPECT_TRUE(hash >> 61U & 1U) << "row 0, column 2";
}

TEST(AreaScaler, KeepsTheMeanOfAnySize) {
    for (int side : {1, 7, 32, 100}) {
        AreaScaler scaler(side, side);
        std::vector<float> const row(static_cast<std::size_t>(side), 0.25F);
        for (int y = 0; y < side; ++y) scaler.add_row(row);
        for (auto const grey : scaler.result()) ASSERT_NEAR(grey, 0.25, 1e-5) << side;
    }
}

TEST(Image, TellsWhatTheCameraWrote) {
    auto const reading = read_image(content(with_exif(made_jpeg(64, 48, paint_disc))));
    EXPECT_EQ(value_of<std::string>(reading, "camera"), "Maker Model");
    EXPECT_EQ(value_of<std::string>(reading, "taken"), "2024-05-01T12:34:56");
    EXPECT_DOUBLE_EQ(value_of<double>(reading, "latitude"), 48.5);
    EXPECT_DOUBLE_EQ(value_of<double>(reading, "longitude"), -9.25);
}

TEST(Image, CutOffIsAProblemAndKeepsItsSize) {
    auto const jpeg = made_jpeg(640, 400, paint_disc);
    auto const png = made_png(640, 400, paint_disc);
    for (auto const& whole : {jpeg, png}) {
        auto const reading =
            read_image(content(std::string_view(whole).substr(0, whole.size() / 2)));
        EXPECT_NE(reading.problem, "");
        EXPECT_EQ(value_of<std::int64_t>(reading, "width"), 640);
        EXPECT_FALSE(reading.phash);
    }
}

TEST(Image, OfTooManyPixelsIsNotDecoded) {
    auto png = made_png(32, 32, paint_disc);
    png.replace(16, 8, std::string_view("\0\0\xFF\xFF\0\0\xFF\xFF", 8));
    auto const reading = read_image(content(png));
    EXPECT_NE(reading.problem, "");
    EXPECT_FALSE(reading.phash);
}

TEST(Media, OfSoundHasDurationRateAndCodec) {
    auto const reading = read_media(content(made_wav(16000, 1.5)));
    EXPECT_EQ(reading.problem, "");
    EXPECT_DOUBLE_EQ(value_of<double>(reading, "duration_s"), 1.5);
    EXPECT_EQ(value_of<std::int64_t>(reading, "sample_rate_hz"), 16000);
    EXPECT_EQ(value_of<std::int64_t>(reading, "channels"), 1);
    EXPECT_EQ(value_of<std::string>(reading, "audio_codec"), "pcm_s16le");
}

TEST(Media, OfFilmHasSizeRateAndTitle) {
    auto const reading = read_media(content(made_film(64, 48)));
    EXPECT_EQ(reading.problem, "");
    EXPECT_EQ(value_of<std::string>(reading, "video_codec"), "mpeg4");
    EXPECT_EQ(value_of<std::int64_t>(reading, "width"), 64);
    EXPECT_EQ(value_of<std::int64_t>(reading, "height"), 48);
    EXPECT_DOUBLE_EQ(value_of<double>(reading, "frame_rate"), 10);
    EXPECT_NEAR(value_of<double>(reading, "duration_s"), 1.0, 0.11);
    EXPECT_EQ(value_of<std::string>(reading, "title"), "Six nodes");
    EXPECT_NE(reading.text.find("Six nodes"), std::string::npos);
}

TEST(Media, ThatIsAPlaylistIsRefused) {
    EXPECT_NE(
        read_media(content("#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n/etc/passwd\n")).problem,
        ""
    );
    EXPECT_NE(read_media(content("ffconcat version 1.0\nfile /etc/passwd\n")).problem, "");
}

}  // namespace
}  // namespace disgrafs::analysers
