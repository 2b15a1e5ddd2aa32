#pragma once

/// \file analysers/kinds/media_input.hpp  libavformat over bytes in memory, and nothing else.
///
/// Playlists and references to other files are refused: the only input is the memory given.

#include <memory>
#include <string>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
}

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace disgrafs::analysers {

/// Frees what libav allocated, whichever kind it is.
struct AvFree {
    void operator()(AVFormatContext* context) const;
    void operator()(AVIOContext* context) const;
    void operator()(AVCodecContext* context) const { avcodec_free_context(&context); }
    void operator()(AVFrame* frame) const { av_frame_free(&frame); }
    void operator()(AVPacket* packet) const { av_packet_free(&packet); }
};
template <typename Thing>
using Av = std::unique_ptr<Thing, AvFree>;

inline constexpr std::int64_t pixels_max = 64LL << 20U;  ///< Larger pictures are not decoded.

class MediaInput {
 public:
    /// `bytes` live as long as this; `size_bytes` is that of the whole file, of which `bytes` may
    /// be only the beginning. Errors: invalid, with libav's words.
    static Result<std::unique_ptr<MediaInput>> open(ByteView bytes, std::uint64_t size_bytes);

    [[nodiscard]] AVFormatContext& format() { return *format_; }

    /// The first picture of the first stream that has pictures. Errors: invalid; unavailable
    /// (no decoder); exhausted (more than pixels_max).
    Result<Av<AVFrame>> first_frame();

 private:
    MediaInput(ByteView bytes, std::uint64_t size_bytes) : bytes_(bytes), size_(size_bytes) {}

    static int read(void* self, std::uint8_t* buffer, int size);
    static std::int64_t seek(void* self, std::int64_t offset, int whence);
    Result<void> start();

    ByteView bytes_;
    std::uint64_t size_;
    std::uint64_t at_ = 0;
    Av<AVIOContext> io_;
    Av<AVFormatContext> format_;
};

std::string av_problem(int code);

}  // namespace disgrafs::analysers
