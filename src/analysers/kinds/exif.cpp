#include "analysers/kinds/exif.hpp"

#include <cmath>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include <exiv2/exiv2.hpp>

namespace disgrafs::analysers {

namespace {

using Properties = std::map<std::string, analysis::PropertyValue>;

std::string text_of(Exiv2::ExifData const& exif, char const* key) {
    auto const found = exif.findKey(Exiv2::ExifKey(key));
    if (found == exif.end()) return {};
    auto text = found->toString();
    text.resize(std::min(text.find('\0'), text.size()));
    auto const end = text.find_last_not_of(" \t\r\n");
    return end == std::string::npos ? std::string() : text.substr(0, end + 1);
}

/// "Canon" + "Canon EOS 5D" is "Canon EOS 5D".
std::string camera_of(Exiv2::ExifData const& exif) {
    auto const make = text_of(exif, "Exif.Image.Make");
    auto const model = text_of(exif, "Exif.Image.Model");
    if (make.empty() || model.starts_with(make)) return model;
    return model.empty() ? make : make + " " + model;
}

/// "2024:05:01 12:34:56" → "2024-05-01T12:34:56"; a camera knows no time zone.
std::string iso_time(std::string text) {
    if (text.size() != 19 || text[4] != ':' || text[7] != ':' || text[10] != ' ') return {};
    if (text.starts_with("0000")) return {};
    text[4] = text[7] = '-';
    text[10] = 'T';
    return text;
}

/// Degrees, minutes and seconds as degrees; south and west are negative.
std::optional<double> degrees(Exiv2::ExifData const& exif, char const* key, char const* side_key) {
    auto const found = exif.findKey(Exiv2::ExifKey(key));
    if (found == exif.end() || found->count() != 3) return std::nullopt;
    double sum = 0;
    double unit = 1;
    for (int i = 0; i < 3; ++i, unit *= 60) {
        auto const [above, below] = found->toRational(i);
        if (below == 0) return std::nullopt;
        sum += static_cast<double>(above) / below / unit;
    }
    auto const side = text_of(exif, side_key);
    return side == "S" || side == "W" ? -sum : sum;
}

void read_place(Exiv2::ExifData const& exif, Properties& properties) {
    auto const latitude = degrees(exif, "Exif.GPSInfo.GPSLatitude", "Exif.GPSInfo.GPSLatitudeRef");
    auto const longitude =
        degrees(exif, "Exif.GPSInfo.GPSLongitude", "Exif.GPSInfo.GPSLongitudeRef");
    if (!latitude || !longitude || std::abs(*latitude) > 90 || std::abs(*longitude) > 180) return;
    properties["latitude"] = *latitude;
    properties["longitude"] = *longitude;
}

void set_text(Properties& properties, char const* name, std::string text) {
    if (!text.empty()) properties[name] = std::move(text);
}

void read_size(Exiv2::Image const& image, Properties& properties) {
    if (image.pixelWidth() <= 0 || image.pixelHeight() <= 0) return;
    properties["width"] = std::int64_t{image.pixelWidth()};
    properties["height"] = std::int64_t{image.pixelHeight()};
}

void read_camera(Exiv2::ExifData const& exif, Properties& properties) {
    set_text(properties, "camera", camera_of(exif));
    auto taken = iso_time(text_of(exif, "Exif.Photo.DateTimeOriginal"));
    if (taken.empty()) taken = iso_time(text_of(exif, "Exif.Image.DateTime"));
    set_text(properties, "taken", std::move(taken));
    set_text(properties, "title", text_of(exif, "Exif.Image.ImageDescription"));
    set_text(properties, "artist", text_of(exif, "Exif.Image.Artist"));
    read_place(exif, properties);
}

/// Exiv2 throws at the first wrong byte; what it has read until then can still be asked for.
template <typename Step>
bool tried(Step step) {
    try {
        step();
        return true;
    } catch (std::exception const&) {
        return false;
    }
}

}  // namespace

void read_exif(ByteView bytes, Properties& properties) {
    Exiv2::LogMsg::setLevel(Exiv2::LogMsg::mute);
    std::unique_ptr<Exiv2::Image> image;
    auto const* data = reinterpret_cast<Exiv2::byte const*>(bytes.data());
    auto const size = static_cast<long>(bytes.size());
    if (!tried([&] { image.reset(Exiv2::ImageFactory::open(data, size).release()); })) return;
    tried([&] { image->readMetadata(); });
    tried([&] { read_size(*image, properties); });
    tried([&] { read_camera(image->exifData(), properties); });
}

}  // namespace disgrafs::analysers
