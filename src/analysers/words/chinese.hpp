#pragma once

/// \file analysers/words/chinese.hpp  Words and phrases of a Chinese text, by cppjieba.

#include <memory>
#include <string>
#include <string_view>

#include "analysers/words/keyphrases.hpp"
#include "base/result.hpp"

namespace disgrafs::analysers {

/// The dictionary and model, loaded once per process.
class ChineseWords {
 public:
    /// `folder` holds jieba.dict.utf8 and hmm_model.utf8; `own_terms` is a dictionary of one word
    /// a line, which come before those. Cost: about 1 s and 130 MB.
    /// Errors: unavailable (a file is missing).
    static Result<ChineseWords> load(std::string const& folder, std::string const& own_terms);

    ~ChineseWords();
    ChineseWords(ChineseWords&& other) noexcept;
    ChineseWords& operator=(ChineseWords&& other) noexcept;

    /// `text`: valid UTF-8; only its first chinese_bytes_max are looked at. Words in other scripts
    /// count as well.
    [[nodiscard]] Wording read(std::string_view text) const;

 private:
    struct Jieba;
    explicit ChineseWords(std::unique_ptr<Jieba> jieba);
    std::unique_ptr<Jieba> jieba_;
};

inline constexpr std::size_t chinese_bytes_max = 512U << 10U;

}  // namespace disgrafs::analysers
