// Offsets, lines and columns; and reading files without surprises.
#include "base/source_map.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <limits>
#include <sys/stat.h>

#include "base/assert.hpp"
#include "base/codes.hpp"
#include "base/text.hpp"

namespace rigtopo {
namespace {

constexpr std::size_t largest_file = 4'000'000;  // bytes; the whole catalogue is smaller

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

bool is_text(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = text[i] == '\0' ? 0 : character_length(text, i);
    if (length == 0) return false;
    i += length;
  }
  return true;
}

/// Reads no more than one byte over the limit, so that an endless stream ends.
std::string read_all(std::istream& in) {
  std::string text;
  char buffer[65536];
  while (text.size() <= largest_file && in.read(buffer, sizeof buffer).gcount() > 0) {
    text.append(buffer, static_cast<std::size_t>(in.gcount()));
  }
  return text;
}

std::optional<std::string> accepted(std::string text, const std::string& shown, Diagnostics& out,
                                    Source at) {
  if (text.size() > largest_file) {
    out.report(codes::file_too_large, at, "`" + shown + "` is larger than 4 MB",
               "a spec or part is a few kilobytes; is this the right file?");
    return std::nullopt;
  }
  if (!is_text(text)) {
    out.report(codes::not_text, at, "`" + shown + "` is not UTF-8 text",
               "save it as UTF-8; is this the right file?");
    return std::nullopt;
  }
  return text;
}

}  // namespace

FileId SourceMap::add(std::string name, std::string text) {
  constexpr std::size_t most_files = std::numeric_limits<std::uint16_t>::max();
  RIGTOPO_ASSERT(files_.size() < most_files);
  File file{std::move(name), std::move(text), {0}, {}, 0};
  std::uint32_t continuations = 0;
  for (std::size_t i = 0; i < file.text.size(); ++i) {
    if (i % stride == 0) file.continuations.push_back(continuations);
    if (is_continuation(file.text[i])) ++continuations;
    if (file.text[i] == '\n') file.line_starts.push_back(i + 1);
  }
  file.continues = continuations;
  files_.push_back(std::move(file));
  return static_cast<FileId>(files_.size());
}

std::uint32_t SourceMap::characters(const File& file, std::size_t begin, std::size_t end) {
  if (file.continues == 0) return static_cast<std::uint32_t>(end - begin);
  const auto continuations_before = [&](std::size_t at) {
    if (file.continuations.empty()) return std::uint32_t{0};
    const std::size_t k = std::min(at / stride, file.continuations.size() - 1);
    std::uint32_t n = file.continuations[k];
    for (std::size_t i = k * stride; i < at; ++i) n += is_continuation(file.text[i]) ? 1 : 0;
    return n;
  };
  return static_cast<std::uint32_t>(end - begin) - continuations_before(end) +
         continuations_before(begin);
}

const SourceMap::File* SourceMap::file(FileId id) const {
  const auto index = static_cast<std::size_t>(id);
  return index == 0 || index > files_.size() ? nullptr : &files_[index - 1];
}

std::string_view SourceMap::name(FileId id) const {
  const File* f = file(id);
  return f == nullptr ? std::string_view() : f->name;
}

std::string_view SourceMap::text(FileId id) const {
  const File* f = file(id);
  return f == nullptr ? std::string_view() : f->text;
}

std::string_view SourceMap::line(FileId id, std::uint32_t number) const {
  const File* f = file(id);
  if (f == nullptr || number == 0 || number > f->line_starts.size()) return {};
  const std::size_t begin = f->line_starts[number - 1];
  const bool last = number == f->line_starts.size();
  const std::size_t end = last ? f->text.size() : f->line_starts[number] - 1;
  std::string_view rest = std::string_view(f->text).substr(begin, end - begin);
  if (rest.ends_with('\r')) rest.remove_suffix(1);
  if (number == 1 && rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);
  return rest;
}

Source SourceMap::locate(FileId id, std::uint32_t line0, std::uint32_t byte_column0,
                         std::size_t bytes) const {
  Source at{id, line0 + 1, byte_column0 + 1, 1};
  const File* f = file(id);
  const std::string_view text = line(id, at.line);
  if (f == nullptr || text.data() == nullptr) return at;
  const auto begin = static_cast<std::size_t>(text.data() - f->text.data());
  const std::size_t column = std::min<std::size_t>(byte_column0, text.size());
  const std::size_t length = std::min(bytes, text.size() - column);
  // A place after the end of the line (an empty value) keeps its distance.
  at.column =
      characters(*f, begin, begin + column) + static_cast<std::uint32_t>(byte_column0 - column) + 1;
  at.length = std::max<std::uint32_t>(1, characters(*f, begin + column, begin + column + length));
  return at;
}

std::optional<std::string> read_text_file(const std::string& path, Diagnostics& out,
                                          Source mentioned_at) {
  if (path == "-") {
    return accepted(read_all(std::cin), "standard input", out, mentioned_at);
  }
  const auto unreadable = [&](const std::string& why, const std::string& help) {
    out.report(codes::unreadable_file, mentioned_at, "cannot read `" + path + "`: " + why, help);
    return std::nullopt;
  };
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) {
    return unreadable(std::strerror(errno), "check the path; it is taken from the current folder");
  }
  if (S_ISDIR(status.st_mode)) return unreadable("it is a folder", "name the file in it");
  std::ifstream file(path, std::ios::binary);
  if (!file) return unreadable(std::strerror(errno), "check the permissions of the file");
  std::string text = read_all(file);
  if (file.bad()) return unreadable("reading it failed half-way", "check the disk");
  return accepted(std::move(text), path, out, mentioned_at);
}

}  // namespace rigtopo
