#include "cluster/content/stored_contents.hpp"

#include <algorithm>
#include <utility>

namespace disgrafs::cluster {
namespace {

constexpr std::size_t read_bytes_max = 8U << 20U;
constexpr std::size_t places_max = 64;

}  // namespace

StoredContents::StoredContents(ContentsParts parts, ClusterOptions const& options)
    : parts_(std::move(parts)),
      late_(*parts_.clock, parts_.executor, options.late_shard),
      hedge_(*parts_.clock, parts_.executor, options.hedge_after),
      sender_(*parts_.calls, late_, *parts_.cpu, parts_.executor),
      reader_(parts_.read, hedge_),
      manifests_(*parts_.store),
      write_budgets_(parts_.executor, options.buffer_bytes_max),
      read_bytes_(std::max<std::size_t>(options.buffer_bytes_max * 3 / 16, 1)),
      reads_(parts_.executor, read_bytes_),
      stripes_(parts_.executor) {}

Task<std::unique_ptr<ContentWriter>> StoredContents::begin(
    Context context, ContentOptions options
) {
    WriterParts const parts{
        .upload = upload_parts(),
        .uploads = parts_.uploads,
        .budgets = &write_budgets_,
        .tasks = &stripes_,
    };
    return make_content_writer(parts, std::move(context), options);
}

Task<Bytes> StoredContents::read(
    Context context, ContentId id, std::uint64_t offset, std::size_t size
) {
    if (size > read_bytes_max) {
        co_return fail(Errc::invalid, "a read of {} bytes; at most {}", size, read_bytes_max);
    }
    auto bytes = co_await read_once(context, id, offset, size);
    if (bytes || bytes.error().code == Errc::cancelled) co_return bytes;
    // What we remembered may be old: the content was re-encoded, a shard was moved.
    auto const forgotten = co_await forget(id, offset, size);
    if (!forgotten) co_return bytes;
    co_return co_await read_once(std::move(context), id, offset, size);
}

Task<std::vector<kv::Write>> StoredContents::release(ContentId id) {
    manifests_.forget(id);
    CO_TRY(auto const row, co_await manifests_.content(id));
    std::vector<kv::Write> rows;
    rows.push_back({.key = content_key(id), .value = std::nullopt});
    if (row->is_inline) co_return rows;
    UploadRow const released{
        .state = UploadRow::State::released, .when = parts_.clock->now(), .content = id
    };
    rows.push_back({.key = upload_key(row->upload), .value = write_row(released)});
    rows.push_back({.key = content_repair_key(id), .value = std::nullopt});
    co_return rows;
}

Task<ContentPlaces> StoredContents::places(ContentId id) {
    CO_TRY(auto const row, co_await manifests_.content(id));
    ContentPlaces places;
    places.size_bytes = row->size_bytes;
    places.is_inline = row->is_inline;
    if (row->is_inline) co_return places;
    places.layout = row->runs.front().layout;
    places.stripe_count = row->stripe_count();
    std::uint64_t offset = 0;
    while (offset < row->size_bytes && places.stripes.size() < places_max) {
        auto const spot = row->spot_of(offset);
        StripeId const stripe{.upload = row->upload, .stripe = spot.stripe};
        CO_TRY(auto one, co_await places_of(stripe));
        places.stripes.push_back(std::move(one));
        offset = spot.begin + spot.content_bytes;
    }
    co_return places;
}

Task<void> StoredContents::stop() {
    CO_TRY_OK(co_await stripes_.stop());
    co_return co_await sender_.stop();
}

UploadParts StoredContents::upload_parts() {
    return {
        .store = parts_.store,
        .clock = parts_.clock,
        .cpu = parts_.cpu,
        .members = parts_.members,
        .sender = &sender_,
    };
}

Task<Bytes> StoredContents::read_once(
    Context context, ContentId id, std::uint64_t offset, std::size_t size
) {
    CO_TRY(auto const row, co_await manifests_.content(id));
    if (offset >= row->size_bytes) co_return Bytes();
    size = std::min<std::uint64_t>(size, row->size_bytes - offset);
    if (size == 0) co_return Bytes();
    if (row->is_inline) {
        auto const begin = row->inline_bytes.begin() + static_cast<std::ptrdiff_t>(offset);
        co_return Bytes(begin, begin + static_cast<std::ptrdiff_t>(size));
    }
    CO_TRY(auto const place, co_await reads_.acquire(std::min(2 * size, read_bytes_)));
    co_return co_await read_stripes(std::move(context), *row, offset, size);
}

Task<Bytes> StoredContents::read_stripes(
    Context context, ContentRow const& row, std::uint64_t offset, std::size_t size
) {
    Bytes content;
    auto const end = offset + size;
    while (offset < end) {
        auto const spot = row.spot_of(offset);
        StripeId const id{.upload = row.upload, .stripe = spot.stripe};
        CO_TRY(auto const stripe, co_await manifests_.stripe(id));
        if (stripe->content_bytes != spot.content_bytes) {
            co_return fail(Errc::corrupt, "stripe {} does not fit its content", id.stripe);
        }
        auto const begin = static_cast<std::uint32_t>(offset - spot.begin);
        auto const length = static_cast<std::uint32_t>(
            std::min<std::uint64_t>(spot.content_bytes - begin, end - offset)
        );
        CO_TRY(auto part, co_await reader_.read(context, id, stripe, begin, length));
        offset += length;
        if (content.empty()) {
            content = std::move(part);
        } else {
            content.insert(content.end(), part.begin(), part.end());
        }
    }
    co_return content;
}

Task<void> StoredContents::forget(ContentId id, std::uint64_t offset, std::size_t size) {
    CO_TRY(auto const row, co_await manifests_.content(id));
    manifests_.forget(id);
    if (row->is_inline) co_return Result<void>();
    auto const end = std::min<std::uint64_t>(offset + size, row->size_bytes);
    while (offset < end) {
        auto const spot = row->spot_of(offset);
        manifests_.forget(StripeId{.upload = row->upload, .stripe = spot.stripe});
        offset = spot.begin + spot.content_bytes;
    }
    co_return Result<void>();
}

Task<StripePlaces> StoredContents::places_of(StripeId id) {
    CO_TRY(auto const row, co_await manifests_.stripe(id));
    StripePlaces places{
        .layout = row->layout, .content_bytes = row->content_bytes, .shards = {}, .margin = 0
    };
    int readable = 0;
    for (int index = 0; index < row->total(); ++index) {
        auto const node = row->nodes[static_cast<std::size_t>(index)];
        StripePlaces::Shard shard;
        shard.node = node;
        shard.size_bytes = row->shard_size(index);
        auto const* const member = parts_.members->registry().find(node);
        if (member != nullptr) shard.node_name = member->name;
        shard.is_up = node.value != 0 && parts_.members->is_up(node);
        readable += shard.is_up ? 1 : 0;
        places.shards.push_back(std::move(shard));
    }
    places.margin = readable - row->layout.k;
    co_return places;
}

}  // namespace disgrafs::cluster
