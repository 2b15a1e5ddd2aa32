#pragma once

/// \file analysers/kinds/grey.hpp  A decoded picture of any pixel format as 32×32 greys.

#include <optional>

extern "C" {
#include <libavutil/frame.h>
}

#include "analysers/kinds/perceptual_hash.hpp"

namespace disgrafs::analysers {

/// What is transparent is seen upon white. Nothing when the pixel format cannot be read.
std::optional<GreySquare> to_grey(AVFrame const& frame);

}  // namespace disgrafs::analysers
