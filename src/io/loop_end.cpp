#include "io/loop_end.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/query.hpp>

#include "io/wait_list.hpp"

namespace disgrafs {

namespace asio = boost::asio;

asio::execution_context::id LoopEnd::id;

LoopEnd& LoopEnd::of(asio::any_io_executor const& executor) {
    return asio::use_service<LoopEnd>(asio::query(executor, asio::execution::context));
}

void LoopEnd::Node::unlink() {
    before->after = after;
    after->before = before;
    before = this;
    after = this;
}

void LoopEnd::add(Node& node) {
    node.before = ring_.before;
    node.after = &ring_;
    ring_.before->after = &node;
    ring_.before = &node;
}

void LoopEnd::begin() {
    is_ending_ = true;
    while (ring_.after != &ring_) {
        auto& node = *ring_.after;
        node.unlink();
        node.owner->abandon();
    }
}

}  // namespace disgrafs
