#include "cluster/content/stripe_reader.hpp"

#include <utility>

#include "cluster/metrics.hpp"

namespace disgrafs::cluster {

StripeReader::StripeReader(StripeReadParts parts, Alarm& hedge)
    : parts_(std::move(parts)), hedge_(hedge) {}

Task<Bytes> StripeReader::read(
    Context context,
    StripeId id,
    std::shared_ptr<StripeRow const> row,
    std::uint32_t begin,
    std::uint32_t size
) {
    std::vector<StripeRead::Want> wants;
    for (int index = 0; index < row->layout.k; ++index) {
        auto const rows = Columns::rows_needed(row->layout, index, begin, size);
        if (rows) wants.push_back({.index = index, .rows = *rows});
    }
    Columns columns(row, Columns::window_of(row->layout, begin, size));
    auto const reading =
        std::make_shared<StripeRead>(parts_, std::move(context), id, std::move(columns));
    hedge_.set(reading);
    auto const done = co_await reading->run(std::move(wants));
    (void)co_await reading->finish();
    if (!done) co_return std::unexpected(done.error());
    if (auto const bytes = reading->decoded_bytes(); bytes > 0) {
        cluster_metrics().degraded_reads.Increment();
        cluster_metrics().decoded_for_reads.Increment(static_cast<double>(bytes));
    }
    co_return reading->columns().content(begin, size);
}

Task<std::vector<Bytes>> StripeReader::rebuild(
    Context context, StripeId id, std::shared_ptr<StripeRow const> row, std::vector<int> wanted
) {
    auto const window = Columns::whole_window(*row);
    std::vector<StripeRead::Want> wants;
    for (auto const index : wanted) wants.push_back({.index = index, .rows = window});
    auto const reading =
        std::make_shared<StripeRead>(parts_, std::move(context), id, Columns(row, window));
    hedge_.set(reading);
    auto const done = co_await reading->run(std::move(wants));
    (void)co_await reading->finish();
    if (!done) co_return std::unexpected(done.error());
    cluster_metrics().decoded_for_repair.Increment(static_cast<double>(reading->decoded_bytes()));
    std::vector<Bytes> shards;
    for (auto const index : wanted) shards.push_back(reading->columns().take(index));
    co_return shards;
}

}  // namespace disgrafs::cluster
