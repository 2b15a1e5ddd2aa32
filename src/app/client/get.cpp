/// \file app/client/get.cpp  disgrafs get: a file out of the drive.

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "app/client/client.hpp"
#include "app/client/progress.hpp"
#include "app/client/verbs.hpp"

namespace disgrafs::app {

namespace fs = std::filesystem;

namespace {

struct GetOptions {
    std::string path;
    std::string target;  ///< Empty: the file's name, here. "-": standard output.
    bool as_json = false;
};

/// Writes into FILE.part and renames at the end, so that a broken download leaves no false file.
class FileSink {
 public:
    static Result<std::unique_ptr<FileSink>> open(std::string const& target) {
        if (target == "-") return std::make_unique<FileSink>(stdout, std::string());
        auto const draft = target + ".part";
        auto* const file = std::fopen(draft.c_str(), "wbe");
        if (file == nullptr) return fail(Errc::io, "{}: {}", draft, std::strerror(errno));
        return std::make_unique<FileSink>(file, target);
    }
    FileSink(std::FILE* file, std::string target) : file_(file), target_(std::move(target)) {}
    ~FileSink() {
        if (file_ == nullptr || file_ == stdout) return;
        std::fclose(file_);
        ::unlink((target_ + ".part").c_str());
    }
    FileSink(FileSink const&) = delete;
    FileSink& operator=(FileSink const&) = delete;

    Task<void> write(Bytes piece, Progress& progress) {
        if (std::fwrite(piece.data(), 1, piece.size(), file_) != piece.size()) {
            co_return fail(Errc::io, "write {}: {}", target_, std::strerror(errno));
        }
        progress.add(piece.size());
        co_return Result<void>{};
    }

    Result<void> finish() {
        if (file_ == stdout) {
            if (std::fflush(stdout) == 0) return {};
            return fail(Errc::io, "standard output: {}", std::strerror(errno));
        }
        auto const is_closed = std::fclose(std::exchange(file_, nullptr)) == 0;
        if (!is_closed || std::rename((target_ + ".part").c_str(), target_.c_str()) != 0) {
            return fail(Errc::io, "{}: {}", target_, std::strerror(errno));
        }
        return {};
    }

 private:
    std::FILE* file_;
    std::string target_;
};

Task<void> get(Client& client, GetOptions options) {
    if (options.target.empty()) options.target = fs::path(options.path).filename().string();
    std::error_code error;
    if (options.target != "-" && fs::is_directory(options.target, error)) {
        options.target = (fs::path(options.target) / fs::path(options.path).filename()).string();
    }
    CO_TRY(auto const entry, co_await client.get(api_path("entries", options.path)));
    auto const& facts = entry.as_object();
    if (text_of(facts, "kind") == "folder") {
        co_return fail(Errc::invalid, "{} is a folder", options.path);
    }
    CO_TRY(auto const sink, FileSink::open(options.target));
    Progress progress(client.clock(), options.path, number_of(facts, "size"));
    auto const take = [&](Bytes piece) { return sink->write(std::move(piece), progress); };
    CO_TRY_OK(co_await client.download(options.path, take));
    CO_TRY_OK(sink->finish());
    if (options.as_json && options.target != "-") print_json(entry);
    co_return Result<void>{};
}

}  // namespace

void add_get(CLI::App& app, Chosen& chosen) {
    auto* const verb = app.add_subcommand("get", "Get a file out of the drive");
    auto const options = std::make_shared<GetOptions>();
    verb->add_option("path", options->path, "Path in the drive")->required();
    verb->add_option("file", options->target, "Local file or folder; - is standard output");
    verb->add_flag("--json", options->as_json, "Print the entry as JSON");
    verb->callback([&chosen, options] {
        chosen = [options] {
            return run_client([options](Client& client) { return get(client, *options); });
        };
    });
}

}  // namespace disgrafs::app
