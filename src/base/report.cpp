// Layout of a diagnostic on a terminal. The words come from whoever reported it.
#include "base/report.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <vector>

#include "base/text.hpp"

namespace rigtopo {
namespace {

constexpr std::string_view reset = "\x1b[0m";
constexpr std::string_view bold = "\x1b[1m";

std::string_view colour_of(const Diagnostic& d) {
  if (d.allowed_by) return "\x1b[2m";
  switch (d.severity) {
    case Severity::error:
      return "\x1b[1;31m";
    case Severity::warning:
      return "\x1b[1;33m";
    case Severity::note:
      break;
  }
  return "\x1b[1;36m";
}

/// The part of a line that is shown, and where in it the place stands.
struct Excerpt {
  std::string text;
  std::string gap;  // blanks (and the tabs of the text) up to the place
  std::size_t length = 1;
};

/// At most `widest` characters of `line` around the place. Tabs are kept in the gap too, so that
/// the caret stands under its character whatever their width.
Excerpt excerpt(std::string_view line, Source at) {
  constexpr std::size_t widest = 120;
  std::vector<std::string_view> characters;
  for (std::size_t i = 0; i < line.size();) {
    const std::size_t length = std::max<std::size_t>(1, character_length(line, i));
    characters.push_back(line.substr(i, length));
    i += length;
  }
  const std::size_t column = at.column - 1;
  const bool whole = characters.size() <= widest;
  const std::size_t begin = whole || column < widest / 2 ? 0 : column - widest / 2;
  const std::size_t end = whole ? characters.size() : std::min(begin + widest, characters.size());

  Excerpt shown;
  if (begin > 0) shown.text = "…";
  for (std::size_t i = begin; i < end; ++i) shown.text += printable(characters[i]);
  if (end < characters.size()) shown.text += "…";
  if (begin > 0) shown.gap = " ";
  for (std::size_t i = begin; i < column && i < end; ++i) {
    shown.gap += characters[i] == "\t" ? '\t' : ' ';
  }
  if (column > end) shown.gap += std::string(std::min<std::size_t>(column - end, widest), ' ');
  const std::size_t room = end > column ? end - column : 1;
  shown.length = std::clamp<std::size_t>(at.length, 1, room);
  return shown;
}

class Writer {
 public:
  Writer(const SourceMap& sources, ReportStyle style) : sources_(sources), style_(style) {}

  void block(const Diagnostic& d) {
    const std::string head =
        fmt::format("{}{}[{}]", d.allowed_by ? "allowed " : "", to_string(d.severity), d.code);
    text_ += place(d.at) + painted(head, colour_of(d)) + ": " +
             painted(printable(d.message), bold) + "\n";
    snippet(d.at);
    for (const Label& label : d.labels) {
      text_ += "  " + place(label.at) + "note: " + printable(label.text) + "\n";
    }
    if (d.confidence == Confidence::unverified) {
      text_ += "  note: rests on figures nobody has verified\n";
    }
    if (d.allowed_by) text_ += "  allowed: " + printable(*d.allowed_by) + "\n";
    if (!d.help.empty()) text_ += "  help: " + printable(d.help) + "\n";
  }

  void counted_rest(const std::string& code, std::size_t n) {
    text_ += fmt::format("and {} more {}\n", n, code);
  }

  std::string finished() { return std::move(text_); }

 private:
  std::string painted(std::string_view text, std::string_view colour) const {
    if (!style_.colour) return std::string(text);
    return fmt::format("{}{}{}", colour, text, reset);
  }

  std::string place(Source at) const {
    if (!at.known()) return "";
    return fmt::format("{}:{}:{}: ", printable(sources_.name(at.file)), at.line, at.column);
  }

  void snippet(Source at) {
    const std::string_view line = at.known() ? sources_.line(at.file, at.line) : "";
    if (line.empty() || at.column == 0) return;
    const Excerpt shown = excerpt(line, at);
    text_ += fmt::format("{:>5} | {}\n", at.line, shown.text);
    text_ +=
        fmt::format("      | {}{}\n", shown.gap, painted(std::string(shown.length, '^'), bold));
  }

  const SourceMap& sources_;
  ReportStyle style_;
  std::string text_;
};

}  // namespace

std::string report_text(const Diagnostics& diagnostics, const SourceMap& sources,
                        ReportStyle style) {
  Writer writer(sources, style);
  std::map<std::string, std::size_t> seen;
  for (const Diagnostic& d : diagnostics.all()) {
    if (++seen[d.code] <= style.cap) writer.block(d);
  }
  for (const auto& [code, count] : seen) {
    if (count > style.cap) writer.counted_rest(code, count - style.cap);
  }
  return writer.finished();
}

}  // namespace rigtopo
