#pragma once

/// \file base/context.hpp  What travels with a request through every call that leaves the process.

#include <cstdint>
#include <string>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace disgrafs {

/// By value, cheap to copy. `user` 0 is the cluster itself (repair, analysis, clean-up).
struct Context {
    std::string request_id;   ///< In every answer, log line and error: 16 hex digits.
    std::string traceparent;  ///< W3C trace context, or empty.
    NodeId user;              ///< The User node on whose behalf; 0 = the cluster itself.
    Timestamp deadline;       ///< Give up after this; 0 = no deadline.
};

}  // namespace disgrafs
