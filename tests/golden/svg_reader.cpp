// Reading our SVG strictly. Only translations occur as transforms; anything else is a fault.
#include "svg_reader.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "render/style.hpp"

namespace rigtopo::test {
namespace {

bool is_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == ':' || c == '-' || c == '_' ||
         c == '.';
}

class Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) {}

  SvgDocument parse() && {
    if (drawable_differs(rest_)) fail("bytes that are not UTF-8");
    if (rest_.starts_with("<?xml ")) rest_.remove_prefix(rest_.find("?>") + 2);
    while (!rest_.empty() && document_.fault.empty()) step();
    if (!open_.empty()) fail("unclosed <" + document_.elements[open_.back()].name + ">");
    if (document_.elements.empty()) fail("no root");
    return std::move(document_);
  }

 private:
  /// Our own texts hold no control characters but line ends; so every line must survive
  /// drawable().
  static bool drawable_differs(std::string_view text) {
    while (!text.empty()) {
      const std::string_view line = text.substr(0, text.find('\n'));
      if (drawable(line) != line) return true;
      text.remove_prefix(std::min(text.size(), line.size() + 1));
    }
    return false;
  }

  void fail(const std::string& what) {
    if (document_.fault.empty()) {
      document_.fault = what + " before: " + std::string(rest_.substr(0, 60));
    }
    rest_ = {};
  }
  bool take(std::string_view expected) {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(expected.size());
    return true;
  }
  std::string take_name() {
    std::size_t n = 0;
    while (n < rest_.size() && is_name(rest_[n])) ++n;
    std::string name(rest_.substr(0, n));
    rest_.remove_prefix(n);
    if (name.empty()) fail("a name is missing");
    return name;
  }
  void skip_blanks() {
    while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\n')) rest_.remove_prefix(1);
  }

  std::string resolved(std::string_view raw) {
    static const std::map<std::string, std::string, std::less<>> known{
        {"amp", "&"}, {"lt", "<"},  {"gt", ">"},         {"quot", "\""},
        {"#39", "'"}, {"#45", "-"}, {"#160", "\xc2\xa0"}};
    std::string text;
    while (!raw.empty()) {
      if (raw[0] == '<') fail("a bare <");
      if (raw[0] != '&') {
        text += raw[0];
        raw.remove_prefix(1);
        continue;
      }
      const std::size_t end = raw.find(';');
      const auto found = end == raw.npos ? known.end() : known.find(raw.substr(1, end - 1));
      if (found == known.end()) {
        fail("an unknown reference in " + std::string(raw.substr(0, 20)));
        return text;
      }
      text += found->second;
      raw.remove_prefix(end + 1);
    }
    return text;
  }

  void step() {
    if (rest_.starts_with("<!--")) return fail("a comment");
    if (take("</")) return close();
    if (take("<")) return open();
    const std::string_view raw = rest_.substr(0, rest_.find('<'));
    rest_.remove_prefix(raw.size());
    const std::string text = resolved(raw);
    if (!open_.empty()) {
      document_.elements[open_.back()].text += text;
    } else if (text.find_first_not_of(" \n") != text.npos) {
      fail("text outside the root");
    }
  }
  void close() {
    const std::string name = take_name();
    if (open_.empty() || document_.elements[open_.back()].name != name) {
      return fail("</" + name + "> closes nothing");
    }
    open_.pop_back();
    if (!take(">")) fail("> is missing");
  }
  void open() {
    SvgElement element;
    element.name = take_name();
    while (true) {
      skip_blanks();
      if (rest_.empty() || rest_[0] == '/' || rest_[0] == '>') break;
      const std::string key = take_name();
      if (!take("=\"")) return fail("an attribute without a quoted value");
      const std::size_t end = rest_.find('"');
      if (end == rest_.npos) return fail("an open attribute");
      const std::string value = resolved(rest_.substr(0, end));
      rest_.remove_prefix(std::min(rest_.size(), end + 1));
      if (!element.attributes.emplace(key, value).second) return fail("attribute twice: " + key);
    }
    const bool empty = take("/");
    if (!take(">")) return fail("> is missing");
    if (open_.empty() && !document_.elements.empty()) return fail("a second root");
    place(element);
    document_.elements.push_back(std::move(element));
    if (!empty) open_.push_back(document_.elements.size() - 1);
  }
  void place(SvgElement& element) {
    if (!open_.empty()) {
      element.parent = static_cast<int>(open_.back());
      element.dx = document_.elements[open_.back()].dx;
      element.dy = document_.elements[open_.back()].dy;
    }
    std::string transform = element.attribute("transform");
    const std::string identity = "scale(1 1) rotate(0) ";
    if (transform.starts_with(identity)) transform.erase(0, identity.size());
    if (transform.empty()) return;
    if (!transform.starts_with("translate(")) return fail("transform " + transform);
    char* end = nullptr;
    element.dx += std::strtod(transform.c_str() + 10, &end);
    element.dy += std::strtod(end, nullptr);
  }

  std::string_view rest_;
  std::vector<std::size_t> open_;
  SvgDocument document_;
};

double number_of(const SvgElement& element, const std::string& key) {
  return std::strtod(element.attribute(key).c_str(), nullptr);
}

}  // namespace

const SvgElement* SvgDocument::by_id(std::string_view id) const {
  const auto found = std::find_if(elements.begin(), elements.end(),
                                  [&](const SvgElement& e) { return e.attribute("id") == id; });
  return found == elements.end() ? nullptr : &*found;
}

int SvgDocument::count(std::string_view id) const {
  return static_cast<int>(std::count_if(elements.begin(), elements.end(), [&](const SvgElement& e) {
    return e.attribute("id") == id;
  }));
}

SvgDocument read_svg(std::string_view svg) { return Parser(svg).parse(); }

std::vector<TextArea> text_areas(const SvgDocument& document) {
  std::vector<TextArea> areas;
  for (const SvgElement& e : document.elements) {
    if (e.name != "text") continue;
    std::string text = e.text;
    while (text.ends_with("\xc2\xa0")) text.resize(text.size() - 2);
    while (text.ends_with(' ')) text.pop_back();
    if (text.empty()) continue;
    const double size = number_of(e, "font-size");
    const double width = text_width(text, size, e.attribute("font-weight") == "bold");
    const std::string anchor = e.attribute("text-anchor");
    double left = number_of(e, "x") + e.dx;
    if (anchor == "middle") left -= width / 2;
    if (anchor == "end") left -= width;
    const double base = number_of(e, "y") + e.dy;
    areas.push_back({text, left, base - 0.72 * size, left + width, base + 0.2 * size, e.parent});
  }
  return areas;
}

}  // namespace rigtopo::test
