// SVG primitives. The page frame is page.cpp, the cleaning of what Graphviz wrote drawing.cpp.
#include "render/svg.hpp"

#include "base/text.hpp"

namespace rigtopo {
namespace {

std::string attribute(std::string_view name, std::string_view value) {
  return " " + std::string(name) + "=\"" + std::string(value) + "\"";
}
std::string attribute(std::string_view name, double value) {
  return attribute(name, coordinate(value));
}

std::string escaped(std::string_view text) { return xml_escaped(drawable(text)); }

std::string_view word_of(Anchor a) {
  return a == Anchor::start ? "start" : (a == Anchor::middle ? "middle" : "end");
}

std::string look(const Stroke& stroke) {
  std::string out = attribute("stroke", hex(stroke.color));
  if (stroke.color != Color::none) out += attribute("stroke-width", stroke.width);
  if (!stroke.dash.empty()) out += attribute("stroke-dasharray", stroke.dash);
  return out;
}

std::string geometry(const Rect& r) {
  return attribute("x", r.x) + attribute("y", r.y) + attribute("width", r.width) +
         attribute("height", r.height);
}

}  // namespace

std::string svg_text(double x, double y, std::string_view text, const TextStyle& style) {
  std::string out = "<text" + attribute("x", x) + attribute("y", y) +
                    attribute("font-size", style.size) + attribute("fill", hex(style.color));
  if (style.anchor != Anchor::start) out += attribute("text-anchor", word_of(style.anchor));
  if (style.bold) out += attribute("font-weight", "bold");
  return out + ">" + escaped(text) + "</text>\n";
}

std::string svg_rect(const Rect& rect, Color fill, const Stroke& stroke) {
  std::string out = "<rect" + geometry(rect) + attribute("fill", hex(fill)) + look(stroke);
  if (stroke.radius > 0) out += attribute("rx", stroke.radius);
  return out + "/>\n";
}

std::string svg_pattern_rect(const Rect& rect, std::string_view pattern_id) {
  return "<rect" + geometry(rect) + attribute("fill", "url(#" + std::string(pattern_id) + ")") +
         attribute("stroke", "none") + "/>\n";
}

std::string svg_line(double x1, double y1, double x2, double y2, const Stroke& stroke) {
  return "<line" + attribute("x1", x1) + attribute("y1", y1) + attribute("x2", x2) +
         attribute("y2", y2) + look(stroke) + "/>\n";
}

std::string svg_hatch(std::string_view id, Color line) {
  return "<defs><pattern" + attribute("id", id) + attribute("width", 6) + attribute("height", 6) +
         attribute("patternUnits", "userSpaceOnUse") + attribute("patternTransform", "rotate(45)") +
         "><line" + attribute("x1", 0.0) + attribute("y1", 0.0) + attribute("x2", 0.0) +
         attribute("y2", 6.0) + attribute("stroke", hex(line)) + attribute("stroke-width", 1.6) +
         "/></pattern></defs>\n";
}

std::string svg_devices(const std::vector<std::string>& devices) {
  if (devices.empty()) return "";
  std::string list;
  for (const std::string& d : devices) list += (list.empty() ? "" : " ") + safe_id(d);
  return attribute("data-gpu", list);
}

std::string svg_group(const SvgGroup& group, std::string_view content) {
  return "<g" + attribute("id", group.id) + attribute("class", group.css_class) +
         svg_devices(group.devices) + "><title>" + escaped(group.title) + "</title>\n" +
         std::string(content) + "</g>\n";
}

}  // namespace rigtopo
