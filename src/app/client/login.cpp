/// \file app/client/login.cpp  disgrafs login, logout.

#include <cstdio>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include "app/client/client.hpp"
#include "app/client/verbs.hpp"
#include "app/data_folder.hpp"
#include "app/trust.hpp"
#include "base/log.hpp"
#include "io/loop.hpp"

namespace disgrafs::app {

namespace json = boost::json;

namespace {

struct LoginOptions {
    std::string url;
    std::string user;
    std::string password_file;
    std::string fingerprint;
    bool as_json = false;
};

std::string trimmed(std::string text) {
    text.erase(text.find_last_not_of("\r\n") + 1);
    return text;
}

/// From the terminal, without an echo; from a pipe, its first line.
std::string ask_password() {
    auto const is_terminal = ::isatty(0) == 1;
    termios before{};
    if (is_terminal) {
        fmt::print(stderr, "password: ");
        ::tcgetattr(0, &before);
        auto silent = before;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        ::tcsetattr(0, TCSANOW, &silent);
    }
    std::string line;
    for (int c = std::getchar(); c != EOF && c != '\n'; c = std::getchar()) {
        line.push_back(static_cast<char>(c));
    }
    if (is_terminal) {
        ::tcsetattr(0, TCSANOW, &before);
        fmt::print(stderr, "\n");
    }
    return trimmed(line);
}

/// A certificate that nobody signed is believed by its fingerprint, which a person must compare.
std::unexpected<Error> with_advice(Error error) {
    if (error.message.starts_with("TLS: ")) {
        error.message +=
            " (if `disgrafs up` printed this fingerprint, sign in with --fingerprint and it)";
    }
    return std::unexpected(std::move(error));
}

Task<void> login(
    boost::asio::any_io_executor executor, LoginOptions options, std::string password
) {
    Credentials credentials{
        .url = options.url, .fingerprint = options.fingerprint, .token = {}, .user = options.user
    };
    CO_TRY(auto tls, trust_for(credentials.url, credentials.fingerprint));
    Client client(executor, credentials, std::move(tls));
    json::object body{{"user", options.user}, {"password", std::move(password)}};
    auto const answer = co_await client.send("POST", "/login", std::move(body));
    if (!answer) co_return with_advice(answer.error());
    auto const& got = *answer;
    if (!got.is_object()) co_return fail(Errc::corrupt, "the server's answer has no token");
    credentials.token = text_of(got.get_object(), "token");
    CO_TRY_OK(save_credentials(credentials));
    if (options.as_json) {
        json::object out{
            {"url", credentials.url},
            {"user", credentials.user},
            {"expires", text_of(got.get_object(), "expires")}
        };
        print_json(out);
    } else {
        fmt::print("signed in to {} as {}\n", credentials.url, credentials.user);
    }
    co_return Result<void>{};
}

int run_login(LoginOptions options) {
    start_log(LogLevel::error, "cli");
    auto url = tidy_url(options.url);
    if (!url) return finish(std::unexpected(url.error()));
    options.url = *std::move(url);
    std::string password;
    if (options.password_file.empty()) {
        password = ask_password();
    } else if (options.password_file != "-") {
        auto const text = read_small_file(options.password_file);
        if (!text) return finish(std::unexpected(text.error()));
        password = trimmed(*text);
    } else {
        password = ask_password();
    }
    return finish(run_loop([&](boost::asio::any_io_executor executor) {
        return login(executor, options, password);
    }));
}

Task<void> logout(Client& client) {
    CO_TRY(auto const got, co_await client.send("POST", "/logout", nullptr));
    (void)got;
    Credentials const nobody;
    co_return save_credentials(nobody);
}

}  // namespace

void add_login(CLI::App& app, Chosen& chosen) {
    auto* const verb = app.add_subcommand("login", "Sign in and remember it for later calls");
    auto const options = std::make_shared<LoginOptions>();
    verb->add_option("url", options->url, "Address of the server")->required();
    verb->add_option("--user", options->user, "Name of the user")->required();
    verb->add_option(
        "--password-file", options->password_file, "File with the password; - for standard input"
    );
    verb->add_option(
        "--fingerprint",
        options->fingerprint,
        "Of the https server's certificate (`disgrafs up` prints it), if no authority signed it"
    );
    verb->add_flag("--json", options->as_json, "Print JSON");
    verb->callback([&chosen, options] { chosen = [options] { return run_login(*options); }; });

    auto* const out = app.add_subcommand("logout", "End the session that login began");
    out->callback([&chosen] { chosen = [] { return run_client(logout); }; });
}

}  // namespace disgrafs::app
