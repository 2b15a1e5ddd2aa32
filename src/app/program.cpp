#include "app/program.hpp"

#include <array>
#include <climits>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

#include <unistd.h>

namespace disgrafs::app {

namespace fs = std::filesystem;

namespace {

/// What the kernel adds when another file took the program's place: an upgrade under way.
constexpr std::string_view replaced_mark = " (deleted)";

}  // namespace

std::string program_path() {
    std::error_code error;
    auto path = fs::read_symlink("/proc/self/exe", error).string();
    if (path.ends_with(replaced_mark)) path.resize(path.size() - replaced_mark.size());
    return path;
}

std::string host_name() {
    std::array<char, HOST_NAME_MAX + 1> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

std::string analyze_path() {
    return (fs::path(program_path()).parent_path() / "disgrafs-analyze").string();
}

Result<std::string> shared_folder(std::string const& name) {
    auto const prefix = fs::path(program_path()).parent_path().parent_path();
    auto const installed = prefix / "share" / "disgrafs" / name;
    auto const built = prefix / "share" / name;
    std::error_code error;
    for (auto const& path : {installed, built}) {
        if (fs::is_directory(path, error)) return path.string();
    }
    return fail(Errc::not_found, "neither {} nor {} is there", installed.string(), built.string());
}

}  // namespace disgrafs::app
