/// \file app/analyze.cpp  disgrafs-analyze: reads files for the cluster, one at a time, confined.
///
///     disgrafs-analyze [--data DIR]      DIR: jieba/ and chinese_terms.utf8;
///                                        without it ../share/disgrafs beside the program
///
/// Frames on standard input and output: docs/formats/analyse.md.

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "analysers/resources.hpp"
#include "analysers/serve.hpp"

namespace {

using namespace disgrafs;

constexpr std::string_view usage =
    "Usage: disgrafs-analyze [--data DIR]\n"
    "Answers analysis requests on standard input (docs/formats/analyse.md).\n";

std::string share_beside_program() {
    std::error_code error;
    auto const program = std::filesystem::read_symlink("/proc/self/exe", error);
    return (program.parent_path().parent_path() / "share/disgrafs").string();
}

/// An empty folder that is already gone: nothing can be made in it, nothing stays behind.
void enter_empty_folder() {
    char folder[] = "/tmp/disgrafs-analyze-XXXXXX";
    if (mkdtemp(folder) == nullptr) return;
    if (chdir(folder) == 0) rmdir(folder);
}

/// The process ends with its parent, dumps no core, and gains no rights.
void settle() {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    rlimit const none{.rlim_cur = 0, .rlim_max = 0};
    setrlimit(RLIMIT_CORE, &none);
    std::signal(SIGPIPE, SIG_IGN);
}

}  // namespace

int main(int argc, char** argv) {
    std::string_view const first = argc > 1 ? argv[1] : "";
    if (first == "--help") {
        fmt::print("{}", usage);
        return EXIT_SUCCESS;
    }
    if (argc != 1 && !(argc == 3 && first == "--data")) {
        fmt::print(stderr, "{}", usage);
        return 64;
    }
    settle();
    analysers::ResourceOptions options;
    options.share =
        argc == 3 ? std::filesystem::absolute(argv[2]).string() : share_beside_program();
    auto resources = analysers::Resources::load(std::move(options));
    if (!resources) {
        fmt::print(stderr, "disgrafs-analyze: {}\n", resources.error().message);
        return analysers::exit_cannot_start;
    }
    enter_empty_folder();
    return analysers::serve(STDIN_FILENO, STDOUT_FILENO, *resources);
}
