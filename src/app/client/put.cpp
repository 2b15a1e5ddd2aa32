/// \file app/client/put.cpp  disgrafs put: files and folders into the drive.

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <boost/json/array.hpp>
#include <fmt/format.h>

#include "app/client/client.hpp"
#include "app/client/progress.hpp"
#include "app/client/verbs.hpp"
#include "base/text.hpp"
#include "io/task_group.hpp"

namespace disgrafs::app {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

constexpr std::size_t piece_bytes = 1U << 20U;
constexpr std::size_t uploads_at_once = 4;

struct PutOptions {
    std::vector<std::string> words;  ///< Sources, then the destination.
    bool is_recursive = false;
    bool as_json = false;
};

struct Upload {
    std::string source;  ///< "-": standard input.
    std::string target;
};

/// Pieces of a local file, each counted on the bar.
class FileSource {
 public:
    static Result<std::shared_ptr<FileSource>> open(std::string const& path) {
        auto* const file = path == "-" ? stdin : std::fopen(path.c_str(), "rbe");
        if (file == nullptr) {
            auto const code = errno == ENOENT ? Errc::not_found : Errc::io;
            return fail(code, "{}: {}", path, std::strerror(errno));
        }
        return std::make_shared<FileSource>(file, path);
    }
    FileSource(std::FILE* file, std::string path) : file_(file), path_(std::move(path)) {}
    ~FileSource() {
        if (file_ != stdin) std::fclose(file_);
    }
    FileSource(FileSource const&) = delete;
    FileSource& operator=(FileSource const&) = delete;

    Task<Bytes> next(Progress& progress) {
        Bytes piece(piece_bytes);
        piece.resize(std::fread(piece.data(), 1, piece.size(), file_));
        if (piece.empty() && std::ferror(file_) != 0) {
            co_return fail(Errc::io, "read {}: {}", path_, std::strerror(errno));
        }
        progress.add(piece.size());
        co_return piece;
    }

 private:
    std::FILE* file_;
    std::string path_;
};

std::string joined(std::string folder, std::string const& name) {
    if (!folder.ends_with('/')) folder += '/';
    return folder + name;
}

Task<bool> is_folder(Client& client, std::string path) {
    if (path == "/" || path.empty()) co_return true;
    auto const got = co_await client.get(api_path("entries", path));
    if (!got && got.error().code == Errc::not_found) co_return false;
    if (!got) co_return std::unexpected(got.error());
    co_return got->is_object() && text_of(got->get_object(), "kind") == "folder";
}

Result<void> add_tree_of(
    fs::path const& source, std::string const& target, std::vector<Upload>& out
) {
    std::error_code error;
    for (fs::recursive_directory_iterator at(source, error), end; !error && at != end;
         at.increment(error)) {
        if (!at->is_regular_file(error)) continue;
        auto const name = fs::relative(at->path(), source, error).generic_string();
        out.push_back({at->path().string(), joined(target, name)});
    }
    if (error) return fail(Errc::io, "{}: {}", source.string(), error.message());
    std::ranges::sort(out, {}, &Upload::target);
    return {};
}

/// As cp does: into an existing folder (or a destination that ends in '/'), else under that name.
Task<std::vector<Upload>> plan(Client& client, PutOptions options) {
    auto const target = options.words.back();
    options.words.pop_back();
    auto into = target.ends_with('/') || options.words.size() > 1;
    if (!into) {
        CO_TRY(into, co_await is_folder(client, target));
    }
    std::vector<Upload> out;
    for (auto const& word : options.words) {
        std::error_code error;
        auto const source = fs::path(word).lexically_normal();
        if (word == "-") {
            if (into) co_return fail(Errc::invalid, "standard input needs the path of a file");
            out.push_back({word, target});
        } else if (fs::is_directory(source, error)) {
            if (!options.is_recursive) {
                co_return fail(Errc::invalid, "{} is a folder: put it with -r", word);
            }
            auto const name = fs::canonical(source, error).filename().string();
            CO_TRY_OK(add_tree_of(source, into ? joined(target, name) : target, out));
        } else {
            auto const name = source.filename().string();
            out.push_back({word, into ? joined(target, name) : target});
        }
    }
    co_return out;
}

Task<json::value> put_one(Client& client, Upload upload) {
    std::error_code error;
    std::optional<std::uint64_t> size;
    if (fs::is_regular_file(upload.source, error)) size = fs::file_size(upload.source, error);
    CO_TRY(auto const source, FileSource::open(upload.source));
    Progress progress(client.clock(), upload.target, size.value_or(0));
    auto const next = [source, &progress] { return source->next(progress); };
    co_return co_await client.upload(upload.target, size, next);
}

/// What several workers share: they take the next upload until one fails.
struct Run {
    std::vector<Upload> uploads;
    std::size_t next = 0;
    json::array entries;
    Result<void> result;
};

Task<void> work(Client& client, Run& run) {
    while (run.next < run.uploads.size() && run.result) {
        auto const upload = run.uploads[run.next++];
        auto got = co_await put_one(client, upload);
        if (!got) {
            run.result = std::unexpected(std::move(got).error());
            run.result.error().message = upload.source + ": " + run.result.error().message;
        } else {
            run.entries.push_back(*std::move(got));
        }
    }
    co_return Result<void>{};
}

Task<void> put(boost::asio::any_io_executor executor, Client& client, PutOptions options) {
    Run run;
    CO_TRY(run.uploads, co_await plan(client, options));
    TaskGroup workers(executor);
    auto const count = std::min(uploads_at_once, run.uploads.size());
    for (std::size_t index = 0; index < count; ++index) workers.spawn("put", work(client, run));
    CO_TRY_OK(co_await workers.join());
    CO_TRY_OK(run.result);
    if (options.as_json) {
        print_json(run.entries);
        co_return Result<void>{};
    }
    for (auto const& entry : run.entries) {
        auto const& facts = entry.as_object();
        fmt::print("{}  {}\n", text_of(facts, "path"), human_bytes(number_of(facts, "size")));
    }
    co_return Result<void>{};
}

}  // namespace

void add_put(CLI::App& app, Chosen& chosen) {
    auto* const verb = app.add_subcommand("put", "Put files, or folders with -r, into the drive");
    auto const options = std::make_shared<PutOptions>();
    verb->add_option("words", options->words, "FILE… /path   (- is standard input)")
        ->required()
        ->expected(2, -1);
    verb->add_flag("-r,--recursive", options->is_recursive, "Folders with all in them");
    verb->add_flag("--json", options->as_json, "Print the new entries as JSON");
    verb->callback([&chosen, options] {
        chosen = [options] {
            return run_client_on([options](boost::asio::any_io_executor executor, Client& client) {
                return put(executor, client, *options);
            });
        };
    });
}

}  // namespace disgrafs::app
