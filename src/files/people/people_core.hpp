#pragma once

/// \file files/people/people_core.hpp  What the operations on people share, and those operations.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "files/people.hpp"
#include "files/people/login_limits.hpp"
#include "files/people/passwords.hpp"
#include "files/people/sessions.hpp"

namespace disgrafs::files {

struct PeopleCore {
    explicit PeopleCore(PeopleParts given);

    [[nodiscard]] graph::Image const& image() const { return parts.graph->image(); }
    /// An enabled administrator, or the cluster itself.
    [[nodiscard]] bool is_admin(NodeId user) const;
    /// Errors: denied.
    Result<void> check_admin(NodeId user) const;
    /// Errors: not_found.
    Result<NodeId> find_user(std::string_view name) const;
    [[nodiscard]] User describe(NodeId user) const;
    Task<void> commit(std::function<Task<void>(graph::Transaction&)> body) const;

    PeopleParts parts;
    Passwords passwords;
    Sessions sessions;
    LoginLimits limits;
    PasswordHash nobody;  ///< What a password is compared with when there is no such user.
};

/// Of users and groups: 1–64 bytes of UTF-8, fit for a folder, without ':' and control characters,
/// no space at either end. Errors: invalid.
Result<void> check_principal_name(std::string_view name);

/// The rows of a new user with its home folder.
struct NewUser {
    std::string name;
    PasswordHash hash;
    bool is_admin = false;
    bool is_first_password = false;
    std::uint64_t quota_bytes = 0;
};
NodeId create_user(
    graph::Transaction& change, NodeId home_folder, NewUser const& user, Timestamp now
);

Task<std::optional<std::string>> set_up(PeopleCore& core);

Task<Session> login(PeopleCore& core, std::string name, std::string password, std::string address);
Task<User> authenticate(PeopleCore& core, std::string token);
Task<void> logout(PeopleCore& core, std::string token);

Task<User> add_user(PeopleCore& core, NodeId by, NewUser user, std::string password);
Task<User> change_user(PeopleCore& core, NodeId by, std::string name, UserChange change);
Task<void> change_password(
    PeopleCore& core,
    NodeId user,
    std::string old_password,
    std::string new_password,
    std::string token
);
std::vector<User> list_users(PeopleCore const& core, NodeId by);

Task<void> add_group(PeopleCore& core, NodeId by, std::string name);
Task<void> set_member(
    PeopleCore& core, NodeId by, std::string group, std::string user, bool is_member
);
std::vector<People::Group> list_groups(PeopleCore const& core, NodeId by);

}  // namespace disgrafs::files
