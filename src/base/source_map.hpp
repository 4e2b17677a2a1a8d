// The texts that were read, by file: turns byte offsets into lines and display columns, and gives
// the line to show under a message. Decides nothing about the meaning of a text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rigtopo/diagnostic.hpp"

namespace rigtopo {

class SourceMap {
 public:
  /// Keeps `text` under `name` (as the user wrote the path) and returns its id.
  FileId add(std::string name, std::string text);

  /// Name as given to add(); empty for FileId::none.
  std::string_view name(FileId id) const;
  std::string_view text(FileId id) const;

  /// One line without its end (CR and LF removed), lines counted from 1; empty outside the text.
  std::string_view line(FileId id, std::uint32_t number) const;

  /// A place from a zero-based line and a zero-based BYTE column (as yaml-cpp counts): the column
  /// of the result counts characters (UTF-8 code points) from 1. `bytes` is the length to
  /// underline.
  Source locate(FileId id, std::uint32_t line0, std::uint32_t byte_column0,
                std::size_t bytes = 1) const;

 private:
  struct File {
    std::string name;
    std::string text;
    std::vector<std::size_t> line_starts;
    // How many bytes before each multiple of `stride` continue a UTF-8 character: columns in a line
    // of megabytes are found without walking it.
    std::vector<std::uint32_t> continuations;
    std::uint32_t continues = 0;  // such bytes in the whole text; mostly none
  };
  static constexpr std::size_t stride = 256;
  const File* file(FileId id) const;
  /// Characters in the bytes from `begin` to `end`.
  static std::uint32_t characters(const File& file, std::size_t begin, std::size_t end);
  std::deque<File> files_;
};

/// Reads a whole file. nullopt when it is missing, a directory, unreadable, not UTF-8 text (a NUL
/// byte or invalid UTF-8), or larger than 4 MB; the diagnostic (code S0xx) says which and names the
/// path. "-" reads standard input.
std::optional<std::string> read_text_file(const std::string& path, Diagnostics& out,
                                          Source mentioned_at = {});

}  // namespace rigtopo
