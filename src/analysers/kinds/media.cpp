#include <cmath>
#include <cstdint>
#include <string>

#include "analysers/kinds/media_input.hpp"
#include "analysers/kinds/readers.hpp"

namespace disgrafs::analysers {

namespace {

constexpr char const* texts[] = {"title", "artist", "album", "genre", "date", "comment"};

void read_texts(AVDictionary const* dictionary, Reading& reading) {
    for (auto const* name : texts) {
        auto const* entry = av_dict_get(dictionary, name, nullptr, 0);
        if (entry == nullptr || entry->value[0] == '\0') continue;
        if (reading.properties.contains(name)) continue;
        reading.properties[name] = std::string(entry->value);
    }
}

void read_sound(AVCodecParameters const& codec, Reading& reading) {
    reading.properties["audio_codec"] = std::string(avcodec_get_name(codec.codec_id));
    if (codec.sample_rate > 0)
        reading.properties["sample_rate_hz"] = std::int64_t{codec.sample_rate};
    auto const channels = codec.ch_layout.nb_channels;
    if (channels > 0) reading.properties["channels"] = std::int64_t{channels};
}

void read_picture(AVStream const& stream, Reading& reading) {
    auto const& codec = *stream.codecpar;
    reading.properties["video_codec"] = std::string(avcodec_get_name(codec.codec_id));
    if (codec.width > 0 && codec.height > 0) {
        reading.properties["width"] = std::int64_t{codec.width};
        reading.properties["height"] = std::int64_t{codec.height};
    }
    auto const rate = stream.avg_frame_rate;
    if (rate.num > 0 && rate.den > 0) {
        reading.properties["frame_rate"] = std::round(av_q2d(rate) * 1000) / 1000;
    }
}

void read_streams(AVFormatContext const& format, Reading& reading) {
    for (unsigned i = 0; i < format.nb_streams; ++i) {
        auto const& stream = *format.streams[i];
        auto const type = stream.codecpar->codec_type;
        bool const is_cover = (stream.disposition & AV_DISPOSITION_ATTACHED_PIC) != 0;
        if (type == AVMEDIA_TYPE_AUDIO && !reading.properties.contains("audio_codec")) {
            read_sound(*stream.codecpar, reading);
        } else if (type == AVMEDIA_TYPE_VIDEO && !is_cover &&
                   !reading.properties.contains("video_codec")) {
            read_picture(stream, reading);
        }
        read_texts(stream.metadata, reading);
    }
}

}  // namespace

Reading read_media(Content const& content) {
    Reading reading;
    auto const input = MediaInput::open(content.bytes, content.size_bytes);
    if (!input) {
        reading.problem = "The recording cannot be read: " + input.error().message + ".";
        return reading;
    }
    auto& format = (*input)->format();
    if (int const code = avformat_find_stream_info(&format, nullptr); code < 0) {
        reading.problem = "The recording's streams cannot be read: " + av_problem(code) + ".";
    }
    read_texts(format.metadata, reading);
    read_streams(format, reading);
    if (format.duration > 0) {
        auto const seconds = static_cast<double>(format.duration) / AV_TIME_BASE;
        reading.properties["duration_s"] = std::round(seconds * 1000) / 1000;
    }
    if (format.bit_rate > 0) reading.properties["bit_rate_bps"] = std::int64_t{format.bit_rate};
    for (auto const* name : {"title", "artist", "album", "comment"}) {
        auto const found = reading.properties.find(name);
        if (found == reading.properties.end()) continue;
        reading.text += std::get<std::string>(found->second) + "\n\n";
    }
    return reading;
}

}  // namespace disgrafs::analysers
