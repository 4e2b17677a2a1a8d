// Plain text tables: columns as wide as their widest cell, two spaces apart.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rigtopo {

class TextTable {
 public:
  /// Column headings; one that starts with '>' is right-aligned (the mark is not printed).
  explicit TextTable(std::vector<std::string> headings);
  void row(std::vector<std::string> cells);
  bool empty() const { return rows_.empty(); }
  /// The table, each line behind `indent`; trailing blanks removed; columns that are empty in every
  /// row are left out.
  std::string text(std::string_view indent = "  ") const;

 private:
  std::vector<std::string> headings_;
  std::vector<bool> right_;
  std::vector<std::vector<std::string>> rows_;
};

/// `text` broken at blanks to `width` columns, further lines behind `indent`.
std::string wrapped(std::string_view text, std::string_view indent, std::size_t width = 100);

}  // namespace rigtopo
