#include "sim/guests.hpp"

#include <utility>

#include <fmt/format.h>

namespace disgrafs::sim {

namespace {

constexpr std::uint64_t quota_bytes = 100'000;

Bytes some_bytes(std::size_t size) { return Bytes(size, std::byte{7}); }

/// `answer` must be a refusal of this kind.
template <typename T>
Result<void> check_refused(std::string_view what, Result<T> const& answer, Errc code) {
    if (answer) return fail(Errc::corrupt, "{} was allowed", what);
    if (answer.error().code == code) return {};
    return fail(Errc::corrupt, "{} got: {}", what, answer.error().message);
}

Result<void> check(std::string_view what, bool is_so) {
    if (is_so) return {};
    return fail(Errc::corrupt, "{} is not so", what);
}

class Visit {
 public:
    explicit Visit(Hall& hall) : hall_(hall) {}

    Task<void> run() {
        CO_TRY_OK(co_await make_accounts());
        CO_TRY_OK(co_await sign_in());
        CO_TRY_OK(co_await fill_quota());
        CO_TRY_OK(co_await share());
        CO_TRY_OK(co_await hall_.crash_index());
        CO_TRY_OK(co_await see_the_same());
        CO_TRY_OK(co_await take_back());
        co_return co_await leave();
    }

 private:
    files::Files& files() { return hall_.index().files(); }
    files::People& people() { return hall_.index().people(); }
    [[nodiscard]] Context admin() { return hall_.index().admin(); }
    [[nodiscard]] Context guest() const {
        Context context;
        context.user = session_.user;
        return context;
    }

    Task<void> put(Context context, std::string path, std::size_t size) {
        files::PutOptions options;
        options.size = size;
        CO_TRY(auto const upload, co_await files().begin_put(context, path, options));
        auto const bytes = some_bytes(size);
        CO_TRY_OK(co_await upload->write(bytes));
        auto const done = co_await upload->finish();
        if (!done) co_return std::unexpected(done.error());
        co_return Result<void>{};
    }

    Task<void> make_accounts() {
        CO_TRY_OK(co_await people().add_user(admin(), "ann", "first password", false, quota_bytes));
        auto const twice = co_await people().add_user(admin(), "ann", "first password", false, 0);
        CO_TRY_OK(check_refused("a second ann", twice, Errc::conflict));
        CO_TRY_OK(co_await people().add_group(admin(), "team"));
        co_return co_await people().set_member(admin(), "team", "ann", true);
    }

    Task<void> sign_in() {
        auto const wrong = co_await people().login("ann", "not this one", "10.0.0.9");
        CO_TRY_OK(check_refused("a wrong password", wrong, Errc::denied));
        CO_TRY(session_, co_await people().login("ann", "first password", "10.0.0.9"));
        auto const mutiny = co_await people().add_group(guest(), "mutiny");
        co_return check_refused("a group by a guest", mutiny, Errc::denied);
    }

    Task<void> fill_quota() {
        CO_TRY_OK(co_await put(guest(), "/home/ann/one", 60'000));
        auto const more = co_await put(guest(), "/home/ann/two", 60'000);
        CO_TRY_OK(check_refused("more than the quota", more, Errc::exhausted));
        CO_TRY_OK(co_await files().remove(guest(), "/home/ann/one"));
        auto const kept = co_await put(guest(), "/home/ann/two", 60'000);
        CO_TRY_OK(check_refused("more than the quota with trash", kept, Errc::exhausted));
        CO_TRY(auto const trash, co_await files().trash(guest()));
        CO_TRY_OK(check("ann's trash holds one file", trash.size() == 1));
        CO_TRY_OK(co_await files().purge(guest(), trash.front().entry.id));
        co_return co_await put(guest(), "/home/ann/two", 60'000);
    }

    Task<void> share() {
        CO_TRY_OK(co_await put(admin(), "/shared/plan", 3'000));
        auto const hidden = co_await files().find(guest(), "/shared/plan");
        CO_TRY_OK(check_refused("a file of others", hidden, Errc::not_found));
        files::Grant grant;
        grant.path = "/shared";
        grant.principal = "group:team";
        grant.may.read = true;
        co_return co_await files().grant(admin(), grant);
    }

    Task<void> see_the_same() {
        CO_TRY(auto const user, co_await people().authenticate(session_.token));
        CO_TRY_OK(check("the session is ann's", user.name == "ann"));
        CO_TRY_OK(check("ann uses 60,000 bytes", user.used_bytes == 60'000));
        CO_TRY(auto const plan, co_await files().find(guest(), "/shared/plan"));
        CO_TRY(auto const bytes, co_await files().read(guest(), plan.content, 0, 3'000));
        CO_TRY_OK(check("the plan is readable", bytes == some_bytes(3'000)));
        auto const written = co_await put(guest(), "/shared/other", 10);
        CO_TRY_OK(check_refused("to write with a right to read", written, Errc::denied));
        CO_TRY(auto const grants, co_await files().grants(admin(), "/shared"));
        CO_TRY_OK(check("one grant stands", grants.size() == 1));
        CO_TRY(auto const groups, co_await people().groups(admin()));
        co_return check("the team has ann", groups.size() == 1 && groups[0].members.size() == 1);
    }

    Task<void> take_back() {
        CO_TRY_OK(co_await files().revoke(admin(), "/shared", "group:team"));
        auto const hidden = co_await files().find(guest(), "/shared/plan");
        CO_TRY_OK(check_refused("what was taken back", hidden, Errc::not_found));
        CO_TRY_OK(co_await people().set_member(admin(), "team", "ann", false));
        co_return co_await files().remove(admin(), "/shared");
    }

    Task<void> leave() {
        auto const old = std::string("first password");
        auto const next = std::string("second password");
        CO_TRY_OK(co_await people().change_password(guest(), old, next, session_.token));
        CO_TRY(auto const second, co_await people().login("ann", next, "10.0.0.9"));
        CO_TRY_OK(co_await people().logout(second.token));
        auto const out = co_await people().authenticate(second.token);
        CO_TRY_OK(check_refused("a token after signing out", out, Errc::denied));
        files::UserChange change;
        change.is_disabled = true;
        change.quota_bytes = 0;
        CO_TRY_OK(co_await people().change_user(admin(), "ann", change));
        auto const disabled = co_await people().authenticate(session_.token);
        CO_TRY_OK(check_refused("a disabled user", disabled, Errc::denied));
        CO_TRY(auto const users, co_await people().users(admin()));
        co_return check("there are two users", users.size() == 2);
    }

    Hall& hall_;
    files::Session session_;
};

}  // namespace

Task<void> visit(Hall& hall) {
    Visit story(hall);
    co_return co_await story.run();
}

}  // namespace disgrafs::sim
