#pragma once

/// \file app/erasure/plain_file.hpp  Files of this machine as the codec reads and writes them.
///
/// Plain synchronous calls: these verbs do one thing after the other. Each call looks for an
/// interruption first.

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include <sys/stat.h>

#include "app/client/progress.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"
#include "erasure/codec.hpp"
#include "erasure/plain/store.hpp"

namespace disgrafs::app {

class OpenFile {
 public:
    explicit OpenFile(int fd) : fd_(fd) {}
    OpenFile(OpenFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    OpenFile& operator=(OpenFile&&) = delete;
    ~OpenFile();
    [[nodiscard]] int get() const { return fd_; }

 private:
    int fd_;
};

/// A regular file to be read.
class FileSource final : public erasure::PlainSource {
 public:
    /// Errors: not_found, denied, invalid (no regular file), io.
    static Result<std::unique_ptr<FileSource>> open(std::string path);
    FileSource(std::string path, OpenFile file, struct stat facts)
        : path_(std::move(path)), file_(std::move(file)), facts_(facts) {}

    [[nodiscard]] std::uint64_t size_bytes() const override {
        return static_cast<std::uint64_t>(facts_.st_size);
    }
    Result<void> read(std::uint64_t offset, erasure::MutableShard out) override;

    [[nodiscard]] std::string const& path() const { return path_; }
    /// Errors: conflict (written to since it was opened).
    [[nodiscard]] Result<void> check_unchanged() const;
    [[nodiscard]] bool is(std::string const& path) const;  ///< Does that path lead to this file?
    /// What is read counts on the bar; null: no more.
    void count_on(Progress* progress) { progress_ = progress; }

 private:
    std::string path_;
    OpenFile file_;
    struct stat facts_;
    Progress* progress_ = nullptr;
};

/// A file under a temporary name beside its own, until publish(). The temporary one is removed when
/// the draft dies.
class Draft final : public erasure::PlainSink {
 public:
    /// Reserves `size_bytes` where the file system can, so that a full disk is known at once.
    /// Errors: conflict (`path` exists and is not to be replaced, or is a folder), denied,
    /// not_found, exhausted, io.
    static Result<std::unique_ptr<Draft>> create(
        std::string path, std::uint64_t size_bytes, bool is_replacing
    );
    Draft(std::string path, std::string draft, OpenFile file, bool is_replacing)
        : path_(std::move(path)),
          draft_(std::move(draft)),
          file_(std::move(file)),
          is_replacing_(is_replacing) {}
    ~Draft() override;
    Draft(Draft const&) = delete;
    Draft& operator=(Draft const&) = delete;

    Result<void> write(std::uint64_t offset, ByteView bytes) override;
    Result<void> sync();
    /// After sync(): the file appears under its name, whole. Errors: conflict (another came
    /// first), io.
    Result<void> publish();
    /// Take back what publish() did, where nothing was replaced.
    void unpublish();

    [[nodiscard]] std::string const& path() const { return path_; }
    void count_on(Progress* progress) { progress_ = progress; }

 private:
    std::string path_;
    std::string draft_;  ///< Empty once published.
    OpenFile file_;
    bool is_replacing_;
    Progress* progress_ = nullptr;
};

/// Make the names in a folder durable.
Result<void> sync_folder(std::string const& folder);
/// Allow `count` files more to be open at once. Errors: exhausted, naming what to do.
Result<void> allow_open_files(std::uint64_t count);
/// The folder that `path` is in, "." when it names none.
std::string folder_of(std::string const& path);

}  // namespace disgrafs::app
