#pragma once

/// \file analysers/kinds/charset.hpp  Text in any charset as UTF-8.

#include <string>

#include "base/bytes.hpp"

namespace disgrafs::analysers {

struct DecodedText {
    std::string text;     ///< Valid UTF-8 without control characters other than tab and newline.
    std::string charset;  ///< "UTF-8", "UTF-16LE", "GB18030" …
};

/// By byte order mark, else UTF-8 when it is that, else as ICU guesses from the first 64 KiB. Bytes
/// that the charset does not have become U+FFFD. Only the first `bytes_max` bytes are decoded.
DecodedText decode_text(ByteView bytes, std::size_t bytes_max);

}  // namespace disgrafs::analysers
