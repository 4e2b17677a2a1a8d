// From what Graphviz wrote to a drawing of ours: prolog, comments and its titles go, spoken titles,
// devices and the frames of groups come.
#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

#include "base/text.hpp"
#include "render/dot.hpp"
#include "render/svg.hpp"

namespace rigtopo {
namespace {

/// Text between `from` and `to` in `text`, searched from `start` on.
std::optional<std::string_view> between(std::string_view text, std::string_view from,
                                        std::string_view to, std::size_t start = 0) {
  const std::size_t begin = text.find(from, start);
  if (begin == text.npos) return std::nullopt;
  const std::size_t first = begin + from.size();
  const std::size_t end = text.find(to, first);
  if (end == text.npos) return std::nullopt;
  return text.substr(first, end - first);
}

double number_at(std::string_view& text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

std::string without_comments(std::string_view text) {
  std::string out;
  while (true) {
    const std::size_t begin = text.find("<!--");
    out += text.substr(0, begin);
    if (begin == text.npos) return out;
    const std::size_t end = text.find("-->", begin);
    if (end == text.npos) return out;
    text.remove_prefix(end + 3);
    if (text.starts_with('\n')) text.remove_prefix(1);
  }
}

/// Graphviz writes every hyphen as a reference, ids included.
std::string with_hyphens(std::string text) {
  constexpr std::string_view reference = "&#45;";
  std::size_t at = 0;
  while ((at = text.find(reference, at)) != text.npos) text.replace(at++, reference.size(), "-");
  return text;
}

struct Area {
  double left = std::numeric_limits<double>::infinity();
  double top = std::numeric_limits<double>::infinity();
  double right = -std::numeric_limits<double>::infinity();
  double bottom = -std::numeric_limits<double>::infinity();
  bool empty() const { return left > right; }
  void include(const Area& o) {
    left = std::min(left, o.left);
    top = std::min(top, o.top);
    right = std::max(right, o.right);
    bottom = std::max(bottom, o.bottom);
  }
};

/// Frames of the groups: around their boxes and the frames inside them.
std::vector<Area> frames_of(const Scene& scene, const std::vector<NodeArea>& nodes) {
  std::vector<Area> frames(scene.groups.size());
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const Box& box = scene.boxes[i];
    const NodeArea& n = nodes[i];
    if (box.group) {
      frames[*box.group].include({n.x, n.y + box.space_above, n.x + n.width, n.y + n.height});
    }
  }
  // Groups come after their parents: from the last to the first, all inner frames are known.
  for (std::size_t i = frames.size(); i-- > 0;) {
    if (frames[i].empty()) continue;
    frames[i].left -= frame_margin;
    frames[i].top -= 3;
    frames[i].right += frame_margin;
    frames[i].bottom += frame_margin - 1;
    if (scene.groups[i].parent) frames[*scene.groups[i].parent].include(frames[i]);
  }
  return frames;
}

std::string draw_frames(const Scene& scene, const std::vector<Area>& frames) {
  std::string out;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const Group& g = scene.groups[i];
    const Area& a = frames[i];
    if (a.empty()) continue;
    out += svg_group({svg_id(scene, g.id), g.title, "group", {}},
                     svg_rect({a.left, a.top, a.right - a.left, a.bottom - a.top}, g.fill,
                              {g.border, g.frame, 8, ""}));
  }
  return out;
}

/// A bend has a little size: Graphviz ends the wires at its sides, and this closes the gap.
std::string draw_bend(const Scene& scene, BoxId bend, const std::vector<NodeArea>& nodes) {
  constexpr double half = 3;
  const double x = nodes[bend].x + nodes[bend].width / 2;
  const double y = nodes[bend].y + nodes[bend].height / 2;
  for (const Wire& w : scene.wires) {
    if (w.to != bend || !w.css_class.empty()) continue;
    return svg_line(x - half, y, x + half, y, {w.color, w.width, 0, ""});
  }
  return "";
}

/// What is said of a part, whom it belongs to, and what we draw of it.
struct Spoken {
  std::string title;
  const std::vector<std::string>* devices = nullptr;
  std::string drawn;
};

std::map<std::string, Spoken, std::less<>> spoken_parts(const Scene& scene,
                                                        const std::vector<NodeArea>& nodes) {
  std::map<std::string, Spoken, std::less<>> parts;
  for (const Wire& w : scene.wires) parts[svg_id(scene, w.id)] = {w.title, &w.devices, ""};
  for (BoxId i = 0; i < scene.boxes.size(); ++i) {
    const Box& b = scene.boxes[i];
    std::string title = b.title;
    if (title.empty()) {
      for (const Line& line : b.lines) title += (title.empty() ? "" : "; ") + text_of(line);
    }
    const bool bend = b.shape == BoxShape::bend && i < nodes.size();
    parts[svg_id(scene, b.id)] = {std::move(title), &b.devices,
                                  bend ? "\n" + draw_bend(scene, i, nodes) : ""};
  }
  return parts;
}

/// The start of a group with its devices and its spoken title.
std::string group_start(std::string_view tag, const Spoken* spoken) {
  std::string out(tag.substr(0, tag.size() - 1));
  if (spoken != nullptr) out += svg_devices(*spoken->devices);
  out += ">";
  if (spoken != nullptr)
    out += "\n<title>" + xml_escaped(drawable(spoken->title)) + "</title>" + spoken->drawn;
  return out;
}

/// `whole` with the titles of Graphviz replaced by ours and `frames` put behind everything.
std::string with_titles(const Scene& scene, const std::vector<NodeArea>& nodes,
                        std::string_view whole, const std::string& frames) {
  const auto parts = spoken_parts(scene, nodes);
  const std::string root = svg_id(scene, "drawing");
  std::string out;
  std::size_t at = 0;
  while (true) {
    const std::size_t begin = whole.find("<g id=\"", at);
    out += whole.substr(at, begin - at);
    if (begin == whole.npos) return out;
    const std::size_t end = whole.find('>', begin) + 1;
    const std::string_view tag = whole.substr(begin, end - begin);
    const std::string_view id = between(tag, "id=\"", "\"").value_or("");
    const auto found = parts.find(id);
    out += group_start(tag, found == parts.end() ? nullptr : &found->second);
    at = end;
    const std::size_t title_end = whole.find("</title>", at);
    if (whole.substr(at).starts_with("\n<title>") && title_end != whole.npos) {
      at = title_end + std::string_view("</title>").size();
    }
    if (id == root) out += "\n" + frames;
  }
}

/// Where Graphviz put the origin of its coordinates.
std::pair<double, double> origin_of(std::string_view svg) {
  std::string_view numbers = between(svg, "translate(", ")").value_or("0 0");
  const double x = number_at(numbers);
  return {x, number_at(numbers)};
}

}  // namespace

Drawing drawing_of(const Scene& scene, const GraphvizResult& laid_out) {
  Drawing drawing;
  const std::string svg = with_hyphens(without_comments(laid_out.svg));
  if (auto box = between(svg, "viewBox=\"", "\"")) {
    std::string_view numbers = *box;
    number_at(numbers);
    number_at(numbers);
    drawing.width = number_at(numbers);
    drawing.height = number_at(numbers);
  }
  const std::size_t first = svg.find("<g id=\"");
  const std::size_t last = svg.rfind("</svg>");
  if (first == svg.npos || last == svg.npos) return drawing;

  // Frames reach further out than the boxes that Graphviz knows of.
  const std::vector<Area> frames = frames_of(scene, laid_out.nodes);
  const auto [x, y] = origin_of(svg);
  Area all{0, 0, drawing.width, drawing.height};
  for (const Area& f : frames) {
    if (!f.empty()) all.include({f.left + x - 1, f.top + y - 1, f.right + x + 1, f.bottom + y + 1});
  }
  drawing.width = all.right - all.left;
  drawing.height = all.bottom - all.top;
  drawing.content =
      "<g transform=\"translate(" + coordinate(-all.left) + " " + coordinate(-all.top) + ")\">\n" +
      with_titles(scene, laid_out.nodes, std::string_view(svg).substr(first, last - first),
                  draw_frames(scene, frames)) +
      "</g>\n";
  return drawing;
}

}  // namespace rigtopo
