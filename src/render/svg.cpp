// SVG primitives. The page frame is page.cpp, the cleaning of what Graphviz wrote drawing.cpp.
#include "render/svg.hpp"

#include "base/text.hpp"

namespace rigtopo {
namespace {

std::string xml_attribute(std::string_view name, double value) {
  return rigtopo::xml_attribute(name, coordinate(value));
}
using rigtopo::xml_attribute;

std::string_view word_of(Anchor a) {
  return a == Anchor::start ? "start" : (a == Anchor::middle ? "middle" : "end");
}

std::string look(const Stroke& stroke) {
  std::string out = xml_attribute("stroke", hex(stroke.color));
  if (stroke.color != Color::none) out += xml_attribute("stroke-width", stroke.width);
  if (!stroke.dash.empty()) out += xml_attribute("stroke-dasharray", stroke.dash);
  return out;
}

std::string geometry(const Rect& r) {
  return xml_attribute("x", r.x) + xml_attribute("y", r.y) + xml_attribute("width", r.width) +
         xml_attribute("height", r.height);
}

}  // namespace

std::string svg_text(double x, double y, std::string_view text, const TextStyle& style) {
  std::string out = "<text" + xml_attribute("x", x) + xml_attribute("y", y) +
                    xml_attribute("font-size", style.size) +
                    xml_attribute("fill", hex(style.color));
  if (style.anchor != Anchor::start) out += xml_attribute("text-anchor", word_of(style.anchor));
  if (style.bold) out += xml_attribute("font-weight", "bold");
  return out + ">" + drawable_xml(text) + "</text>\n";
}

std::string svg_rect(const Rect& rect, Color fill, const Stroke& stroke) {
  std::string out = "<rect" + geometry(rect) + xml_attribute("fill", hex(fill)) + look(stroke);
  if (stroke.radius > 0) out += xml_attribute("rx", stroke.radius);
  return out + "/>\n";
}

std::string svg_pattern_rect(const Rect& rect, std::string_view pattern_id) {
  return "<rect" + geometry(rect) + xml_attribute("fill", "url(#" + std::string(pattern_id) + ")") +
         xml_attribute("stroke", "none") + "/>\n";
}

std::string svg_line(double x1, double y1, double x2, double y2, const Stroke& stroke) {
  return "<line" + xml_attribute("x1", x1) + xml_attribute("y1", y1) + xml_attribute("x2", x2) +
         xml_attribute("y2", y2) + look(stroke) + "/>\n";
}

std::string svg_hatch(std::string_view id, Color line) {
  return "<defs><pattern" + xml_attribute("id", id) + xml_attribute("width", 6) +
         xml_attribute("height", 6) + xml_attribute("patternUnits", "userSpaceOnUse") +
         xml_attribute("patternTransform", "rotate(45)") + "><line" + xml_attribute("x1", 0.0) +
         xml_attribute("y1", 0.0) + xml_attribute("x2", 0.0) + xml_attribute("y2", 6.0) +
         xml_attribute("stroke", hex(line)) + xml_attribute("stroke-width", 1.6) +
         "/></pattern></defs>\n";
}

std::string svg_devices(const std::vector<std::string>& devices) {
  if (devices.empty()) return "";
  std::string list;
  for (const std::string& d : devices) list += (list.empty() ? "" : " ") + safe_id(d);
  return xml_attribute("data-gpu", list);
}

std::string svg_group(const SvgGroup& group, std::string_view content) {
  return "<g" + xml_attribute("id", group.id) + xml_attribute("class", group.css_class) +
         svg_devices(group.devices) + "><title>" + drawable_xml(group.title) + "</title>\n" +
         std::string(content) + "</g>\n";
}

}  // namespace rigtopo
