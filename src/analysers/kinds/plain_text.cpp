#include <algorithm>
#include <cstdint>

#include "analysers/kinds/charset.hpp"
#include "analysers/kinds/readers.hpp"

namespace disgrafs::analysers {

namespace {

std::int64_t count_lines(ByteView bytes) {
    auto const newlines = std::ranges::count(bytes, std::byte{'\n'});
    return newlines + (!bytes.empty() && bytes.back() != std::byte{'\n'} ? 1 : 0);
}

}  // namespace

Reading read_plain_text(Content const& content) {
    auto decoded = decode_text(content.bytes, extracted_bytes_max);
    Reading reading;
    reading.properties["charset"] = decoded.charset;
    reading.properties["lines"] = count_lines(content.bytes);
    reading.text = std::move(decoded.text);
    reading.prose = reading.text;
    return reading;
}

Reading read_data(Content const& content) {
    auto reading = read_plain_text(content);
    reading.prose.clear();
    return reading;
}

}  // namespace disgrafs::analysers
