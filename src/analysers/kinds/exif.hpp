#pragma once

/// \file analysers/kinds/exif.hpp  What a camera wrote into a picture.

#include "analysers/content.hpp"

namespace disgrafs::analysers {

/// Adds width, height, camera, taken, latitude, longitude, title, artist to `properties`, as far as
/// they are there. Says nothing of pictures it cannot read.
void read_exif(ByteView bytes, std::map<std::string, analysis::PropertyValue>& properties);

}  // namespace disgrafs::analysers
