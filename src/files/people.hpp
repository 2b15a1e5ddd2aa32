#pragma once

/// \file files/people.hpp  Users, groups, sessions: who is asking.
///
/// Users and groups are nodes of the graph (:User {name, role, quota_bytes, disabled}, :Group
/// {name}); password hashes (Argon2id, libsodium) and sessions are rows of the store (key space L),
/// never in the graph. Session tokens are 256 random bits; the store keeps only their SHA-256.
///
/// Concurrency: one event loop; Argon2 runs on the cpu pool, at most four at once.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/context.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"
#include "graph/graph.hpp"
#include "io/clock.hpp"
#include "io/pool.hpp"
#include "io/random.hpp"
#include "io/task.hpp"

namespace disgrafs::files {

struct User {
    NodeId id;
    std::string name;
    bool is_admin = false;
    bool is_disabled = false;
    std::uint64_t quota_bytes = 0;  ///< 0: without limit.
    std::uint64_t used_bytes = 0;   ///< All versions of all files that it owns, trash included.
    std::string home;               ///< Path: /home/NAME.
    std::vector<std::string> groups;
};

struct Session {
    std::string token;
    Timestamp expires;
    NodeId user;
};

struct UserChange {
    std::optional<bool> is_admin;
    std::optional<bool> is_disabled;
    std::optional<std::uint64_t> quota_bytes;
    std::optional<std::string> password;
};

struct PeopleParts {
    graph::Graph* graph = nullptr;
    Clock* clock = nullptr;
    Random* random = nullptr;
    Pool* cpu = nullptr;
    boost::asio::any_io_executor executor;
    /// Files::used_bytes, which knows.
    std::function<std::uint64_t(NodeId user)> used_bytes;
    /// Called when the administrator's first password has been changed: its file can go.
    std::function<void()> on_first_password_changed;
};

class People {
 public:
    virtual ~People() = default;

    /// First start: makes the drive's root, /home, and the administrator `admin` with a random
    /// password, which it returns; nullopt when they exist.
    virtual Task<std::optional<std::string>> set_up() = 0;

    /// Errors: denied (wrong name or password: same answer, same time, for both; or disabled),
    /// exhausted (too many attempts for this name or address: says how long to wait).
    virtual Task<Session> login(std::string name, std::string password, std::string address) = 0;
    /// The user of a token; slides its expiry (30 days) at most once an hour. Errors: denied.
    virtual Task<User> authenticate(std::string token) = 0;
    virtual Task<void> logout(std::string token) = 0;

    /// All of these check the rights of context.user: administrators; others only themselves where
    /// it makes sense. Errors: denied, conflict (name taken), invalid (name, password too short),
    /// not_found.
    virtual Task<User> add_user(
        Context context,
        std::string name,
        std::string password,
        bool is_admin,
        std::uint64_t quota_bytes
    ) = 0;
    virtual Task<User> change_user(Context context, std::string name, UserChange change) = 0;
    /// Ends all sessions of the user but that of `token`.
    virtual Task<void> change_password(
        Context context, std::string old_password, std::string new_password, std::string token
    ) = 0;
    virtual Task<std::vector<User>> users(Context context) = 0;
    virtual Task<void> add_group(Context context, std::string name) = 0;
    virtual Task<void> set_member(
        Context context, std::string group, std::string user, bool is_member
    ) = 0;
    struct Group {
        std::string name;
        std::vector<std::string> members;
    };
    virtual Task<std::vector<Group>> groups(Context context) = 0;

    /// True once nobody has changed the first password (`DIR/admin-password` is kept till then).
    [[nodiscard]] virtual bool has_first_password() const = 0;
};

std::unique_ptr<People> make_people(PeopleParts parts);

}  // namespace disgrafs::files
