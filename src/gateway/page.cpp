/// \file gateway/page.cpp  The built page, the API's description, metrics: files that the server
/// ships.

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "gateway/answers.hpp"
#include "gateway/openapi.hpp"
#include "wire/member_pages.hpp"

namespace disgrafs::gateway {

namespace fs = std::filesystem;

namespace {

struct TypeOfEnding {
    std::string_view ending;
    std::string_view media_type;
};
constexpr std::array page_types{
    TypeOfEnding{".html", "text/html; charset=utf-8"},
    TypeOfEnding{".js", "text/javascript; charset=utf-8"},
    TypeOfEnding{".css", "text/css; charset=utf-8"},
    TypeOfEnding{".json", "application/json"},
    TypeOfEnding{".svg", "image/svg+xml"},
    TypeOfEnding{".png", "image/png"},
    TypeOfEnding{".ico", "image/x-icon"},
    TypeOfEnding{".wasm", "application/wasm"},
    TypeOfEnding{".woff2", "font/woff2"},
    TypeOfEnding{".webmanifest", "application/manifest+json"}
};

std::string_view type_of(std::string_view name) {
    for (auto const& [ending, media_type] : page_types) {
        if (name.ends_with(ending)) return media_type;
    }
    return "application/octet-stream";
}

/// What the page may load (docs/web.md): only its own files, and bytes that it made itself (blob:).
/// No inline script or style; nobody may frame it.
constexpr std::string_view page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "media-src 'self'; connect-src 'self'; font-src 'self'; frame-src 'self' blob:; "
    "object-src 'self' blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// What a worker may load: scripts are asked for it when they run as one. Compiling WebAssembly is
/// what 'wasm-unsafe-eval' allows, of bytes that connect-src lets through.
constexpr std::string_view worker_policy =
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";

wire::HttpAnswer file_answer(std::string content, std::string_view name) {
    wire::HttpAnswer out{.status = 200, .headers = {}, .body = std::move(content)};
    out.headers["Content-Type"] = type_of(name);
    out.headers["X-Content-Type-Options"] = "nosniff";
    out.headers["Referrer-Policy"] = "no-referrer";
    // Vite puts a hash into the names below assets/: those never change.
    auto const is_hashed = name.starts_with("assets/");
    out.headers["Cache-Control"] = is_hashed ? "public, max-age=31536000, immutable" : "no-cache";
    if (name.ends_with(".html")) out.headers["Content-Security-Policy"] = page_policy;
    if (name.ends_with(".js")) out.headers["Content-Security-Policy"] = worker_policy;
    return out;
}

Result<std::string> read_page_file(std::string const& folder, std::string const& name) {
    // A name comes from a URL: only plain relative paths below the folder.
    fs::path const relative(name);
    if (relative.is_absolute() || std::ranges::find(relative, "..") != relative.end()) {
        return fail(Errc::not_found, "no such page");
    }
    std::error_code error;
    auto const path = fs::path(folder) / relative;
    if (!fs::is_regular_file(path, error)) return fail(Errc::not_found, "no such page");
    std::ifstream file(path, std::ios::binary);
    if (!file) return fail(Errc::io, "cannot read {}", path.string());
    return std::string(std::istreambuf_iterator<char>(file), {});
}

/// A file of the page; any other path without an ending is a view of it and gets index.html.
Task<void> page(Services& services, wire::HttpExchange& exchange) {
    auto const& captures = exchange.request().captures;
    std::string name = captures.empty() ? "" : captures.front();
    if (services.web_folder.empty()) {
        co_return fail(Errc::not_found, "the page was not built: run ./dev build, or use the API");
    }
    if (name.starts_with("api/") || name.starts_with("cluster/")) {
        co_return fail(Errc::not_found, "there is no {} /{}", exchange.request().method, name);
    }
    auto const is_view = name.find('.') == std::string::npos;
    if (name.empty() || is_view) name = "index.html";
    CO_TRY(auto content, read_page_file(services.web_folder, name));
    auto out = file_answer(std::move(content), name);
    co_return co_await exchange.send(std::move(out));
}

Task<void> openapi(Services& /*services*/, wire::HttpExchange& exchange) {
    wire::HttpAnswer out{.status = 200, .headers = {}, .body = std::string(openapi_text())};
    out.headers["Content-Type"] = "application/yaml";
    co_return co_await exchange.send(std::move(out));
}

Task<void> metrics(Services& /*services*/, wire::HttpExchange& exchange) {
    return wire::answer_metrics(exchange);
}

}  // namespace

void add_page_routes(RouteTable& table) {
    table.open("GET", "/metrics", "metrics", metrics);
    table.open("GET", "/api/v1/openapi.yaml", "openapi", openapi);
    table.open("GET", "/", "page", page);
    table.open("GET", "/{path*}", "page", page);
    table.open("HEAD", "/", "page", page);
    table.open("HEAD", "/{path*}", "page", page);
}

}  // namespace disgrafs::gateway
