#include "cluster/content/uploads.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"
#include "base/log.hpp"

namespace disgrafs::cluster {
namespace {

constexpr std::uint32_t block_size = 1U << 16U;
constexpr unsigned random_bits = 24;
constexpr std::size_t page_size = 1000;

}  // namespace

Uploads::Uploads(
    kv::Store& store, Clock& clock, Random& random, boost::asio::any_io_executor executor
)
    : store_(store), clock_(clock), random_(random), reservations_(executor), reserved_(executor) {}

Task<void> Uploads::open() {
    auto range = kv::Range::prefix(block_prefix());
    for (bool more = true; more;) {
        CO_TRY(auto const page, co_await store_.scan(range, page_size));
        for (auto const& entry : page.entries) {
            CO_TRY(auto const number, parse_block_key(entry.key));
            CO_TRY(auto const row, parse_block_row(entry.value));
            last_block_ = std::max(last_block_, number);
            if (!row.is_closed) CO_TRY_OK(co_await close_block(number, entry.revision));
        }
        more = page.more;
        if (more) range.first = page.entries.back().key + '\0';
    }
    co_return co_await reserve();
}

Task<UploadId> Uploads::begin() {
    while (usable_.empty()) {
        reserve_ahead();
        CO_TRY_OK(co_await reserved_.wait());
        if (usable_.empty() && reserve_error_) co_return std::unexpected(*reserve_error_);
    }
    auto& block = blocks_.at(usable_.front());
    UploadId const id{.block = block.number, .index = block.next};
    block.next += 1;
    block.open += 1;
    if (block.next == block_size) usable_.pop_front();
    bool const is_low = usable_.empty() || block_size - block.next < block_size / 2;
    if (is_low && usable_.size() < 2) reserve_ahead();
    open_[id] = {};
    co_return id;
}

Task<UploadId> Uploads::begin_reencode(ContentId content) {
    CO_TRY(auto const id, co_await begin());
    UploadRow const row{
        .state = UploadRow::State::reencode, .when = clock_.now(), .content = content
    };
    kv::Batch batch;
    batch.require(upload_key(id), 0).put(upload_key(id), write_row(row));
    auto const revision = co_await store_.commit(std::move(batch));
    if (!revision) {
        abandoned(id);
        co_return std::unexpected(revision.error());
    }
    open_[id].reencode_row = *revision;
    co_return id;
}

std::vector<kv::Precondition> Uploads::to_commit(UploadId upload) const {
    auto const block = blocks_.find(upload.block);
    auto const found = open_.find(upload);
    DISGRAFS_ASSERT(
        block != blocks_.end() && found != open_.end(), "upload {} is not open", upload.index
    );
    return {
        {.key = block_key(upload.block), .revision = block->second.revision},
        {.key = upload_key(upload), .revision = found->second.reencode_row},
    };
}

void Uploads::finished(UploadId upload) {
    auto const found = open_.find(upload);
    if (found == open_.end()) return;
    found->second.state = Open::State::finished;
    found->second.since = clock_.steady();
}

void Uploads::abandoned(UploadId upload) {
    auto const found = open_.find(upload);
    if (found != open_.end()) found->second.state = Open::State::abandoned;
}

void Uploads::committed(UploadId upload) { ended(upload); }

Task<std::vector<UploadId>> Uploads::abort_ended(Duration after) {
    std::vector<UploadId> due;
    for (auto const& [id, open] : open_) {
        using State = Open::State;
        bool const is_old = clock_.steady() - open.since >= after;
        bool const is_due =
            open.state == State::abandoned || (open.state == State::finished && is_old);
        if (is_due) due.push_back(id);
    }
    std::vector<UploadId> aborted;
    for (auto const id : due) {
        CO_TRY(auto const is_garbage, co_await abort(id));
        if (is_garbage) aborted.push_back(id);
    }
    co_return aborted;
}

Task<bool> Uploads::abort(UploadId upload) {
    CO_TRY(auto const marked, co_await store_.get(upload_key(upload)));
    kv::Batch batch;
    ContentId content = upload;
    if (marked) {
        CO_TRY(auto const row, parse_upload_row(marked->value));
        if (row.state != UploadRow::State::reencode) {
            ended(upload);
            co_return true;
        }
        content = row.content;
    }
    CO_TRY(auto const entry, co_await store_.get(content_key(content)));
    if (entry) {
        CO_TRY(auto const row, parse_content_row(entry->value));
        if (row.upload == upload || !marked) {
            ended(upload);
            co_return false;
        }
    }
    batch.require(content_key(content), entry ? entry->revision : 0);
    batch.require(upload_key(upload), marked ? marked->revision : 0);
    UploadRow const row{.state = UploadRow::State::aborted, .when = clock_.now(), .content = {}};
    batch.put(upload_key(upload), write_row(row));
    auto const done = co_await store_.commit(std::move(batch));
    if (!done && done.error().code == Errc::conflict) co_return false;  // Asked again next time.
    if (!done) co_return std::unexpected(done.error());
    ended(upload);
    co_return true;
}

// One snapshot: between two reads a content could be released.
Task<Fate> Uploads::fate_of(UploadId upload) {
    using Kind = Fate::Kind;
    if (is_open(upload)) co_return Fate{.kind = Kind::open, .since = {}, .content = {}};
    auto const snapshot = store_.snapshot();
    CO_TRY(auto const marked, co_await snapshot->get(upload_key(upload)));
    ContentId content = upload;
    if (marked) {
        CO_TRY(auto const row, parse_upload_row(marked->value));
        if (row.state != UploadRow::State::reencode) {
            co_return Fate{.kind = Kind::garbage, .since = row.when, .content = {}};
        }
        content = row.content;
    }
    CO_TRY(auto const entry, co_await snapshot->get(content_key(content)));
    if (entry) {
        CO_TRY(auto const row, parse_content_row(entry->value));
        // An inline content has no shards, but its id was given out all the same.
        bool const is_it = row.is_inline ? content == upload : row.upload == upload;
        if (is_it) co_return Fate{.kind = Kind::content, .since = {}, .content = content};
    }
    // A re-encode that did not end yet is nobody's garbage before it is marked as aborted.
    if (marked) co_return Fate{.kind = Kind::open, .since = {}, .content = {}};
    // Its content lies elsewhere now, and the mark that said so was collected already.
    if (entry) co_return Fate{.kind = Kind::garbage, .since = {}, .content = {}};
    CO_TRY(auto const block, co_await snapshot->get(block_key(upload.block)));
    if (!block) co_return Fate{.kind = Kind::unknown, .since = {}, .content = {}};
    CO_TRY(auto const row, parse_block_row(block->value));
    auto const kind = row.is_closed ? Kind::garbage : Kind::open;
    co_return Fate{.kind = kind, .since = row.when, .content = {}};
}

Task<void> Uploads::close_block(std::uint64_t number, kv::Revision revision) {
    BlockRow const row{.is_closed = true, .when = clock_.now(), .size = block_size};
    kv::Batch batch;
    batch.require(block_key(number), revision).put(block_key(number), write_row(row));
    CO_TRY_OK(co_await store_.commit(std::move(batch)));
    co_return Result<void>();
}

// Numbers ascend; random low bits keep apart what two lives of a restored store would reserve.
Task<void> Uploads::reserve() {
    auto const count = (last_block_ >> random_bits) + 1;
    auto const number = (count << random_bits) | random_.below(1ULL << random_bits);
    BlockRow const row{.is_closed = false, .when = clock_.now(), .size = block_size};
    kv::Batch batch;
    batch.require(block_key(number), 0).put(block_key(number), write_row(row));
    auto const revision = co_await store_.commit(std::move(batch));
    is_reserving_ = false;
    if (revision) {
        last_block_ = number;
        blocks_[number] = {.number = number, .revision = *revision, .next = 0, .open = 0};
        usable_.push_back(number);
    }
    reserve_error_ = revision ? std::nullopt : std::optional(revision.error());
    reserved_.notify();
    if (!revision) co_return std::unexpected(revision.error());
    co_return Result<void>();
}

void Uploads::reserve_ahead() {
    if (is_reserving_) return;
    is_reserving_ = true;
    reservations_.spawn("reserve upload ids", reserve());
}

void Uploads::ended(UploadId upload) {
    if (open_.erase(upload) == 0) return;
    auto const found = blocks_.find(upload.block);
    if (found == blocks_.end()) return;
    auto& block = found->second;
    block.open -= 1;
    if (block.open > 0 || block.next < block_size) return;
    reservations_.spawn("close upload ids", close_block(block.number, block.revision));
    blocks_.erase(found);
}

}  // namespace disgrafs::cluster
