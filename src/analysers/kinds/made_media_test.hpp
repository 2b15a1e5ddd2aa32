#pragma once

/// \file analysers/kinds/made_media_test.hpp  Pictures, sound and film made for tests.

#include <cstdint>
#include <functional>
#include <string>

namespace disgrafs::analysers {

/// Brightness 0 … 255 of the pixel at (x, y) in 0 … 1.
using Painter = std::function<std::uint8_t(double x, double y)>;

/// A colourful gradient with a disc: no two of its 8×8 coefficients are alike.
std::uint8_t paint_disc(double x, double y);
/// Another picture.
std::uint8_t paint_stripes(double x, double y);

std::string made_png(int width, int height, Painter const& painter);
/// `quality` 2 (best) … 31.
std::string made_jpeg(int width, int height, Painter const& painter, int quality = 3);

/// Inserts an Exif segment: camera "Maker Model", 2024-05-01T12:34:56, 48.5° north, 9.25° west.
std::string with_exif(std::string const& jpeg);

/// 16 bit mono, a tone.
std::string made_wav(int sample_rate_hz, double seconds);

/// One second of 10 pictures in a Matroska file, with a title.
std::string made_film(int width, int height);

}  // namespace disgrafs::analysers
