#include "cluster/content/manifests.hpp"

#include <utility>

namespace disgrafs::cluster {

Task<Manifests::Content> Manifests::content(ContentId id) {
    if (auto known = contents_.find(id)) co_return known;
    CO_TRY(auto const entry, co_await store_.get(content_key(id)));
    if (!entry) co_return fail(Errc::not_found, "no content {:x}.{}", id.block, id.index);
    CO_TRY(auto row, parse_content_row(entry->value));
    auto const shared = std::make_shared<ContentRow const>(std::move(row));
    contents_.put(id, shared);
    co_return shared;
}

Task<Manifests::Stripe> Manifests::stripe(StripeId id) {
    if (auto known = stripes_.find(id)) co_return known;
    CO_TRY(auto const entry, co_await store_.get(stripe_key(id)));
    if (!entry) {
        co_return fail(
            Errc::not_found, "no stripe {} of {:x}.{}", id.stripe, id.upload.block, id.upload.index
        );
    }
    CO_TRY(auto row, parse_stripe_row(entry->value));
    auto const shared = std::make_shared<StripeRow const>(std::move(row));
    stripes_.put(id, shared);
    co_return shared;
}

}  // namespace disgrafs::cluster
