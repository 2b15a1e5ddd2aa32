#pragma once

/// \file ceiling.hpp  What no codec can pass: reading the sources and writing the outs, and no
/// arithmetic.

#include "stripes.hpp"

namespace disgrafs::erasure::bench {

/// By ordinary stores.
void touch(Streams const& streams);
/// By stores that pass by the caches.
void touch_past_caches(Streams const& streams);

}  // namespace disgrafs::erasure::bench
