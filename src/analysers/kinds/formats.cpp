#include "analysers/kinds/formats.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace disgrafs::analysers {

namespace {

constexpr auto source = Reader::source;

constexpr Format by_extension[] = {
    {"adoc", "AsciiDoc", "text/plain", Reader::plain_text},
    {"asm", "Assembly", "text/x-asm", source},
    {"bash", "Shell", "text/x-shellscript", source},
    {"c", "C", "text/x-c", source},
    {"cc", "C++", "text/x-c++", source},
    {"clj", "Clojure", "text/x-clojure", source},
    {"cmake", "CMake", "text/x-cmake", source},
    {"cpp", "C++", "text/x-c++", source},
    {"cs", "C#", "text/x-csharp", source},
    {"css", "CSS", "text/css", source},
    {"csv", "CSV", "text/csv", Reader::data},
    {"cxx", "C++", "text/x-c++", source},
    {"cypher", "Cypher", "text/x-cypher", source},
    {"dart", "Dart", "text/x-dart", source},
    {"dockerfile", "Dockerfile", "text/x-dockerfile", source},
    {"erl", "Erlang", "text/x-erlang", source},
    {"ex", "Elixir", "text/x-elixir", source},
    {"exs", "Elixir", "text/x-elixir", source},
    {"f90", "Fortran", "text/x-fortran", source},
    {"fs", "F#", "text/x-fsharp", source},
    {"geojson", "GeoJSON", "application/geo+json", Reader::data},
    {"go", "Go", "text/x-go", source},
    {"gradle", "Gradle", "text/x-gradle", source},
    {"h", "C header", "text/x-c", source},
    {"hh", "C++", "text/x-c++", source},
    {"hpp", "C++", "text/x-c++", source},
    {"hs", "Haskell", "text/x-haskell", source},
    {"htm", "HTML", "text/html", Reader::html},
    {"html", "HTML", "text/html", Reader::html},
    {"hxx", "C++", "text/x-c++", source},
    {"ini", "INI", "text/plain", Reader::data},
    {"ipynb", "Jupyter notebook", "application/x-ipynb+json", Reader::data},
    {"java", "Java", "text/x-java", source},
    {"jl", "Julia", "text/x-julia", source},
    {"js", "JavaScript", "text/javascript", source},
    {"json", "JSON", "application/json", Reader::data},
    {"jsonl", "JSON lines", "application/jsonl", Reader::data},
    {"jsx", "JavaScript", "text/javascript", source},
    {"kt", "Kotlin", "text/x-kotlin", source},
    {"lisp", "Lisp", "text/x-lisp", source},
    {"log", "log", "text/plain", Reader::plain_text},
    {"lua", "Lua", "text/x-lua", source},
    {"m", "Objective-C", "text/x-objective-c", source},
    {"makefile", "Makefile", "text/x-makefile", source},
    {"markdown", "Markdown", "text/markdown", Reader::markdown},
    {"md", "Markdown", "text/markdown", Reader::markdown},
    {"mjs", "JavaScript", "text/javascript", source},
    {"mk", "Makefile", "text/x-makefile", source},
    {"ml", "OCaml", "text/x-ocaml", source},
    {"php", "PHP", "text/x-php", source},
    {"pl", "Perl", "text/x-perl", source},
    {"pm", "Perl", "text/x-perl", source},
    {"proto", "Protocol Buffers", "text/x-protobuf", source},
    {"py", "Python", "text/x-python", source},
    {"pyi", "Python", "text/x-python", source},
    {"r", "R", "text/x-r", source},
    {"rb", "Ruby", "text/x-ruby", source},
    {"rs", "Rust", "text/x-rust", source},
    {"rst", "reStructuredText", "text/x-rst", Reader::plain_text},
    {"s", "Assembly", "text/x-asm", source},
    {"scala", "Scala", "text/x-scala", source},
    {"scss", "SCSS", "text/x-scss", source},
    {"sh", "Shell", "text/x-shellscript", source},
    {"sql", "SQL", "application/sql", source},
    {"srt", "subtitles", "application/x-subrip", Reader::plain_text},
    {"svg", "SVG", "image/svg+xml", Reader::svg},
    {"swift", "Swift", "text/x-swift", source},
    {"tex", "LaTeX", "text/x-tex", Reader::plain_text},
    {"text", "plain text", "text/plain", Reader::plain_text},
    {"toml", "TOML", "application/toml", Reader::data},
    {"ts", "TypeScript", "text/x-typescript", source},
    {"tsv", "TSV", "text/tab-separated-values", Reader::data},
    {"tsx", "TypeScript", "text/x-typescript", source},
    {"txt", "plain text", "text/plain", Reader::plain_text},
    {"vtt", "subtitles", "text/vtt", Reader::plain_text},
    {"vue", "Vue", "text/x-vue", source},
    {"xhtml", "HTML", "application/xhtml+xml", Reader::html},
    {"xml", "XML", "text/xml", Reader::data},
    {"yaml", "YAML", "application/yaml", Reader::data},
    {"yml", "YAML", "application/yaml", Reader::data},
    {"zig", "Zig", "text/x-zig", source},
    {"zsh", "Shell", "text/x-shellscript", source},
};

struct Interpreter {
    std::string_view program;
    std::string_view extension;
};

constexpr Interpreter interpreters[] = {
    {"bash", "sh"},
    {"dash", "sh"},
    {"lua", "lua"},
    {"node", "js"},
    {"perl", "pl"},
    {"php", "php"},
    {"python", "py"},
    {"python2", "py"},
    {"python3", "py"},
    {"ruby", "rb"},
    {"sh", "sh"},
    {"Rscript", "r"},
    {"zsh", "sh"},
};

constexpr Format by_media_type[] = {
    {"application/epub+zip", "e-book", "", Reader::none},
    {"application/gzip", "gzip", "", Reader::none},
    {"application/java-archive", "Java archive", "", Reader::none},
    {"application/javascript", "JavaScript", "text/javascript", source},
    {"application/json", "JSON", "", Reader::data},
    {"application/msword", "Word document", "", Reader::none},
    {"application/octet-stream", "binary", "", Reader::none},
    {"application/ogg", "Ogg", "audio/ogg", Reader::media},
    {"application/pdf", "PDF", "", Reader::pdf},
    {"application/postscript", "PostScript", "", Reader::none},
    {"application/vnd.android.package-archive", "Android app", "", Reader::none},
    {"application/vnd.ms-excel", "spreadsheet", "", Reader::none},
    {"application/vnd.ms-powerpoint", "presentation", "", Reader::none},
    {"application/vnd.oasis.opendocument.graphics", "drawing", "", Reader::none},
    {"application/vnd.oasis.opendocument.presentation", "presentation", "", Reader::none},
    {"application/vnd.oasis.opendocument.spreadsheet", "spreadsheet", "", Reader::none},
    {"application/vnd.oasis.opendocument.text", "text document", "", Reader::none},
    {"application/vnd.openxmlformats-officedocument.presentationml.presentation",
     "presentation",
     "",
     Reader::none},
    {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
     "spreadsheet",
     "",
     Reader::none},
    {"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
     "Word document",
     "",
     Reader::none},
    {"application/x-7z-compressed", "7-Zip", "", Reader::none},
    {"application/x-bzip2", "bzip2", "", Reader::none},
    {"application/x-dosexec", "Windows program", "", Reader::none},
    {"application/x-executable", "program", "", Reader::none},
    {"application/x-matroska", "Matroska", "video/x-matroska", Reader::media},
    {"application/x-object", "object file", "", Reader::none},
    {"application/x-pie-executable", "program", "", Reader::none},
    {"application/x-rar", "RAR", "", Reader::none},
    {"application/x-sharedlib", "shared library", "", Reader::none},
    {"application/x-sqlite3", "SQLite", "", Reader::none},
    {"application/x-tar", "tar", "", Reader::none},
    {"application/x-xz", "xz", "", Reader::none},
    {"application/zip", "ZIP", "", Reader::none},
    {"application/zstd", "zstd", "", Reader::none},
    {"audio/flac", "FLAC", "", Reader::media},
    {"audio/mpeg", "MP3", "", Reader::media},
    {"audio/ogg", "Ogg", "", Reader::media},
    {"audio/x-aiff", "AIFF", "", Reader::media},
    {"audio/x-m4a", "M4A", "audio/mp4", Reader::media},
    {"audio/x-wav", "WAV", "audio/wav", Reader::media},
    {"image/avif", "AVIF", "", Reader::image},
    {"image/bmp", "BMP", "", Reader::image},
    {"image/gif", "GIF", "", Reader::image},
    {"image/heic", "HEIC", "", Reader::image},
    {"image/jpeg", "JPEG", "", Reader::image},
    {"image/png", "PNG", "", Reader::image},
    {"image/svg+xml", "SVG", "", Reader::svg},
    {"image/tiff", "TIFF", "", Reader::image},
    {"image/webp", "WebP", "", Reader::image},
    {"image/x-ms-bmp", "BMP", "image/bmp", Reader::image},
    {"inode/x-empty", "empty", "", Reader::none},
    {"text/html", "HTML", "", Reader::html},
    {"text/markdown", "Markdown", "", Reader::markdown},
    {"text/rtf", "RTF", "", Reader::none},
    {"text/x-php", "PHP", "", source},
    {"text/xml", "XML", "", Reader::data},
    {"video/mp4", "MP4", "", Reader::media},
    {"video/quicktime", "QuickTime", "", Reader::media},
    {"video/webm", "WebM", "", Reader::media},
    {"video/x-matroska", "Matroska", "", Reader::media},
    {"video/x-msvideo", "AVI", "", Reader::media},
};

template <std::size_t count>
Format const* find(Format const (&formats)[count], std::string_view key) {
    auto const* const found = std::ranges::lower_bound(formats, key, {}, &Format::key);
    return found != std::end(formats) && found->key == key ? found : nullptr;
}

static_assert(std::ranges::is_sorted(by_extension, {}, &Format::key));
static_assert(std::ranges::is_sorted(by_media_type, {}, &Format::key));

}  // namespace

Format const* format_by_extension(std::string_view extension) {
    return find(by_extension, extension);
}

Format const* format_by_interpreter(std::string_view program) {
    for (auto const& interpreter : interpreters) {
        if (interpreter.program == program) return format_by_extension(interpreter.extension);
    }
    return nullptr;
}

Format const* format_by_media_type(std::string_view media_type) {
    return find(by_media_type, media_type);
}

}  // namespace disgrafs::analysers
