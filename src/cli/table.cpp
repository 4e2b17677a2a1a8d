// Column widths count characters, not bytes, so that `°` and `é` do not shift a column.
#include "cli/table.hpp"

#include <algorithm>

namespace rigtopo {
namespace {

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

}  // namespace

TextTable::TextTable(std::vector<std::string> headings) : headings_(std::move(headings)) {
  for (std::string& h : headings_) {
    right_.push_back(h.starts_with('>'));
    if (right_.back()) h.erase(0, 1);
  }
}

void TextTable::row(std::vector<std::string> cells) {
  cells.resize(headings_.size());
  rows_.push_back(std::move(cells));
}

std::string TextTable::text(std::string_view indent) const {
  std::vector<std::size_t> widths;
  std::vector<bool> shown;
  for (std::size_t c = 0; c < headings_.size(); ++c) {
    std::size_t widest = 0;
    for (const auto& r : rows_) widest = std::max(widest, width_of(r[c]));
    shown.push_back(widest > 0);
    widths.push_back(std::max(widest, width_of(headings_[c])));
  }
  const auto line = [&](const std::vector<std::string>& cells) {
    std::string out(indent);
    for (std::size_t c = 0; c < cells.size(); ++c) {
      if (!shown[c]) continue;
      const std::string pad(widths[c] - width_of(cells[c]), ' ');
      out += right_[c] ? pad + cells[c] : cells[c] + pad;
      out += "  ";
    }
    out.erase(out.find_last_not_of(' ') + 1);
    return out + "\n";
  };
  std::string all = line(headings_);
  for (const auto& r : rows_) all += line(r);
  return all;
}

std::string wrapped(std::string_view text, std::string_view indent, std::size_t width) {
  std::string out;
  std::size_t column = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (column > 0 && column + 1 + width_of(word) > width) {
      out += "\n" + std::string(indent);
      column = width_of(indent);
    } else if (column > 0) {
      out += ' ';
      ++column;
    }
    out += word;
    column += width_of(word);
  }
  return out;
}

}  // namespace rigtopo
