#include "analysers/kinds/made_media_test.hpp"

#include <cmath>
#include <cstdint>
#include <string>

#include <exiv2/exiv2.hpp>
#include <gtest/gtest.h>

#include "analysers/kinds/media_input.hpp"
#include "base/assert.hpp"

namespace disgrafs::analysers {
namespace {

void check(int code, char const* what) {
    DISGRAFS_ASSERT(code >= 0, "{}: {}", what, av_problem(code));
}

Av<AVFrame> painted(int width, int height, AVPixelFormat format, Painter const& painter) {
    Av<AVFrame> frame(av_frame_alloc());
    frame->width = width;
    frame->height = height;
    frame->format = format;
    frame->color_range = AVCOL_RANGE_JPEG;
    check(av_frame_get_buffer(frame.get(), 0), "frame");
    for (int plane = 0; plane < 3 && frame->data[plane] != nullptr; ++plane) {
        bool const is_chroma = plane > 0;
        int const rows = is_chroma ? (height + 1) / 2 : height;
        for (int y = 0; y < rows; ++y) {
            for (int x = 0; x < (is_chroma ? (width + 1) / 2 : width); ++x) {
                auto* const pixel = &frame->data[plane][y * frame->linesize[plane] + x];
                *pixel =
                    is_chroma
                        ? std::uint8_t{128}
                        : painter(static_cast<double>(x) / width, static_cast<double>(y) / height);
            }
        }
    }
    return frame;
}

Av<AVCodecContext> encoder(AVCodecID id, AVFrame const& frame, int quality) {
    auto const* codec = avcodec_find_encoder(id);
    Av<AVCodecContext> context(avcodec_alloc_context3(codec));
    context->width = frame.width;
    context->height = frame.height;
    context->pix_fmt = static_cast<AVPixelFormat>(frame.format);
    context->color_range = frame.color_range;
    context->time_base = {1, 10};
    context->thread_count = 1;
    if (quality > 0) {
        context->flags |= AV_CODEC_FLAG_QSCALE;
        context->global_quality = quality * FF_QP2LAMBDA;
    }
    check(avcodec_open2(context.get(), codec, nullptr), "encoder");
    return context;
}

std::string encoded(AVCodecID id, AVFrame& frame, int quality) {
    auto const context = encoder(id, frame, quality);
    frame.quality = context->global_quality;
    check(avcodec_send_frame(context.get(), &frame), "send");
    avcodec_send_frame(context.get(), nullptr);
    Av<AVPacket> const packet(av_packet_alloc());
    check(avcodec_receive_packet(context.get(), packet.get()), "receive");
    return {reinterpret_cast<char const*>(packet->data), static_cast<std::size_t>(packet->size)};
}

std::string little_endian(std::uint32_t value, int bytes) {
    std::string out;
    for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
    return out;
}

}  // namespace

std::uint8_t paint_disc(double x, double y) {
    double const distance = std::hypot(x - 0.4, y - 0.6);
    double const grey =
        distance < 0.25 ? 0.1 + x : 0.9 * x * y + 0.1 * std::sin(9 * x + 4 * y) + 0.1;
    return static_cast<std::uint8_t>(255 * std::min(1.0, std::max(0.0, grey)));
}

std::uint8_t paint_stripes(double x, double y) {
    return static_cast<std::uint8_t>(127 + 100 * std::sin(20 * y + 7 * x * x));
}

std::string made_png(int width, int height, Painter const& painter) {
    return encoded(AV_CODEC_ID_PNG, *painted(width, height, AV_PIX_FMT_GRAY8, painter), 0);
}

std::string made_jpeg(int width, int height, Painter const& painter, int quality) {
    return encoded(
        AV_CODEC_ID_MJPEG, *painted(width, height, AV_PIX_FMT_YUVJ420P, painter), quality
    );
}

std::string with_exif(std::string const& jpeg) {
    auto const image = Exiv2::ImageFactory::open(
        reinterpret_cast<Exiv2::byte const*>(jpeg.data()), static_cast<long>(jpeg.size())
    );
    image->readMetadata();
    auto& exif = image->exifData();
    exif["Exif.Image.Make"] = "Maker";
    exif["Exif.Image.Model"] = "Model";
    exif["Exif.Photo.DateTimeOriginal"] = "2024:05:01 12:34:56";
    exif["Exif.GPSInfo.GPSLatitude"] = "48/1 30/1 0/1";
    exif["Exif.GPSInfo.GPSLatitudeRef"] = "N";
    exif["Exif.GPSInfo.GPSLongitude"] = "9/1 15/1 0/1";
    exif["Exif.GPSInfo.GPSLongitudeRef"] = "W";
    image->writeMetadata();
    auto& io = image->io();
    io.open();
    std::string out(io.size(), '\0');
    io.read(reinterpret_cast<Exiv2::byte*>(out.data()), static_cast<long>(out.size()));
    return out;
}

std::string made_wav(int sample_rate_hz, double seconds) {
    std::string samples;
    auto const count = static_cast<int>(sample_rate_hz * seconds);
    for (int i = 0; i < count; ++i) {
        auto const value = static_cast<std::int16_t>(9000 * std::sin(i * 0.1));
        samples += little_endian(static_cast<std::uint16_t>(value), 2);
    }
    auto const rate = static_cast<std::uint32_t>(sample_rate_hz);
    auto const size = static_cast<std::uint32_t>(samples.size());
    return "RIFF" + little_endian(36 + size, 4) + "WAVEfmt " + little_endian(16, 4) +
           little_endian(1, 2) + little_endian(1, 2) + little_endian(rate, 4) +
           little_endian(rate * 2, 4) + little_endian(2, 2) + little_endian(16, 2) + "data" +
           little_endian(size, 4) + samples;
}

std::string made_film(int width, int height) {
    AVFormatContext* format = nullptr;
    check(avformat_alloc_output_context2(&format, nullptr, "matroska", nullptr), "matroska");
    check(avio_open_dyn_buf(&format->pb), "buffer");
    av_dict_set(&format->metadata, "title", "Six nodes", 0);
    auto frame = painted(width, height, AV_PIX_FMT_YUV420P, paint_disc);
    auto const context = encoder(AV_CODEC_ID_MPEG4, *frame, 5);
    auto* const stream = avformat_new_stream(format, nullptr);
    stream->time_base = {1, 10};
    stream->avg_frame_rate = {10, 1};
    check(avcodec_parameters_from_context(stream->codecpar, context.get()), "parameters");
    check(avformat_write_header(format, nullptr), "header");
    Av<AVPacket> const packet(av_packet_alloc());
    for (int i = 0; i < 10; ++i) {
        frame->pts = i;
        check(avcodec_send_frame(context.get(), frame.get()), "send");
        while (avcodec_receive_packet(context.get(), packet.get()) == 0) {
            packet->stream_index = 0;
            packet->duration = 1;
            av_packet_rescale_ts(packet.get(), context->time_base, stream->time_base);
            check(av_write_frame(format, packet.get()), "write");
            av_packet_unref(packet.get());
        }
    }
    check(av_write_trailer(format), "trailer");
    std::uint8_t* buffer = nullptr;
    int const size = avio_close_dyn_buf(format->pb, &buffer);
    std::string out(reinterpret_cast<char const*>(buffer), static_cast<std::size_t>(size));
    av_free(buffer);
    format->pb = nullptr;
    avformat_free_context(format);
    return out;
}

}  // namespace disgrafs::analysers
