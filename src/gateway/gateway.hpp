#pragma once

/// \file gateway/gateway.hpp  The doors of the index server: page, API, live events, member routes.
///
/// Likeness: the reception of the house. It knows every visitor, every room and no secret.

#include <memory>

#include "gateway/services.hpp"
#include "io/network.hpp"
#include "io/task.hpp"
#include "wire/http.hpp"

namespace disgrafs::gateway {

class Gateway {
 public:
    /// `services` holds references to what the caller built; the caller keeps those alive.
    explicit Gateway(Services services);
    ~Gateway();
    Gateway(Gateway const&) = delete;
    Gateway& operator=(Gateway const&) = delete;

    [[nodiscard]] wire::HttpRoutes const& routes() const;

    /// Serve what `listener` accepts until stop().
    Task<void> run(Listener& listener);
    /// Refuse new requests; running ones have `grace` to end.
    Task<void> stop(Duration grace);

 private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace disgrafs::gateway
