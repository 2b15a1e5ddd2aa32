#include "cluster/content/content_writer.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"
#include "base/log.hpp"

namespace disgrafs::cluster {
namespace {

constexpr std::size_t offload_bytes = 64U << 10U;

// A buffer and the memory it may use.
struct Buffer {
    Bytes bytes;
    Semaphore::Place place;
};

// What the writer shares with its task: the task may outlive the writer.
struct Shared {
    Shared(Uploads& of, UploadId upload, boost::asio::any_io_executor executor)
        : uploads(of), id(upload), changed(std::move(executor)) {}
    Shared(Shared const&) = delete;
    Shared& operator=(Shared const&) = delete;
    // The last of writer and task: an upload that was not finished is over now.
    ~Shared() {
        if (!is_finished) uploads.abandoned(id);
    }

    Uploads& uploads;
    UploadId id;
    std::unique_ptr<StripedUpload> striped;
    Sha256Stream sha256;
    int busy = 0;  ///< Tasks under way on a buffer: hashing, storing.
    std::optional<Error> error;
    bool is_finished = false;
    bool is_left = false;  ///< The writer is gone: nothing more needs to be done.
    Wake changed;
};

// One task on a buffer, to the end of its coroutine, whether it ever ran or not.
class Busy {
 public:
    explicit Busy(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {
        shared_->busy += 1;
    }
    Busy(Busy&&) noexcept = default;
    Busy& operator=(Busy&&) = delete;
    ~Busy() {
        if (shared_ == nullptr) return;
        shared_->busy -= 1;
        shared_->changed.notify();
    }
    [[nodiscard]] Shared& shared() const { return *shared_; }

 private:
    std::shared_ptr<Shared> shared_;
};

Task<void> store_buffer(Busy busy, std::shared_ptr<Buffer> buffer) {
    auto& shared = busy.shared();
    if (shared.is_left) co_return Result<void>();
    auto const stored = co_await shared.striped->add(buffer->bytes, buffer);
    if (!stored && !shared.error) shared.error = stored.error();
    co_return Result<void>();
}

Task<void> hash_buffer(Busy busy, std::shared_ptr<Buffer> buffer, Pool& cpu) {
    auto& shared = busy.shared();
    auto const work = [&] {
        shared.sha256.add(buffer->bytes);
        return Result<void>();
    };
    if (buffer->bytes.size() < offload_bytes) co_return work();
    co_return co_await offload(cpu, work);
}

class Writer final : public ContentWriter {
 public:
    Writer(WriterParts parts, Context context, ContentOptions options, UploadId id)
        : parts_(parts),
          context_(std::move(context)),
          options_(options),
          shared_(std::make_shared<Shared>(*parts.uploads, id, parts.tasks->executor())) {}
    ~Writer() override { shared_->is_left = true; }
    Writer(Writer const&) = delete;
    Writer& operator=(Writer const&) = delete;

    Task<void> write(Bytes piece) override {
        CO_TRY_OK(check());
        if (options_.size && piece.size() > *options_.size - received_) {
            co_return fail(
                Errc::invalid, "more than the {} bytes that were announced", *options_.size
            );
        }
        received_ += piece.size();
        ByteView rest(piece);
        while (!rest.empty()) {
            if (shared_->striped == nullptr && is_large()) {
                CO_TRY_OK(co_await begin_large());
            }
            if (shared_->striped != nullptr) {
                CO_TRY(rest, co_await fill_stripe(rest));
            } else {
                CO_TRY_OK(co_await gather(rest));
                rest = {};
            }
        }
        co_return Result<void>();
    }

    Task<StoredContent> finish() override {
        CO_TRY_OK(check());
        is_over_ = true;
        if (options_.size && received_ != *options_.size) {
            co_return fail(
                Errc::invalid, "{} bytes came and {} were announced", received_, *options_.size
            );
        }
        if (buffer_ == nullptr) buffer_ = std::make_shared<Buffer>();
        auto const size = size_class_of(received_);
        if (size == SizeClass::in_store) co_return finish_inline();
        if (shared_->striped == nullptr) CO_TRY_OK(begin_upload(size));
        CO_TRY_OK(co_await send_buffer());
        CO_TRY_OK(co_await idle());
        ContentRow row;
        row.size_bytes = received_;
        row.sha256 = shared_->sha256.finish();
        row.upload = shared_->id;
        row.wanted = shared_->striped->wanted();
        row.runs = shared_->striped->runs();
        co_return commit_of(row, shared_->striped->take_rows());
    }

 private:
    Result<void> check() const {
        if (is_over_) return fail(Errc::invalid, "the upload was finished already");
        if (shared_->error) return std::unexpected(*shared_->error);
        return {};
    }

    [[nodiscard]] bool is_large() const {
        return std::max(received_, options_.size.value_or(0)) > small_bytes_max;
    }

    Result<void> begin_upload(SizeClass size) {
        UploadPlan const plan{
            .upload = shared_->id, .size = size, .policy = options_.policy, .exactly = {}
        };
        TRY(shared_->striped, StripedUpload::begin(parts_.upload, context_, plan));
        return {};
    }

    // Up to 1 MiB: one buffer, whose memory grows by tiers.
    Task<void> gather(ByteView piece) {
        if (buffer_ == nullptr) {
            buffer_ = std::make_shared<Buffer>();
            CO_TRY(tiny_, co_await parts_.budgets->tiny.acquire(first_cost()));
        }
        bool const grows = buffer_->bytes.size() + piece.size() > copies_bytes_max;
        if (grows && !has_small_) {
            has_small_ = true;
            CO_TRY(
                buffer_->place, co_await parts_.budgets->small.acquire(WriteBudgets::small_cost)
            );
        }
        buffer_->bytes.insert(buffer_->bytes.end(), piece.begin(), piece.end());
        co_return Result<void>();
    }

    [[nodiscard]] std::size_t first_cost() const {
        if (!options_.size) return WriteBudgets::tiny_cost;
        return std::min<std::size_t>(WriteBudgets::tiny_cost, 4 * *options_.size);
    }

    // What was gathered becomes the beginning of the first stripe.
    Task<void> begin_large() {
        CO_TRY_OK(begin_upload(SizeClass::large));
        auto const gathered = std::exchange(buffer_, nullptr);
        if (gathered == nullptr) co_return Result<void>();
        ByteView rest(gathered->bytes);
        while (!rest.empty()) {
            CO_TRY(rest, co_await fill_stripe(rest));
        }
        tiny_ = {};
        co_return Result<void>();
    }

    // Takes from `piece` what the stripe under way still needs; a full one is sent. The rest.
    Task<ByteView> fill_stripe(ByteView piece) {
        auto const& striped = *shared_->striped;
        if (buffer_ == nullptr) {
            auto const left = options_.size ? *options_.size - sent_ : striped.stripe_bytes();
            buffer_bytes_ = std::min<std::uint64_t>(striped.stripe_bytes(), left);
            auto const cost = stripe_cost(striped.layout(), buffer_bytes_);
            buffer_ = std::make_shared<Buffer>();
            auto& budgets = *parts_.budgets;
            auto const units = std::min(cost, budgets.large_bytes);
            CO_TRY(buffer_->place, co_await budgets.large.acquire(units));
            buffer_->bytes.reserve(buffer_bytes_);
        }
        auto const room = buffer_bytes_ - buffer_->bytes.size();
        auto const taken = piece.first(std::min<std::size_t>(room, piece.size()));
        buffer_->bytes.insert(buffer_->bytes.end(), taken.begin(), taken.end());
        if (buffer_->bytes.size() == buffer_bytes_) CO_TRY_OK(co_await send_buffer());
        co_return piece.subspan(taken.size());
    }

    // The one before it must have ended: stripes, and the hash, are made in order.
    Task<void> send_buffer() {
        if (buffer_ == nullptr || buffer_->bytes.empty()) co_return Result<void>();
        CO_TRY_OK(co_await idle());
        auto const buffer = std::exchange(buffer_, nullptr);
        sent_ += buffer->bytes.size();
        auto& tasks = *parts_.tasks;
        tasks.spawn("store stripe", store_buffer(Busy(shared_), buffer));
        tasks.spawn("hash stripe", hash_buffer(Busy(shared_), buffer, *parts_.upload.cpu));
        co_return Result<void>();
    }

    Task<void> idle() {
        while (shared_->busy > 0) CO_TRY_OK(co_await shared_->changed.wait());
        if (shared_->error) co_return std::unexpected(*shared_->error);
        if (parts_.tasks->is_stopping()) co_return fail(Errc::cancelled, "the server is stopping");
        co_return Result<void>();
    }

    Result<StoredContent> finish_inline() {
        shared_->sha256.add(buffer_->bytes);
        ContentRow row;
        row.size_bytes = received_;
        row.sha256 = shared_->sha256.finish();
        row.is_inline = true;
        row.inline_bytes = std::move(buffer_->bytes);
        return commit_of(row, {});
    }

    Result<StoredContent> commit_of(ContentRow const& row, std::vector<kv::Write> rows) {
        auto const id = shared_->id;
        rows.push_back({.key = content_key(id), .value = write_row(row)});
        if (!row.is_inline && !row.is_as_wanted()) {
            RepairRow const narrow{
                .reason = RepairRow::Reason::narrow, .since = parts_.upload.clock->now()
            };
            rows.push_back({.key = content_repair_key(id), .value = write_row(narrow)});
        }
        StoredContent stored;
        stored.id = id;
        stored.size_bytes = row.size_bytes;
        stored.sha256 = row.sha256;
        stored.rows = std::move(rows);
        stored.preconditions = parts_.uploads->to_commit(id);
        stored.preconditions.push_back({.key = content_key(id), .revision = 0});
        shared_->is_finished = true;
        parts_.uploads->finished(id);
        return stored;
    }

    WriterParts parts_;
    Context context_;
    ContentOptions options_;
    std::shared_ptr<Shared> shared_;
    std::shared_ptr<Buffer> buffer_;  ///< Being filled.
    Semaphore::Place tiny_;
    bool has_small_ = false;
    std::size_t buffer_bytes_ = 0;  ///< With so many it is full.
    std::uint64_t received_ = 0;
    std::uint64_t sent_ = 0;
    bool is_over_ = false;
};

}  // namespace

WriteBudgets::WriteBudgets(boost::asio::any_io_executor executor, std::uint64_t bytes)
    : large_bytes(std::max<std::size_t>(bytes * 7 / 16, 1)),
      tiny(executor, std::max<std::size_t>(bytes / 16, tiny_cost)),
      small(executor, std::max<std::size_t>(bytes / 8, small_cost)),
      large(executor, large_bytes) {}

Task<std::unique_ptr<ContentWriter>> make_content_writer(
    WriterParts parts, Context context, ContentOptions options
) {
    // A content that nothing can take is refused before its first byte.
    if (options.size && *options.size > inline_bytes_max) {
        auto const size = size_class_of(*options.size);
        auto const count = parts.upload.members->count();
        if (options.policy) CO_TRY_OK(check_policy(*options.policy, count.registered));
        CO_TRY_OK(layout_now(size, count, options.policy));
    }
    CO_TRY(auto const id, co_await parts.uploads->begin());
    std::unique_ptr<ContentWriter> writer =
        std::make_unique<Writer>(parts, std::move(context), options, id);
    co_return writer;
}

}  // namespace disgrafs::cluster
