#pragma once

/// \file gateway/openapi.hpp  src/gateway/openapi.yaml as it was when this program was built.

#include <string_view>

namespace disgrafs::gateway {

std::string_view openapi_text();

}  // namespace disgrafs::gateway
