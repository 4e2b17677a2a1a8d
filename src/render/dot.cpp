// Scene to graph attributes and HTML tables; graph to DOT text.
#include "render/dot.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"

namespace rigtopo {
namespace {

constexpr std::string_view nbsp = "\xc2\xa0";
constexpr int bar_width = 52;
constexpr int bar_height = 7;

std::string dot_quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string font(const Run& run, const std::string& text) {
  return "<FONT" + xml_attribute("COLOR", hex(run.color)) +
         xml_attribute("POINT-SIZE", std::to_string(run.size)) + ">" +
         (run.bold ? "<B>" + text + "</B>" : text) + "</FONT>";
}

// Graphviz measures bold text as if it were regular, and a no-break space by its two bytes, twice
// too wide. So such spaces at the end pay for what bold text is wider, and keep the gap to what
// follows, where a plain blank would be trimmed.
std::string html(const Run& run, bool last) {
  if (run.text.empty()) return "";
  constexpr double measured_space = 0.61;  // of the size: the widths of its bytes in Arial
  double missing = last ? 0 : 3;
  if (run.bold) {
    missing += text_width(run.text, run.size, true) - text_width(run.text, run.size, false);
  }
  // Even in HTML, Graphviz puts the name of the node for "\\N" and the like. A backslash at the end
  // of a stretch of text is only a backslash.
  std::string out;
  std::string rest = drawable_xml(run.text);
  for (std::size_t at = rest.find('\\'); at != rest.npos; at = rest.find('\\')) {
    out += font(run, rest.substr(0, at + 1));
    rest.erase(0, at + 1);
  }
  const auto spaces = static_cast<int>(std::ceil(missing / (measured_space * run.size)));
  for (int i = 0; i < spaces; ++i) rest += nbsp;
  return rest.empty() ? out : out + font(run, rest);
}

std::string html(const std::vector<Run>& runs) {
  std::string out;
  for (std::size_t i = 0; i < runs.size(); ++i) out += html(runs[i], i + 1 == runs.size());
  return out;
}

std::string fixed_cell(int width, Color fill) {
  return "<TD" + xml_attribute("BGCOLOR", hex(fill)) + xml_attribute("FIXEDSIZE", "TRUE") +
         xml_attribute("HEIGHT", std::to_string(bar_height)) +
         xml_attribute("WIDTH", std::to_string(width)) + "></TD>";
}

/// Two coloured cells of fixed size.
std::string bar(const Meter& meter) {
  const int percent = std::min(meter.percent.value_or(0), 100);
  const int filled = percent == 0 ? 0 : std::max(2, bar_width * percent / 100);
  std::string cells;
  if (filled > 0) cells += fixed_cell(filled, meter.color);
  if (filled < bar_width) cells += fixed_cell(bar_width - filled, Color::track);
  return "<TABLE" + xml_attribute("BORDER", "0") + xml_attribute("CELLBORDER", "0") +
         xml_attribute("CELLPADDING", "0") + xml_attribute("CELLSPACING", "0") +
         xml_attribute("FIXEDSIZE", "TRUE") + xml_attribute("HEIGHT", std::to_string(bar_height)) +
         xml_attribute("WIDTH", std::to_string(bar_width)) + "><TR>" + cells + "</TR></TABLE>";
}

std::string cell(std::string_view align, const std::string& content,
                 std::string_view further = "") {
  return "<TD" + xml_attribute("ALIGN", align) + std::string(further) + ">" + content + "</TD>";
}

std::string port_of(const Line& line) {
  return line.port.empty() ? "" : xml_attribute("PORT", safe_id(line.port));
}

std::string meter_cells(const Line& line, bool with_words) {
  const Meter& meter = *line.meter;
  const std::string percent =
      meter.percent ? std::to_string(*meter.percent) + " %" + (meter.high ? " !" : "") : "?";
  const Run amount{meter.text, 9, Color::ink, false};
  const Run share{percent, 9, meter.high || !meter.percent ? Color::alarm : Color::ink, true};
  return (with_words ? cell("LEFT", html(line.runs)) : "") + cell("RIGHT", html(amount, true)) +
         cell("LEFT", bar(meter)) + cell("RIGHT", html(share, true), port_of(line));
}

/// Columns of a table: 1, or 3 with load bars, or 4 with words in front of them.
std::string row(const Line& line, int columns, int width) {
  if (line.meter) {
    std::string before;
    if (width > 0) {  // a cell over all columns gives them their width
      before = "<TR><TD" + xml_attribute("COLSPAN", std::to_string(columns)) +
               xml_attribute("CELLPADDING", "0") + xml_attribute("WIDTH", std::to_string(width)) +
               "></TD></TR>";
    }
    return before + "<TR>" + meter_cells(line, columns == 4) + "</TR>";
  }
  std::string further;
  if (line.fill != Color::none) further += xml_attribute("BGCOLOR", hex(line.fill));
  if (columns > 1) further += xml_attribute("COLSPAN", std::to_string(columns));
  further += port_of(line);
  if (width > 0) further += xml_attribute("WIDTH", std::to_string(width));
  return "<TR>" + cell("LEFT", html(line.runs), further) + "</TR>";
}

/// Text of a pill: centred, so it needs no room at one end.
std::string pill_row(const Line& line) {
  std::string text;
  for (const Run& run : line.runs) text += html({run.text, run.size, run.color, false}, true);
  return "<TR>" + cell("CENTER", "<B>" + text + "</B>") + "</TR>";
}

std::string table(const Box& box) {
  const bool pill = box.shape == BoxShape::pill;
  int columns = 1;
  for (const Line& line : box.lines) {
    if (line.meter) columns = std::max(columns, text_of({line.runs, {}, {}, {}}).empty() ? 3 : 4);
  }
  std::string rows;
  for (const Line& line : box.lines) {
    rows += pill ? pill_row(line) : row(line, columns, rows.empty() ? box.width : 0);
  }
  const bool heading = box.shape == BoxShape::heading;
  std::string out = "<TABLE";
  if (!heading) out += xml_attribute("BGCOLOR", hex(box.fill));
  out += xml_attribute("BORDER", heading ? "0" : coordinate(box.frame)) +
         xml_attribute("CELLBORDER", "0") + xml_attribute("CELLPADDING", heading ? "1" : "2") +
         xml_attribute("CELLSPACING", "0");
  if (!heading) out += xml_attribute("COLOR", hex(box.border));
  if (pill) out += xml_attribute("STYLE", "ROUNDED");
  out += ">" + rows + "</TABLE>";
  if (box.space_above == 0) return out;
  return "<TABLE" + xml_attribute("BORDER", "0") + xml_attribute("CELLBORDER", "0") +
         xml_attribute("CELLPADDING", "0") + xml_attribute("CELLSPACING", "0") + "><TR><TD" +
         xml_attribute("HEIGHT", std::to_string(box.space_above)) + "></TD></TR><TR><TD>" + out +
         "</TD></TR></TABLE>";
}

DotAttributes sorted(DotAttributes attributes) {
  std::sort(attributes.begin(), attributes.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  return attributes;
}

DotValue plain(std::string_view text) { return {std::string(text), false}; }

std::string node_name(const Scene& scene, const Box& box) {
  return safe_id(box.id) + "." + scene.id;
}

DotGroup dot_group(const Scene& scene, const Group& group) {
  return {"group_" + safe_id(group.id) + "." + scene.id,
          {{"id", plain(svg_id(scene, group.id))}},
          group.parent};
}

DotNode node(const Scene& scene, const Box& box) {
  if (box.shape == BoxShape::bend) {  // a point without a size: the wire runs through
    return {node_name(scene, box),
            {{"class", plain("bend")},
             {"fixedsize", plain("true")},
             {"height", plain("0")},
             {"id", plain(svg_id(scene, box.id))},
             {"label", plain("")},
             {"shape", plain("none")},
             {"width", plain("0")}},
            box.group};
  }
  DotAttributes a{{"class", plain(box.shape == BoxShape::part ? "thing" : "mark")},
                  {"id", plain(svg_id(scene, box.id))},
                  {"label", {table(box), true}}};
  return {node_name(scene, box), sorted(std::move(a)), box.group};
}

std::string end_of(const std::string& port, std::string_view side) {
  return port.empty() ? std::string(side) : safe_id(port) + ":" + std::string(side);
}

DotEdge edge(const Scene& scene, const Wire& wire) {
  const std::string line(hex(wire.color));
  const std::string gap(hex(Color::paper));
  std::string look = "wire";
  if (!wire.css_class.empty()) look += " " + wire.css_class;
  DotAttributes a{{"class", plain(look)},
                  {"color", plain(wire.twin ? line + ":" + gap + ":" + line : line)},
                  {"headport", plain(end_of(wire.to_port, "w"))},
                  {"id", plain(svg_id(scene, wire.id))},
                  {"penwidth", plain(coordinate(wire.width))},
                  {"tailport", plain(end_of(wire.from_port, "e"))},
                  {"weight", plain(std::to_string(wire.straight))}};
  if (wire.length > 1) a.emplace_back("minlen", plain(std::to_string(wire.length)));
  // For readers of the DOT without our style sheet; Graphviz knows no other dashes.
  if (!wire.css_class.empty()) a.emplace_back("style", plain("dashed"));
  return {safe_id(wire.id) + "." + scene.id, wire.from, wire.to, sorted(std::move(a))};
}

DotEdge hidden_edge(const std::string& name, std::size_t from, std::size_t to) {
  return {name,
          from,
          to,
          {{"class", plain("order")},
           {"headport", plain("_")},
           {"style", plain("invis")},
           {"tailport", plain("_")},
           {"weight", plain("1")}}};  // 0 would not keep the order
}

/// Boxes of one column stand below one another in the scene's order, columns from left to right.
void add_columns(DotGraph& graph, const Scene& scene) {
  int most = 0;
  for (const Box& box : scene.boxes) most = std::max(most, box.column);
  for (int c = 0; c <= most; ++c) {
    std::vector<std::size_t> column;
    for (std::size_t i = 0; i < scene.boxes.size(); ++i) {
      if (scene.boxes[i].column == c) column.push_back(i);
    }
    if (!column.empty()) graph.columns.push_back(std::move(column));
  }
  for (std::size_t c = 0; c < graph.columns.size(); ++c) {
    const auto& column = graph.columns[c];
    const std::string name = "column" + std::to_string(c);
    for (std::size_t i = 1; i < column.size(); ++i) {
      const std::string edge_name = name + "." + std::to_string(i);
      graph.edges.push_back(hidden_edge(edge_name, column[i - 1], column[i]));
    }
    if (c > 0) {
      graph.edges.push_back(hidden_edge(name, graph.columns[c - 1].front(), column.front()));
    }
  }
}

void write(std::string& out, std::string_view indent, std::string_view what,
           const DotAttributes& attributes) {
  out += std::string(indent) + std::string(what) + " [";
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    const auto& [name, value] = attributes[i];
    if (i > 0) out += " ";
    out += name + "=" + (value.html ? "<" + value.text + ">" : dot_quoted(value.text));
  }
  out += "];\n";
}

void write_group(std::string& out, const DotGraph& graph, std::size_t index, int depth) {
  const DotGroup& group = graph.groups[index];
  const std::string indent(static_cast<std::size_t>(2 * depth), ' ');
  out += indent + "subgraph " + dot_quoted(group.name) + " {\n";
  write(out, indent + "  ", "graph", group.attributes);
  for (std::size_t i = 0; i < graph.groups.size(); ++i) {
    if (graph.groups[i].parent == index) write_group(out, graph, i, depth + 1);
  }
  for (const DotNode& n : graph.nodes) {
    if (n.group == index) out += indent + "  " + dot_quoted(n.name) + ";\n";
  }
  out += indent + "}\n";
}

}  // namespace

std::string svg_id(const Scene& scene, std::string_view thing) {
  return scene.id + "-" + safe_id(thing);
}

DotGraph dot_graph(const Scene& scene) {
  DotGraph graph;
  graph.name = scene.id;
  graph.graph_defaults = {{"bgcolor", plain("none")},
                          {"charset", plain("UTF-8")},
                          {"fontname", plain("Arial")},
                          {"fontsize", plain("11")},
                          {"id", plain(svg_id(scene, "drawing"))},
                          {"newrank", plain("true")},
                          {"nodesep", plain("0.1")},
                          {"outputorder", plain("edgesfirst")},
                          {"pad", plain("0.05")},
                          {"rankdir", plain("LR")},
                          {"ranksep", plain("0.4")},
                          {"splines", plain("true")}};
  graph.node_defaults = {
      {"fontname", plain("Arial")}, {"fontsize", plain("9")}, {"shape", plain("plain")}};
  graph.edge_defaults = {{"arrowhead", plain("none")}};
  for (const Group& g : scene.groups) graph.groups.push_back(dot_group(scene, g));
  for (const Box& b : scene.boxes) graph.nodes.push_back(node(scene, b));
  for (const Wire& w : scene.wires) graph.edges.push_back(edge(scene, w));
  add_columns(graph, scene);
  return graph;
}

std::string dot_text(const DotGraph& graph) {
  std::string out = "digraph " + dot_quoted(graph.name) + " {\n";
  write(out, "  ", "graph", graph.graph_defaults);
  write(out, "  ", "node", graph.node_defaults);
  write(out, "  ", "edge", graph.edge_defaults);
  for (const DotNode& n : graph.nodes) write(out, "  ", dot_quoted(n.name), n.attributes);
  for (std::size_t i = 0; i < graph.groups.size(); ++i) {
    if (!graph.groups[i].parent) write_group(out, graph, i, 1);
  }
  for (const auto& column : graph.columns) {
    out += "  { rank=same;";
    for (const std::size_t i : column) out += " " + dot_quoted(graph.nodes[i].name) + ";";
    out += " }\n";
  }
  for (const DotEdge& e : graph.edges) {
    DotAttributes attributes = e.attributes;
    attributes.emplace_back("key", plain(e.name));
    const std::string ends =
        dot_quoted(graph.nodes[e.from].name) + " -> " + dot_quoted(graph.nodes[e.to].name);
    write(out, "  ", ends, sorted(std::move(attributes)));
  }
  return out + "}\n";
}

}  // namespace rigtopo
