#include "files/people/passwords.hpp"

#include <utility>

#include <sodium.h>

#include "base/text.hpp"

namespace disgrafs::files {

namespace {

constexpr std::size_t at_once_max = 4;
constexpr std::size_t waiting_max = 64;

unsigned char* raw(std::span<std::byte> bytes) {
    return reinterpret_cast<unsigned char*>(bytes.data());
}

Result<PasswordHash> derive_now(std::string& password, PasswordHash form) {
    auto const failed = crypto_pwhash(
        raw(form.hash),
        form.hash.size(),
        password.data(),
        password.size(),
        raw(form.salt),
        form.passes,
        form.memory_bytes,
        crypto_pwhash_ALG_ARGON2ID13
    );
    sodium_memzero(password.data(), password.size());
    if (failed != 0) return fail(Errc::io, "no memory to check a password");
    return form;
}

}  // namespace

Result<void> check_password(std::string_view password) {
    if (password.size() < password_bytes_min) {
        return fail(Errc::invalid, "a password has at least {} characters", password_bytes_min);
    }
    if (password.size() > password_bytes_max) {
        return fail(Errc::invalid, "a password has at most {} bytes", password_bytes_max);
    }
    if (!is_utf8(password)) return fail(Errc::invalid, "a password is UTF-8");
    return {};
}

Passwords::Passwords(Pool& cpu, Random& random, boost::asio::any_io_executor executor)
    : cpu_(cpu), random_(random), at_once_(std::move(executor), at_once_max) {}

Task<PasswordHash> Passwords::hash(std::string password) {
    auto const form = new_form();
    return derive(std::move(password), form);
}

PasswordHash Passwords::unknown() {
    auto form = new_form();
    random_.fill(form.hash);
    return form;
}

Task<bool> Passwords::is_right(std::string password, PasswordHash hash) {
    CO_TRY(auto const got, co_await derive(std::move(password), hash));
    co_return sodium_memcmp(got.hash.data(), hash.hash.data(), hash.hash.size()) == 0;
}

PasswordHash Passwords::new_form() {
    PasswordHash form;
    form.passes = crypto_pwhash_OPSLIMIT_INTERACTIVE;
    form.memory_bytes = crypto_pwhash_MEMLIMIT_INTERACTIVE;
    random_.fill(form.salt);
    return form;
}

Task<PasswordHash> Passwords::derive(std::string password, PasswordHash form) {
    if (at_once_.waiting() >= waiting_max) {
        co_return fail(Errc::exhausted, "too many sign in at once: try again in a few seconds");
    }
    CO_TRY(auto const place, co_await at_once_.acquire());
    auto const work = [&] { return derive_now(password, form); };
    co_return co_await offload(cpu_, work);
}

}  // namespace disgrafs::files
