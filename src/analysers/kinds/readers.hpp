#pragma once

/// \file analysers/kinds/readers.hpp  One function per kind of content; each in a file of its name.
///
/// None of them fails: broken content gives what could be read, and Reading::problem.

#include <string_view>

#include "analysers/content.hpp"
#include "analysers/kinds/kind.hpp"

namespace disgrafs::analysers {

/// Any charset. Properties: charset, lines.
Reading read_plain_text(Content const& content);

/// JSON, YAML, CSV …: text for search, no prose.
Reading read_data(Content const& content);

/// CommonMark with tables. Properties: title (first heading). References: link, image.
Reading read_markdown(Content const& content);

/// HTML of any age, without scripts and styles. Properties: title. References: link, image.
Reading read_html(Content const& content);

/// Texts and size of a drawing. Properties: title, width, height. References: link, image.
Reading read_svg(Content const& content);

/// Prose is the comments and the words of the identifiers. Properties: lines. References: include,
/// import. `format` as kind_of() named it ("C++").
Reading read_source(Content const& content, std::string_view format);

/// Properties: title, author, pages, created. Needs prepare_pdf() to have run in this process or
/// in the one that forked it.
Reading read_pdf(Content const& content);
/// Makes poppler read its own tables now: in the sandbox it could not.
void prepare_pdf();

/// Properties: width, height, camera, taken, latitude, longitude. And the perceptual hash.
Reading read_image(Content const& content);

/// Sound and film. Properties: duration_s, audio_codec, video_codec, sample_rate_hz, channels,
/// width, height, frame_rate, bit_rate_bps, title, artist, album, genre, date.
Reading read_media(Content const& content);

}  // namespace disgrafs::analysers
