#include "analysers/kinds/grey.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

extern "C" {
#include <libavutil/pixdesc.h>
}

namespace disgrafs::analysers {

namespace {

/// Reads one component of each row as 0 … 1.
class Component {
 public:
    Component(AVFrame const& frame, AVPixFmtDescriptor const& format, int index)
        : frame_(frame), format_(format), index_(index) {
        bool const in_palette = (format.flags & AV_PIX_FMT_FLAG_PAL) != 0;
        auto const depth = in_palette ? 8 : format.comp[index].depth;
        scale_ = 1.0F / static_cast<float>((1U << static_cast<unsigned>(depth)) - 1);
        values_.resize(static_cast<std::size_t>(frame.width));
    }

    [[nodiscard]] float at(int x) const { return scale_ * values_[static_cast<std::size_t>(x)]; }

    void read_row(int y) {
        std::uint8_t const* data[4] = {
            frame_.data[0], frame_.data[1], frame_.data[2], frame_.data[3]
        };
        int const linesize[4] = {
            frame_.linesize[0], frame_.linesize[1], frame_.linesize[2], frame_.linesize[3]
        };
        bool const in_palette = (format_.flags & AV_PIX_FMT_FLAG_PAL) != 0;
        av_read_image_line2(
            values_.data(),
            data,
            linesize,
            &format_,
            0,
            y,
            index_,
            frame_.width,
            in_palette ? 1 : 0,
            sizeof(std::uint16_t)
        );
    }

 private:
    AVFrame const& frame_;
    AVPixFmtDescriptor const& format_;
    int index_;
    float scale_ = 0;
    std::vector<std::uint16_t> values_;
};

/// Which components make the brightness, and which the opacity (−1: none).
struct Roles {
    int red = 0;
    int green = 0;
    int blue = 0;
    int alpha = -1;
};

Roles roles_of(AVPixFmtDescriptor const& format) {
    if ((format.flags & AV_PIX_FMT_FLAG_PAL) != 0) return {2, 1, 0, 3};  // stored blue first
    bool const has_alpha = (format.flags & AV_PIX_FMT_FLAG_ALPHA) != 0;
    int const alpha = has_alpha ? format.nb_components - 1 : -1;
    if ((format.flags & AV_PIX_FMT_FLAG_RGB) != 0 && format.nb_components >= 3) {
        return {0, 1, 2, alpha};
    }
    return {0, 0, 0, alpha};
}

}  // namespace

std::optional<GreySquare> to_grey(AVFrame const& frame) {
    auto const* format = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
    auto const unreadable = AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_FLOAT | AV_PIX_FMT_FLAG_BAYER;
    if (format == nullptr || (format->flags & unreadable) != 0) return std::nullopt;
    if (format->comp[0].depth > 16 || frame.width <= 0 || frame.height <= 0) return std::nullopt;

    auto const roles = roles_of(*format);
    Component red(frame, *format, roles.red);
    Component green(frame, *format, roles.green);
    Component blue(frame, *format, roles.blue);
    std::optional<Component> alpha;
    if (roles.alpha >= 0) alpha.emplace(frame, *format, roles.alpha);

    AreaScaler scaler(frame.width, frame.height);
    std::vector<float> row(static_cast<std::size_t>(frame.width));
    for (int y = 0; y < frame.height; ++y) {
        red.read_row(y);
        green.read_row(y);
        blue.read_row(y);
        if (alpha) alpha->read_row(y);
        for (int x = 0; x < frame.width; ++x) {
            auto const grey = 0.299F * red.at(x) + 0.587F * green.at(x) + 0.114F * blue.at(x);
            auto const opacity = alpha ? alpha->at(x) : 1.0F;
            row[static_cast<std::size_t>(x)] = grey * opacity + (1 - opacity);
        }
        scaler.add_row(row);
    }
    return scaler.result();
}

}  // namespace disgrafs::analysers
