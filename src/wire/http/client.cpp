#include "wire/http/client.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "io/deadline.hpp"
#include "wire/http/websocket.hpp"
#include "wire/tls.hpp"

namespace disgrafs::wire {
namespace {

constexpr std::size_t idle_links_max = 16;  // per address
constexpr Duration idle_age_max = std::chrono::seconds(30);
constexpr Duration fresh_age_max = std::chrono::seconds(2);
constexpr Duration websocket_open_timeout = std::chrono::seconds(10);

/// Doing it twice is as doing it once (RFC 9110 §9.2.2).
bool is_idempotent(std::string_view method) {
    constexpr std::array<std::string_view, 5> methods{"GET", "HEAD", "PUT", "DELETE", "OPTIONS"};
    return std::ranges::find(methods, method) != methods.end();
}

class Client final : public HttpClient {
 public:
    Client(Network& network, Clock& clock, std::shared_ptr<TlsContext const> tls)
        : network_(network), clock_(clock), tls_(std::move(tls)), pool_(clock) {}

    /// A kept connection may have been closed by the server meanwhile: then, once more on a new
    /// one, if that does no harm. What is not idempotent goes only where that is unlikely.
    Task<HttpAnswer> call(HttpCall call) override {
        CO_TRY(auto const url, parse_url(call.url));
        bool const can_repeat = is_idempotent(call.method) && !call.body_source;
        auto link = pool_.take(url, can_repeat ? idle_age_max : fresh_age_max);
        bool const is_kept = link != nullptr;
        if (!is_kept) {
            CO_TRY(link, co_await connect(url, call.timeout));
        }
        auto attempt = HttpExchangeOfClient(*link, clock_, call, url);
        auto answer = co_await attempt.run();
        if (!answer && is_kept && can_repeat && attempt.is_unanswered() &&
            answer.error().code == Errc::unavailable) {
            CO_TRY(link, co_await connect(url, call.timeout));
            auto again = HttpExchangeOfClient(*link, clock_, call, url);
            answer = co_await again.run();
            if (again.keeps_alive()) pool_.keep(url, std::move(link));
            co_return answer;
        }
        if (attempt.keeps_alive()) pool_.keep(url, std::move(link));
        co_return answer;
    }

    Task<std::unique_ptr<WebSocket>> connect_websocket(std::string url_text, Headers headers)
        override {
        CO_TRY(auto const url, parse_url(url_text));
        auto opening = open(url, std::move(headers));
        co_return co_await within(clock_, websocket_open_timeout, std::move(opening));
    }

 private:
    Task<std::unique_ptr<HttpLink>> connect(HttpUrl const& url, Duration timeout) {
        CO_TRY(auto stream, co_await connect_stream(url, timeout));
        co_return std::make_unique<HttpLink>(std::move(stream));
    }

    Task<std::unique_ptr<Stream>> connect_stream(HttpUrl const& url, Duration timeout) {
        if (url.is_secure && !tls_) co_return fail(Errc::invalid, "https is not set up here");
        CO_TRY(auto stream, co_await network_.connect(url.address, timeout));
        if (!url.is_secure) co_return std::move(stream);
        auto opening = make_tls_stream(std::move(stream), tls_, url.address.host);
        co_return co_await within(clock_, timeout, std::move(opening));
    }

    Task<std::unique_ptr<WebSocket>> open(HttpUrl const& url, Headers headers) {
        CO_TRY(auto stream, co_await connect_stream(url, websocket_open_timeout));
        auto const executor = stream->get_executor();
        auto watch = std::make_shared<StreamWatch>(executor, clock_, websocket_open_timeout);
        auto watched =
            std::make_shared<WatchedStream>(std::move(stream), std::move(watch), Bytes());
        CO_TRY(
            auto socket,
            co_await open_websocket(
                std::move(watched), clock_, url.host, url.target, std::move(headers), options_
            )
        );
        co_return owner_of(std::move(socket));
    }

    Network& network_;
    Clock& clock_;
    std::shared_ptr<TlsContext const> tls_;
    HttpLinkPool pool_;
    WebSocketOptions options_;
};

}  // namespace

Result<HttpUrl> parse_url(std::string_view text) {
    struct Scheme {
        std::string_view prefix;
        bool is_secure;
    };
    constexpr std::array schemes{
        Scheme{"http://", false},
        Scheme{"https://", true},
        Scheme{"ws://", false},
        Scheme{"wss://", true}
    };
    auto const starts = [&](Scheme const& scheme) {
        return equal_ignoring_case(text.substr(0, scheme.prefix.size()), scheme.prefix);
    };
    auto const* const scheme = std::ranges::find_if(schemes, starts);
    if (scheme == schemes.end()) {
        return fail(Errc::invalid, "\"{}\" is no URL: http://host:port/path", text);
    }
    auto const rest = text.substr(scheme->prefix.size());
    auto const path_at = std::min(rest.find_first_of("/?#"), rest.size());
    HttpUrl url;
    url.is_secure = scheme->is_secure;
    url.host = rest.substr(0, path_at);
    auto const target = rest.substr(path_at, rest.find('#') - path_at);
    url.target = target.starts_with('/') ? std::string(target) : "/" + std::string(target);
    if (url.host.find('@') != std::string::npos) {
        return fail(Errc::invalid, "\"{}\": no user and password in a URL", text);
    }
    auto const is_odd = [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7f'; };
    if (std::ranges::any_of(url.target, is_odd)) {
        return fail(Errc::invalid, "\"{}\": spaces must be percent-encoded in a URL", text);
    }
    bool const has_port = url.host.rfind(':') != std::string::npos && !url.host.ends_with(']');
    auto const port = url.is_secure ? ":443" : ":80";
    TRY(url.address, parse_address(has_port ? url.host : url.host + port));
    return url;
}

std::unique_ptr<HttpLink> HttpLinkPool::take(HttpUrl const& url, Duration age_max) {
    auto& links = idle_[{url.address, url.is_secure}];
    auto const now = clock_.steady();
    std::erase_if(links, [&](auto const& link) { return now - link->idle_since > idle_age_max; });
    if (links.empty() || now - links.back()->idle_since > age_max) return nullptr;
    auto link = std::move(links.back());
    links.pop_back();
    return link;
}

void HttpLinkPool::keep(HttpUrl const& url, std::unique_ptr<HttpLink> link) {
    link->idle_since = clock_.steady();
    link->is_used = true;
    auto& links = idle_[{url.address, url.is_secure}];
    links.push_back(std::move(link));
    if (links.size() > idle_links_max) links.pop_front();
}

std::unique_ptr<HttpClient> make_http_client(
    Network& network, Clock& clock, std::shared_ptr<TlsContext const> tls
) {
    return std::make_unique<Client>(network, clock, std::move(tls));
}

}  // namespace disgrafs::wire
