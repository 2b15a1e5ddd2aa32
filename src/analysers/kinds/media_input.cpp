#include "analysers/kinds/media_input.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

namespace disgrafs::analysers {

namespace {

constexpr int buffer_bytes = 64 << 10;
constexpr int packets_max = 200;

/// Containers that hold their content themselves. No playlists, no devices, no text formats.
constexpr auto formats =
    "wav,w64,aiff,mp3,flac,ogg,aac,ape,wv,caf,amr,au,mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,asf,"
    "flv,mpeg,mpegts,mpegvideo,png_pipe,jpeg_pipe,webp_pipe,gif,gif_pipe,bmp_pipe,tiff_pipe,"
    "j2k_pipe,jpegxl_pipe,pgm_pipe,ppm_pipe,pbm_pipe,apng";

struct Options {
    AVDictionary* dictionary = nullptr;

    Options() {
        av_dict_set(&dictionary, "format_whitelist", formats, 0);
        av_dict_set(&dictionary, "protocol_whitelist", "none", 0);
        av_dict_set(&dictionary, "probesize", "4000000", 0);
    }
    ~Options() { av_dict_free(&dictionary); }
    Options(Options const&) = delete;
    Options& operator=(Options const&) = delete;
};

int refuse_open(AVFormatContext*, AVIOContext**, char const*, int, AVDictionary**) {
    return AVERROR(EPERM);
}

Result<Av<AVCodecContext>> open_decoder(AVStream const& stream) {
    auto const* codec = avcodec_find_decoder(stream.codecpar->codec_id);
    if (codec == nullptr) {
        return fail(
            Errc::unavailable, "no decoder for {}", avcodec_get_name(stream.codecpar->codec_id)
        );
    }
    Av<AVCodecContext> context(avcodec_alloc_context3(codec));
    if (context == nullptr) return fail(Errc::exhausted, "no memory for a decoder");
    avcodec_parameters_to_context(context.get(), stream.codecpar);
    context->thread_count = 1;
    context->max_pixels = pixels_max;
    if (int const code = avcodec_open2(context.get(), codec, nullptr); code < 0) {
        return fail(Errc::invalid, "{}", av_problem(code));
    }
    return context;
}

}  // namespace

void AvFree::operator()(AVFormatContext* context) const { avformat_close_input(&context); }

void AvFree::operator()(AVIOContext* context) const {
    av_freep(&context->buffer);
    avio_context_free(&context);
}

std::string av_problem(int code) {
    char text[AV_ERROR_MAX_STRING_SIZE] = {};
    av_strerror(code, text, sizeof text);
    return text;
}

Result<std::unique_ptr<MediaInput>> MediaInput::open(ByteView bytes, std::uint64_t size_bytes) {
    av_log_set_level(AV_LOG_QUIET);
    std::unique_ptr<MediaInput> input(
        new MediaInput(bytes, std::max<std::uint64_t>(size_bytes, bytes.size()))
    );
    TRY_OK(input->start());
    return input;
}

Result<void> MediaInput::start() {
    auto* const buffer = static_cast<unsigned char*>(av_malloc(buffer_bytes));
    io_.reset(avio_alloc_context(buffer, buffer_bytes, 0, this, &read, nullptr, &seek));
    auto* context = avformat_alloc_context();
    if (buffer == nullptr || io_ == nullptr || context == nullptr) {
        return fail(Errc::exhausted, "no memory for a demuxer");
    }
    context->pb = io_.get();
    context->flags |= AVFMT_FLAG_CUSTOM_IO;
    context->io_open = &refuse_open;
    Options options;
    if (int const code = avformat_open_input(&context, nullptr, nullptr, &options.dictionary);
        code < 0) {
        return fail(Errc::invalid, "{}", av_problem(code));
    }
    format_.reset(context);
    return {};
}

int MediaInput::read(void* self, std::uint8_t* buffer, int size) {
    auto& input = *static_cast<MediaInput*>(self);
    if (input.at_ >= input.bytes_.size()) return AVERROR_EOF;
    auto const count =
        std::min<std::uint64_t>(static_cast<std::uint64_t>(size), input.bytes_.size() - input.at_);
    std::memcpy(buffer, &input.bytes_[input.at_], count);
    input.at_ += count;
    return static_cast<int>(count);
}

std::int64_t MediaInput::seek(void* self, std::int64_t offset, int whence) {
    auto& input = *static_cast<MediaInput*>(self);
    auto const size = static_cast<std::int64_t>(input.size_);
    if ((whence & AVSEEK_SIZE) != 0) return size;
    std::int64_t target = offset;
    if (whence == SEEK_CUR) target += static_cast<std::int64_t>(input.at_);
    if (whence == SEEK_END) target += size;
    if (target < 0 || target > size) return AVERROR(EINVAL);
    input.at_ = static_cast<std::uint64_t>(target);
    return target;
}

Result<Av<AVFrame>> MediaInput::first_frame() {
    int const index = av_find_best_stream(format_.get(), AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
    if (index < 0) return fail(Errc::invalid, "no picture inside");
    TRY(auto const decoder, open_decoder(*format_->streams[index]));
    Av<AVFrame> frame(av_frame_alloc());
    Av<AVPacket> const packet(av_packet_alloc());
    if (frame == nullptr || packet == nullptr) return fail(Errc::exhausted, "no memory");
    int code = 0;
    for (int i = 0; i < packets_max; ++i) {
        code = av_read_frame(format_.get(), packet.get());
        bool const ended = code < 0;
        if (!ended && packet->stream_index != index) {
            av_packet_unref(packet.get());
            continue;
        }
        code = avcodec_send_packet(decoder.get(), ended ? nullptr : packet.get());
        av_packet_unref(packet.get());
        if (code < 0 && code != AVERROR(EAGAIN)) break;
        code = avcodec_receive_frame(decoder.get(), frame.get());
        if (code == 0) return frame;
        if (code != AVERROR(EAGAIN) || ended) break;
    }
    return fail(Errc::invalid, "{}", av_problem(code));
}

}  // namespace disgrafs::analysers
