#include "files/path.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace disgrafs::files {

namespace {

constexpr std::size_t extension_bytes_max = 16;

}  // namespace

Result<void> check_name(std::string_view name) {
    if (name.empty()) return fail(Errc::invalid, "a name is empty");
    if (name.size() > name_bytes_max) {
        return fail(Errc::invalid, "a name has {} bytes, at most {}", name.size(), name_bytes_max);
    }
    if (!is_utf8(name)) return fail(Errc::invalid, "a name is not UTF-8");
    if (name == "." || name == "..") return fail(Errc::invalid, "'{}' is no name", name);
    if (name.contains('\0')) return fail(Errc::invalid, "a name has a NUL byte");
    if (name.contains('/')) return fail(Errc::invalid, "a name has a '/'");
    return {};
}

Result<Path> parse_path(std::string_view text) {
    if (!text.starts_with('/')) return fail(Errc::invalid, "a path starts with '/'");
    if (text.size() > path_bytes_max) {
        return fail(Errc::invalid, "a path has {} bytes, at most {}", text.size(), path_bytes_max);
    }
    text.remove_prefix(1);
    if (text.size() > 1 && text.ends_with('/')) text.remove_suffix(1);
    Path path;
    while (!text.empty()) {
        auto const slash = std::min(text.find('/'), text.size());
        auto const name = text.substr(0, slash);
        TRY_OK(check_name(name));
        if (path.size() == path_names_max) {
            return fail(Errc::invalid, "a path has at most {} names", path_names_max);
        }
        path.emplace_back(name);
        if (slash == text.size()) break;
        text.remove_prefix(slash + 1);
        if (text.empty()) return fail(Errc::invalid, "a name is empty");
    }
    return path;
}

std::string to_text(Path const& path, std::size_t count) {
    if (count == 0) return "/";
    std::string text;
    for (std::size_t index = 0; index < count; ++index) text += "/" + path[index];
    return text;
}

std::string to_text(Path const& path) { return to_text(path, path.size()); }

std::string extension_of(std::string_view name) {
    auto const dot = name.rfind('.');
    if (dot == std::string_view::npos || dot == 0) return {};
    auto const extension = name.substr(dot + 1);
    if (extension.size() > extension_bytes_max) return {};
    return to_lower_ascii(extension);
}

}  // namespace disgrafs::files
