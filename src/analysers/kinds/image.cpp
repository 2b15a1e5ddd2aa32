#include <cstdint>
#include <string>
#include <variant>

#include "analysers/kinds/exif.hpp"
#include "analysers/kinds/grey.hpp"
#include "analysers/kinds/media_input.hpp"
#include "analysers/kinds/perceptual_hash.hpp"
#include "analysers/kinds/readers.hpp"

namespace disgrafs::analysers {

namespace {

std::int64_t number(Reading const& reading, char const* name) {
    auto const found = reading.properties.find(name);
    auto const* value =
        found == reading.properties.end() ? nullptr : std::get_if<std::int64_t>(&found->second);
    return value == nullptr ? 0 : *value;
}

Result<Av<AVFrame>> decode(Content const& content) {
    TRY(auto const input, MediaInput::open(content.bytes, content.size_bytes));
    return input->first_frame();
}

/// A JPEG's last scan ends with an end mark; where that is missing libav fills in grey and says
/// nothing. (Within a scan no byte FF is followed by DA or D9.)
bool is_cut_jpeg(ByteView bytes) {
    auto const text = as_text(bytes);
    if (!text.starts_with("\xFF\xD8")) return false;
    auto const scan = text.rfind("\xFF\xDA");
    return scan == text.npos || text.find("\xFF\xD9", scan) == text.npos;
}

bool is_damaged(Content const& content, AVFrame const& frame) {
    return frame.decode_error_flags != 0 || (frame.flags & AV_FRAME_FLAG_CORRUPT) != 0 ||
           is_cut_jpeg(content.bytes);
}

}  // namespace

Reading read_image(Content const& content) {
    Reading reading;
    read_exif(content.bytes, reading.properties);
    if (number(reading, "width") * number(reading, "height") > pixels_max) {
        reading.problem = "The picture has too many pixels to be decoded.";
        return reading;
    }
    auto const frame = decode(content);
    if (!frame) {
        reading.problem = "The picture cannot be decoded: " + frame.error().message + ".";
        reading.is_unavailable = frame.error().code == Errc::unavailable;
        return reading;
    }
    reading.properties["width"] = std::int64_t{(*frame)->width};
    reading.properties["height"] = std::int64_t{(*frame)->height};
    if (is_damaged(content, **frame)) {
        reading.problem = "The picture is damaged or cut off.";
        return reading;
    }
    if (auto const grey = to_grey(**frame)) reading.phash = perceptual_hash(*grey);
    return reading;
}

}  // namespace disgrafs::analysers
