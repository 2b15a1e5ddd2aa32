#include "analysers/words/stop_words.hpp"

#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "base/text.hpp"

namespace disgrafs::analysers {

namespace {

constexpr std::string_view determiners =
    "a an the this that these those my your his her its our their each every some any no all "
    "both several many few much more most other another such same own either neither certain "
    "various whose one two three four five six seven eight nine ten eleven twelve twenty "
    "thirty forty fifty sixty seventy eighty ninety hundred thousand million billion half "
    "less least ";
constexpr std::string_view prepositions =
    "of in on at by for with from about as into like through after over between out against "
    "during without before under around among via per within along upon across behind beyond "
    "toward towards onto off up down above below until since than despite ";
constexpr std::string_view pronouns =
    "i we you he she it they who which what me us him them there itself themselves himself "
    "herself ourselves myself yourself someone anyone everyone something anything everything "
    "nothing others ";
constexpr std::string_view auxiliaries =
    "to can could may might must shall should will would do does did cannot can't don't "
    "doesn't didn't won't let let's ";
constexpr std::string_view copulas =
    "is are was were be been being am isn't aren't wasn't weren't has have had having i'm "
    "it's we're i've we've become becomes seem seems ";
constexpr std::string_view others =
    "and or but not if then else so because while when where how why whether although though "
    "however therefore thus hence also only just very too even still yet already again often "
    "always never here now once rather quite almost well etc eg ie vs e g s t got get gets "
    "done made using used given based nor except unless whereas further moreover instead "
    "together et al ";
constexpr std::string_view chinese =
    "我们 你们 他们 她们 它们 自己 这个 那个 这些 那些 "
    "这里 那里 这样 那样 什么 怎么 如何 为什么 哪些 可以 "
    "可能 能够 应该 需要 必须 进行 使用 通过 对于 关于 "
    "由于 因为 所以 因此 如果 但是 不过 虽然 然而 而且 "
    "并且 以及 或者 还是 就是 不是 没有 有些 一个 一种 "
    "一些 一样 一般 一下 其中 其他 其它 另外 此外 例如 "
    "比如 包括 以下 以上 之后 之前 之间 之一 同时 时候 "
    "目前 现在 已经 开始 成为 作为 认为 表示 具有 得到 "
    "提供 实现 采用 利用 根据 按照 属于 存在 出现 发生 "
    "产生 主要 非常 十分 更加 所有 各种 各个 每个 任何 "
    "部分 方面 情况 时间 问题 东西 事情 地方 是否 只要 "
    "只有 这种 那么 还有 可是 于是 其实 当时 有人 大家 "
    "来说 起来 出来 下来 看到 知道 觉得 希望 本文 我 "
    "你 他 她 它 是 有 在 的 了 和 "
    "与 及 等 会 能 要 到 说 做 ";

using Table = std::unordered_map<std::string_view, StopWord>;

/// The first list that holds a word decides.
Table make_table() {
    Table table;
    auto const add = [&](std::string_view words, StopWord kind) {
        for (auto const word : split(words, ' ')) table.try_emplace(word, kind);
    };
    add(determiners, StopWord::determiner);
    add(prepositions, StopWord::preposition);
    add(pronouns, StopWord::pronoun);
    add(auxiliaries, StopWord::auxiliary);
    add(copulas, StopWord::copula);
    add(others, StopWord::other);
    return table;
}

StopWord find(std::string_view word) {
    static auto const table = make_table();
    auto const found = table.find(word);
    return found == table.end() ? StopWord::none : found->second;
}

}  // namespace

StopWord stop_word(std::string_view word) {
    auto const hyphen = word.find('-');
    if (hyphen == word.npos) return find(word);
    // twenty-four
    bool const is_number = find(word.substr(0, hyphen)) == StopWord::determiner &&
                           find(word.substr(hyphen + 1)) == StopWord::determiner;
    return is_number ? StopWord::determiner : StopWord::none;
}

bool is_chinese_stop_word(std::string_view word) {
    static auto const words = [] {
        auto const list = split(chinese, ' ');
        return std::unordered_set<std::string_view>(list.begin(), list.end());
    }();
    return words.contains(word);
}

}  // namespace disgrafs::analysers
