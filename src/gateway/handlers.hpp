#pragma once

/// \file gateway/handlers.hpp  Handlers that are long enough for a file of their own.

#include "gateway/services.hpp"

namespace disgrafs::gateway {

Task<void> put_file(Services& services, wire::HttpExchange& exchange, files::User const& user);
Task<void> get_file(Services& services, wire::HttpExchange& exchange, files::User const& user);

}  // namespace disgrafs::gateway
