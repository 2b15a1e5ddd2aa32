#include "io/clock.hpp"

#include <algorithm>
#include <chrono>
#include <memory>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include "base/time.hpp"
#include "io/task.hpp"
#include "io/wait_list.hpp"

namespace disgrafs {
namespace {

/// Asio's timers count nanoseconds; a longer sleep than a century is the same as that.
constexpr Duration sleep_max = std::chrono::hours(24 * 36'500);

class RealClock final : public Clock {
 public:
    [[nodiscard]] Timestamp now() const override {
        auto const since = std::chrono::system_clock::now().time_since_epoch();
        return {std::chrono::duration_cast<Duration>(since).count()};
    }

    [[nodiscard]] Duration steady() const override {
        auto const since = std::chrono::steady_clock::now().time_since_epoch();
        return std::chrono::duration_cast<Duration>(since);
    }

    Task<void> sleep(Duration duration) override {
        CO_TRY_OK(co_await refuse_if_cancelled("sleep"));
        auto const executor = co_await boost::asio::this_coro::executor;
        boost::asio::steady_timer timer(executor, std::clamp(duration, Duration(0), sleep_max));
        auto const got = co_await timer.async_wait(answer);
        co_return answered(got, "sleep");
    }
};

}  // namespace

std::unique_ptr<Clock> make_real_clock() { return std::make_unique<RealClock>(); }

}  // namespace disgrafs
