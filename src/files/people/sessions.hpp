#pragma once

/// \file files/people/sessions.hpp  Passwords' rows and sessions, in RAM as the store has them.
///
/// Read once by load(), then kept up by the events of the store, so that a request is
/// authenticated without a read.

#include <map>
#include <memory>
#include <set>
#include <unordered_map>
#include <vector>

#include "files/people/people_rows.hpp"
#include "graph/graph.hpp"
#include "io/task.hpp"

namespace disgrafs::files {

class Sessions {
 public:
    struct Held {
        SessionRow row;
        kv::Revision revision = 0;
    };

    explicit Sessions(graph::Graph& graph) : graph_(graph) {}

    Task<void> load();

    [[nodiscard]] PasswordRow const* password(NodeId user) const;
    [[nodiscard]] Held const* find(TokenHash const& token) const;
    /// The sessions of a user, the oldest first.
    [[nodiscard]] std::vector<TokenHash> of(NodeId user) const;
    /// Up to `limit` that count no more at `now`.
    [[nodiscard]] std::vector<TokenHash> dead(Timestamp now, std::size_t limit) const;
    /// Not expired, and of the user's present password.
    [[nodiscard]] bool is_valid(SessionRow const& row, Timestamp now) const;

 private:
    Task<void> load_passwords();
    Task<void> load_sessions();
    void follow(kv::Event const& event);
    Result<void> read_password(kv::Write const& write);
    Result<void> read_session(kv::Write const& write, kv::Revision revision);
    void put_session(TokenHash const& token, Held held);
    void drop_session(TokenHash const& token);

    graph::Graph& graph_;
    std::unordered_map<NodeId, PasswordRow> passwords_;
    std::map<TokenHash, Held> sessions_;
    std::unordered_map<NodeId, std::set<std::pair<Timestamp, TokenHash>>> by_user_;
    std::shared_ptr<void> listening_;
};

}  // namespace disgrafs::files
