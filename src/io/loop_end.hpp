#pragma once

/// \file io/loop_end.hpp  What becomes of coroutines that still wait when their loop dies. Inside
/// io/ only.
///
/// A coroutine may own the very thing it waits for (a Wake, a Listener), so that nothing outside
/// frees either. When a loop ends, after an error or at the limit of a simulation, begin() destroys
/// all waiters; their frames die with what they own, and nobody is told.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution_context.hpp>

namespace disgrafs {

class WaitList;

class LoopEnd final : public boost::asio::execution_context::service {
 public:
    /// In a ring of all; a node that stands alone points to itself.
    struct Node {
        Node() = default;
        explicit Node(WaitList* list) : owner(list) {}
        Node(Node const&) = delete;
        Node& operator=(Node const&) = delete;
        ~Node() { unlink(); }
        void unlink();

        WaitList* owner = nullptr;
        Node* before = this;
        Node* after = this;
    };

    static boost::asio::execution_context::id id;  // NOLINT: the name is Asio's

    explicit LoopEnd(boost::asio::execution_context& context) : service(context) {}
    static LoopEnd& of(boost::asio::any_io_executor const& executor);

    void add(Node& node);
    void begin();
    [[nodiscard]] bool is_ending() const { return is_ending_; }

 private:
    void shutdown() override { begin(); }

    Node ring_;
    bool is_ending_ = false;
};

}  // namespace disgrafs
