#pragma once

/// \file analysers/resources.hpp  What analysers load once: dictionaries, tables, databases.
///
/// The warm process loads; its forks, which see foreign bytes, only use. What is large or rarely
/// needed is loaded when the first file needs it: a fork that meets something not loaded calls the
/// hook of on_missing(), which ends it and has the warm process load and fork again.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "analysers/kinds/kind.hpp"
#include "analysers/words/chinese.hpp"
#include "analysers/words/lexicon.hpp"
#include "base/result.hpp"

namespace disgrafs::analysers {

enum class Resource : std::uint8_t { english, chinese, pdf };
inline constexpr Resource all_resources[] = {Resource::english, Resource::chinese, Resource::pdf};

struct ResourceOptions {
    std::string share;                           ///< Folder with jieba/ and chinese_terms.utf8.
    std::string wordnet = "/usr/share/wordnet";  ///< Debian's wordnet-base.
};

class Resources {
 public:
    /// Loads what every file needs. Errors: unavailable.
    static Result<Resources> load(ResourceOptions options);

    /// Load one now, in this process. A failure is remembered and told by the questions below.
    void load(Resource resource);
    [[nodiscard]] bool was_tried(Resource resource) const;

    /// Called before a resource that was not tried is used; without a hook it is loaded at once.
    void on_missing(std::function<void(Resource)> hook) { hook_ = std::move(hook); }

    [[nodiscard]] Magic const& magic() const { return *magic_; }
    /// Errors: unavailable (not installed).
    Result<Lexicon const*> english();
    Result<ChineseWords const*> chinese();
    void pdf() { need(Resource::pdf); }

 private:
    Resources() = default;
    void need(Resource resource);

    ResourceOptions options_;
    std::function<void(Resource)> hook_;
    std::optional<Magic> magic_;
    std::optional<Result<Lexicon>> english_;
    std::optional<Result<ChineseWords>> chinese_;
    bool has_pdf_ = false;
};

}  // namespace disgrafs::analysers
