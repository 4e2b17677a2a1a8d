// Own SVG: primitives, the page that frames every picture, and the cleaning of what Graphviz wrote.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "render/graphviz.hpp"
#include "render/scene.hpp"

namespace rigtopo {

enum class Anchor { start, middle, end };

struct TextStyle {
  double size = 9;
  Color color = Color::ink;
  bool bold = false;
  Anchor anchor = Anchor::start;
};
struct Rect {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
};
struct Stroke {
  Color color = Color::none;
  double width = 1;
  double radius = 0;      // of the corners of rectangles
  std::string_view dash;  // dash array; empty: solid
};

/// Elements as text, each with a newline. Coordinates in points, at most two decimals.
std::string svg_text(double x, double y, std::string_view text, const TextStyle& style);
std::string svg_rect(const Rect& rect, Color fill, const Stroke& stroke = {});
/// A rectangle filled with the hatch of used lanes or the like: `fill` is url(#id).
std::string svg_pattern_rect(const Rect& rect, std::string_view pattern_id);
std::string svg_line(double x1, double y1, double x2, double y2, const Stroke& stroke);

/// Diagonal lines; `id` must be unique in the document.
std::string svg_hatch(std::string_view id, Color line);

/// A group with id, spoken title and the devices it belongs to (attribute data-gpu).
struct SvgGroup {
  std::string id;
  std::string title;
  std::string css_class = "thing";
  std::vector<std::string> devices;
};
/// ` data-gpu="gpu0 gpu1"`; empty without devices.
std::string svg_devices(const std::vector<std::string>& devices);
std::string svg_group(const SvgGroup& group, std::string_view content);

/// The drawing inside the page.
struct Drawing {
  std::string content;
  double width = 0;
  double height = 0;
};

/// What surrounds it.
struct PageText {
  std::string id;  // "pcie"
  std::string title;
  std::string summary;  // after the verdict
  std::string spoken;   // further sentences of the description
  std::vector<LegendEntry> legend;
  std::vector<std::string> notes;
};

/// A whole SVG document: title, verdict, drawing, notes, legend, title block. role=img with title
/// and description; prints light, follows a dark screen.
std::string svg_page(const PageText& page, const Drawing& drawing, const PictureContext& context);

/// The drawing out of what Graphviz made: without prolog, comments and outer element; every part of
/// the scene gets its spoken title and devices, groups their frames.
Drawing drawing_of(const Scene& scene, const GraphvizResult& laid_out);

}  // namespace rigtopo
