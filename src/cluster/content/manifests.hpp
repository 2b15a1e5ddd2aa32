#pragma once

/// \file cluster/content/manifests.hpp  Rows of contents and stripes, the recent ones from memory.
///
/// What is remembered may be behind the store by a moment: who fails with it asks again, fresh.

#include <memory>

#include "cluster/content/recent.hpp"
#include "cluster/keys.hpp"
#include "cluster/rows.hpp"
#include "kv/store.hpp"

namespace disgrafs::cluster {

class Manifests {
 public:
    explicit Manifests(kv::Store& store) : store_(store) {}

    using Content = std::shared_ptr<ContentRow const>;
    using Stripe = std::shared_ptr<StripeRow const>;

    /// Errors: not_found, corrupt (the row), io.
    Task<Content> content(ContentId id);
    Task<Stripe> stripe(StripeId id);

    void forget(ContentId id) { contents_.forget(id); }
    void forget(StripeId id) { stripes_.forget(id); }

 private:
    static constexpr std::size_t contents_max = 8192;  ///< Up to 16 MiB of inline contents.
    static constexpr std::size_t stripes_max = 8192;   ///< Some 13 MiB of full 4+2 stripes.

    kv::Store& store_;
    Recent<ContentId, ContentRow> contents_{contents_max};
    Recent<StripeId, StripeRow> stripes_{stripes_max};
};

}  // namespace disgrafs::cluster
