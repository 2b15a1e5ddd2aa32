#include "io/loop.hpp"

#include <csignal>
#include <exception>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include "base/assert.hpp"
#include "io/exception.hpp"
#include "io/loop_end.hpp"
#include "io/pool.hpp"
#include "io/wait_list.hpp"

namespace disgrafs {

struct Signals::State {
    explicit State(boost::asio::any_io_executor executor) : set(std::move(executor)) {}
    boost::asio::signal_set set;
};

Signals::Signals(boost::asio::any_io_executor executor, std::initializer_list<int> numbers)
    : state_(std::make_unique<State>(std::move(executor))) {
    for (auto const number : numbers) {
        boost::system::error_code error;
        state_->set.add(number, error);
        DISGRAFS_ASSERT(!error, "signal {}: {}", number, error.message());
    }
}

Signals::~Signals() = default;

Task<int> Signals::next() {
    CO_TRY_OK(co_await refuse_if_cancelled("waiting for a signal"));
    auto const [error, number] = co_await state_->set.async_wait(answer);
    if (error) co_return fail(Errc::cancelled, "waiting for a signal: {}", error.message());
    co_return number;
}

Result<void> run_loop(std::function<Task<void>(boost::asio::any_io_executor)> program) {
    boost::asio::io_context context(1);
    std::optional<Result<void>> result;
    auto const done = [&](std::exception_ptr const& thrown, Result<void> got) {
        if (thrown) got = std::unexpected(error_of(thrown));
        result = std::move(got);
        context.stop();
    };
    boost::asio::co_spawn(context, told_of_cancellation(program(context.get_executor())), done);
    context.run();
    HandBack::wait_for_none();
    LoopEnd::of(context.get_executor()).begin();
    if (!result) return fail(Errc::cancelled, "the loop ended before its program");
    return *std::move(result);
}

}  // namespace disgrafs
