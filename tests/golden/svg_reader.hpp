// A strict little XML reader for our own SVG: tests look at what was drawn without trusting the
// code that drew it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rigtopo::test {

struct SvgElement {
  std::string name;
  std::map<std::string, std::string> attributes;  // references resolved
  std::string text;                               // directly inside, references resolved
  int parent = -1;
  double dx = 0;  // sum of the translations around it, its own included
  double dy = 0;

  std::string attribute(const std::string& key) const {
    const auto it = attributes.find(key);
    return it == attributes.end() ? std::string() : it->second;
  }
};

struct SvgDocument {
  std::vector<SvgElement> elements;  // in document order; the first is the root
  std::string fault;                 // empty: well-formed

  const SvgElement* by_id(std::string_view id) const;
  int count(std::string_view id) const;
};

/// Reads a document. Reports: unbalanced or unclosed tags, attributes twice or without quotes, `<`
/// or bare `&` in text, unknown references, bytes that are not UTF-8, text outside the root.
SvgDocument read_svg(std::string_view svg);

/// A text as it stands on the page; width by the metrics in render/style.
struct TextArea {
  std::string text;
  double left = 0;
  double top = 0;
  double right = 0;
  double bottom = 0;
  int parent = -1;  // element it is in
};
std::vector<TextArea> text_areas(const SvgDocument& document);

}  // namespace rigtopo::test
