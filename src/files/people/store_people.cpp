#include <utility>

#include <sodium.h>

#include "base/assert.hpp"
#include "files/people/people_core.hpp"

namespace disgrafs::files {

namespace {

template <typename T>
Task<T> ready(T value) {
    co_return value;
}

class StorePeople final : public People {
 public:
    explicit StorePeople(PeopleParts parts) : core_(std::move(parts)) {}

    Task<std::optional<std::string>> set_up() override { return files::set_up(core_); }

    Task<Session> login(std::string name, std::string password, std::string address) override {
        return files::login(core_, std::move(name), std::move(password), std::move(address));
    }
    Task<User> authenticate(std::string token) override {
        return files::authenticate(core_, std::move(token));
    }
    Task<void> logout(std::string token) override { return files::logout(core_, std::move(token)); }

    Task<User> add_user(
        Context context,
        std::string name,
        std::string password,
        bool is_admin,
        std::uint64_t quota_bytes
    ) override {
        NewUser user{
            .name = std::move(name),
            .hash = {},
            .is_admin = is_admin,
            .is_first_password = false,
            .quota_bytes = quota_bytes
        };
        return files::add_user(core_, context.user, std::move(user), std::move(password));
    }
    Task<User> change_user(Context context, std::string name, UserChange change) override {
        return files::change_user(core_, context.user, std::move(name), std::move(change));
    }
    Task<void> change_password(
        Context context, std::string old_password, std::string new_password, std::string token
    ) override {
        return files::change_password(
            core_, context.user, std::move(old_password), std::move(new_password), std::move(token)
        );
    }
    Task<std::vector<User>> users(Context context) override {
        return ready(list_users(core_, context.user));
    }
    Task<void> add_group(Context context, std::string name) override {
        return files::add_group(core_, context.user, std::move(name));
    }
    Task<void> set_member(Context context, std::string group, std::string user, bool is_member)
        override {
        return files::set_member(core_, context.user, std::move(group), std::move(user), is_member);
    }
    Task<std::vector<Group>> groups(Context context) override {
        return ready(list_groups(core_, context.user));
    }

    [[nodiscard]] bool has_first_password() const override {
        auto const admin = core_.image().named(graph::label::user, "admin");
        auto const* row = admin ? core_.sessions.password(*admin) : nullptr;
        return row != nullptr && row->is_first;
    }

 private:
    PeopleCore core_;
};

}  // namespace

std::unique_ptr<People> make_people(PeopleParts parts) {
    DISGRAFS_ASSERT(::sodium_init() >= 0, "libsodium does not start");
    DISGRAFS_ASSERT(parts.graph != nullptr && parts.clock != nullptr, "people without a graph");
    DISGRAFS_ASSERT(parts.cpu != nullptr && parts.random != nullptr, "people without a pool");
    DISGRAFS_ASSERT(parts.used_bytes != nullptr, "people: used_bytes is Files::used_bytes");
    return std::make_unique<StorePeople>(std::move(parts));
}

}  // namespace disgrafs::files
