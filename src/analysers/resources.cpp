#include "analysers/resources.hpp"

#include <utility>

#include "analysers/kinds/readers.hpp"

namespace disgrafs::analysers {

Result<Resources> Resources::load(ResourceOptions options) {
    Resources resources;
    resources.options_ = std::move(options);
    TRY(resources.magic_, Magic::load());
    return resources;
}

void Resources::load(Resource resource) {
    if (was_tried(resource)) return;
    switch (resource) {
        case Resource::english:
            english_ = Lexicon::load(options_.wordnet);
            break;
        case Resource::chinese:
            chinese_ = ChineseWords::load(
                options_.share + "/jieba", options_.share + "/chinese_terms.utf8"
            );
            break;
        case Resource::pdf:
            prepare_pdf();
            has_pdf_ = true;
            break;
    }
}

bool Resources::was_tried(Resource resource) const {
    switch (resource) {
        case Resource::english:
            return english_.has_value();
        case Resource::chinese:
            return chinese_.has_value();
        case Resource::pdf:
            return has_pdf_;
    }
    return false;
}

Result<Lexicon const*> Resources::english() {
    need(Resource::english);
    if (!*english_) return std::unexpected(english_->error());
    return &**english_;
}

Result<ChineseWords const*> Resources::chinese() {
    need(Resource::chinese);
    if (!*chinese_) return std::unexpected(chinese_->error());
    return &**chinese_;
}

void Resources::need(Resource resource) {
    if (was_tried(resource)) return;
    if (hook_) hook_(resource);
    load(resource);
}

}  // namespace disgrafs::analysers
