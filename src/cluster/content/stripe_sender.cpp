#include "cluster/content/stripe_sender.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"
#include "cluster/layouts.hpp"

namespace disgrafs::cluster {

struct StripeSender::Sending : Late {
    Sending(boost::asio::any_io_executor executor, Context of, StripeToSend what)
        : Late(std::move(executor)),
          context(std::move(of)),
          stripe(std::move(what)),
          on(static_cast<std::size_t>(row().total())) {}

    StripeRow& row() { return stripe.coded.row; }
    [[nodiscard]] int needed() const {
        auto const layout = stripe.coded.row.layout;
        return stripe.must_be_whole ? layout.total() : receipts_needed(layout);
    }

    Context context;
    StripeToSend stripe;
    std::vector<MemberId> spares;  ///< Best last.
    std::vector<MemberId> on;      ///< Where each shard is being put now; 0: it is not.
    int stored = 0;
    int pending = 0;
    bool is_answered = false;
    std::optional<Error> first_error;
};

// Counts one put under way, to the end of its coroutine, whether it ever ran or not.
struct StripeSender::Pending {
    Pending(std::shared_ptr<Sending> of, int shard) : sending(std::move(of)), index(shard) {
        sending->pending += 1;
    }
    Pending(Pending&& other) noexcept = default;
    Pending& operator=(Pending&&) = delete;
    ~Pending() {
        if (sending == nullptr) return;
        sending->pending -= 1;
        sending->on[static_cast<std::size_t>(index)] = {};
        sending->wake.notify();
    }

    std::shared_ptr<Sending> sending;
    int index;
};

StripeSender::StripeSender(
    NodeCalls& calls, Alarm& alarm, Pool& cpu, boost::asio::any_io_executor executor
)
    : calls_(calls), alarm_(alarm), cpu_(cpu), puts_(std::move(executor)) {
    listening_ = calls_.members().listen([this](Member const& member) {
        if (member.state == MemberState::up) return;
        for (auto* const sending : running_) sending->wake.notify();
    });
}

Task<StripeRow> StripeSender::send(Context context, StripeToSend stripe) {
    auto const sending =
        std::make_shared<Sending>(puts_.executor(), std::move(context), std::move(stripe));
    auto const id = sending->stripe.id;
    auto nodes = ranked(id.upload, id.stripe, calls_.members().candidates());
    auto const total = static_cast<std::size_t>(sending->row().total());
    if (nodes.size() < total) {
        co_return fail(Errc::unavailable, "{} storage nodes for {} shards", nodes.size(), total);
    }
    sending->spares.assign(nodes.rbegin(), nodes.rend() - static_cast<std::ptrdiff_t>(total));
    for (std::size_t index = 0; index < total; ++index) {
        auto const shard = static_cast<int>(index);
        sending->on[index] = nodes[index];
        puts_.spawn("put shard", put(sending, shard, nodes[index], Pending(sending, shard)));
    }
    alarm_.set(sending);
    running_.insert(sending.get());
    Result<void> waited;
    while (waited && !is_decided(*sending)) waited = co_await sending->wake.wait();
    running_.erase(sending.get());
    sending->is_answered = true;
    sending->stripe.memory.reset();  // No more second attempts.
    for (auto const node : sending->on) {
        if (node.value != 0) calls_.members().doubt(node);
    }
    if (!waited) co_return std::unexpected(waited.error());
    if (sending->stored >= sending->needed()) co_return sending->row();
    bool const is_full = sending->first_error && sending->first_error->code == Errc::exhausted;
    co_return fail(
        is_full ? Errc::exhausted : Errc::unavailable,
        "{} of {} shards were stored, {} are needed: {}",
        sending->stored,
        total,
        sending->needed(),
        sending->first_error ? sending->first_error->message : "the nodes went away"
    );
}

Task<void> StripeSender::put(
    std::shared_ptr<Sending> sending, int index, MemberId node, Pending pending
) {
    auto const at = static_cast<std::size_t>(index);
    auto const& row = sending->row();
    auto const blocks = row.blocks_of(index);
    ShardId const shard{
        .upload = sending->stripe.id.upload,
        .stripe = sending->stripe.id.stripe,
        .index = static_cast<std::uint8_t>(index),
    };
    wire::ShardPlace const place{
        .id = shard, .layout = row.layout, .content_bytes = row.content_bytes
    };
    auto payload = std::move(sending->stripe.coded.shards[at]);
    bool was_denied = false;
    for (;;) {
        std::vector<std::uint32_t> checksums(blocks.begin(), blocks.end());
        sending->on[at] = node;
        auto const receipt = co_await calls_.put(
            sending->context, node, place, std::move(checksums), std::move(payload)
        );
        if (sending->is_answered) co_return Result<void>();
        if (receipt) {
            sending->row().nodes[at] = node;
            sending->stored += 1;
            co_return Result<void>();
        }
        auto const code = receipt.error().code;
        if (code == Errc::cancelled) co_return std::unexpected(receipt.error());
        if (!sending->first_error) sending->first_error = receipt.error();
        // A ticket may be refused because the map changed on its way: once more, with a new one.
        bool const again = code == Errc::denied && !was_denied;
        was_denied = code == Errc::denied;
        if (!again) {
            auto const spare = take_spare(*sending);
            if (!spare) co_return Result<void>();
            node = *spare;
        }
        auto const memory = sending->stripe.memory;
        auto const work = [&] {
            return Result<Bytes>(code_shard(row.layout, sending->stripe.content, index));
        };
        CO_TRY(payload, co_await offload(cpu_, work));
    }
}

// Nothing under way; or all that is under way hangs on nodes that are not up; or enough, and late.
bool StripeSender::is_decided(Sending const& sending) const {
    if (sending.pending == 0) return true;
    bool const is_enough = sending.stored >= sending.needed();
    if (is_enough && sending.is_late) return true;
    auto const is_hopeful = [this](MemberId node) {
        return node.value != 0 && calls_.members().is_up(node);
    };
    return std::ranges::none_of(sending.on, is_hopeful);
}

std::optional<MemberId> StripeSender::take_spare(Sending& sending) const {
    while (!sending.spares.empty()) {
        auto const node = sending.spares.back();
        sending.spares.pop_back();
        if (calls_.members().is_up(node)) return node;
    }
    return std::nullopt;
}

}  // namespace disgrafs::cluster
