#include "wire/shard_client.hpp"

#include <utility>

#include "base/metrics.hpp"
#include "wire/frame_caller.hpp"
#include "wire/shard_messages.hpp"

namespace disgrafs::wire {
namespace {

constexpr std::size_t list_entry_bytes = 38;

/// Calls to one member: the edge of the service graph.
struct EdgeMetrics {
    struct Op {
        Counter& ok;
        Counter& error;
    };
    static Op op_of(std::string const& peer, char const* op) {
        auto const of = [&](char const* result) -> Counter& {
            return counter(
                "disgrafs_edge_requests_total",
                "Calls to another member, the edges of the service graph.",
                {{"peer", peer}, {"op", op}, {"result", result}}
            );
        };
        return {of("ok"), of("error")};
    }
    explicit EdgeMetrics(std::string const& peer)
        : put(op_of(peer, "write_shard")),
          get(op_of(peer, "read_shard")),
          remove(op_of(peer, "remove_shard")),
          list(op_of(peer, "list_shards")),
          seconds(histogram(
              "disgrafs_edge_request_duration_seconds",
              "Latency of calls to another member.",
              {{"peer", peer}}
          )) {}

    Op put;
    Op get;
    Op remove;
    Op list;
    Histogram& seconds;
};

class ShardClient final : public ShardService {
 public:
    ShardClient(ShardClientParts parts, Address node, ShardClientOptions options)
        : metrics_(options.peer),
          caller_(std::make_shared<FrameCaller>(parts, std::move(node), std::move(options))) {}
    ~ShardClient() override { caller_->close(); }

    Task<Receipt> put(Context context, PutShard request) override {
        return measured(metrics_.put, put_now(std::move(context), std::move(request)));
    }
    Task<ShardRange> get(Context context, GetShard request) override {
        return measured(metrics_.get, get_now(std::move(context), std::move(request)));
    }
    Task<void> remove(Context context, Ticket ticket, ShardId shard) override {
        RemoveShard request{std::move(ticket), shard};
        return measured(metrics_.remove, remove_now(std::move(context), std::move(request)));
    }
    Task<ShardList> list(Context context, ListShards request) override {
        return measured(metrics_.list, list_now(std::move(context), std::move(request)));
    }

 private:
    Task<Receipt> put_now(Context context, PutShard request) {
        auto frame = write_call(0, context, caller_->now(), std::move(request));
        CO_TRY(auto const got, co_await caller_->call(std::move(frame), context.deadline, 0));
        co_return parse_receipt(got);
    }

    Task<ShardRange> get_now(Context context, GetShard request) {
        auto const whole = request.size_bytes == 0;
        auto const size = whole ? erasure::shard_bytes_max : request.size_bytes;
        auto frame = write_call(0, context, caller_->now(), request);
        CO_TRY(auto got, co_await caller_->call(std::move(frame), context.deadline, size));
        co_return parse_range(std::move(got));
    }

    Task<void> remove_now(Context context, RemoveShard request) {
        auto frame = write_call(0, context, caller_->now(), request);
        CO_TRY(auto const got, co_await caller_->call(std::move(frame), context.deadline, 0));
        co_return parse_removed(got);
    }

    Task<ShardList> list_now(Context context, ListShards request) {
        auto const size = list_entry_bytes * request.limit;
        auto frame = write_call(0, context, caller_->now(), request);
        CO_TRY(auto const got, co_await caller_->call(std::move(frame), context.deadline, size));
        co_return parse_shard_list(got);
    }

    template <typename T>
    Task<T> measured(EdgeMetrics::Op& op, Task<T> work) {
        auto const start = caller_->clock().steady();
        auto result = co_await std::move(work);
        auto const took = caller_->clock().steady() - start;
        (result ? op.ok : op.error).Increment();
        metrics_.seconds.Observe(static_cast<double>(took.count()) * 1e-6);
        co_return result;
    }

    EdgeMetrics metrics_;
    std::shared_ptr<FrameCaller> caller_;
};

}  // namespace

std::unique_ptr<ShardService> make_shard_client(
    ShardClientParts parts, Address node, ShardClientOptions options
) {
    return std::make_unique<ShardClient>(parts, std::move(node), std::move(options));
}

}  // namespace disgrafs::wire
