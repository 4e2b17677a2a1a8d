// A picture before it has a format: boxes with lines of text, ports and load bars, wires between
// them, nested groups, columns from source to load, a legend. Knows neither DOT nor SVG nor rules.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "render/render.hpp"
#include "render/style.hpp"

namespace rigtopo {

/// A stretch of text of one look.
struct Run {
  std::string text;
  int size = 9;  // points
  Color color = Color::ink;
  bool bold = false;
};

/// A load bar: "840 / 1600 W", the bar, "53 %". From 85 % on it says "!".
struct Meter {
  std::string text;
  std::optional<int> percent;  // absent: the limit is not known
  bool high = false;
  Color color = Color::muted;
};

/// One line of a box. `port`: wires may end here.
struct Line {
  std::vector<Run> runs;
  std::optional<Meter> meter;
  Color fill = Color::none;
  std::string port;
};

/// A part with a frame; a number on a wire; the heading of a group, without a frame; a point that
/// leads a wire through a column, so that it keeps its place among the boxes there.
enum class BoxShape { part, pill, heading, bend };

using BoxId = std::size_t;
using GroupId = std::size_t;

struct Box {
  std::string id;     // unique in the picture: "gpu0", "lanes-PCIE1"
  std::string title;  // spoken; empty: the text of all lines
  BoxShape shape = BoxShape::part;
  Color fill = Color::paper;
  Color border = Color::line;
  double frame = 1;
  int width = 0;        // least width in points
  int space_above = 0;  // points kept free; only for boxes without wires
  std::optional<GroupId> group;
  int column = 0;  // from source to load
  std::vector<Line> lines;
  std::vector<std::string> subjects;  // ids in findings that mean this box
  std::vector<std::string> devices;   // devices whose path leads through it
};

struct Wire {
  std::string id;
  std::string title;
  BoxId from = 0;
  BoxId to = 0;
  std::string from_port;
  std::string to_port;
  Color color = Color::line;
  double width = 1;
  std::string css_class;
  bool twin = false;  // two parallel lines
  int straight = 1;   // how hard the wire pulls itself straight
  int length = 1;     // least columns it spans; longer ones bend more gently
  std::vector<std::string> devices;
};

struct Group {
  std::string id;
  std::string title;  // spoken
  std::optional<GroupId> parent;
  Color fill = Color::none;
  Color border = Color::line;
  double frame = 1;
};

struct LegendEntry {
  enum class Sample { line, twin_line, box, hatch, text };
  Sample sample = Sample::text;
  Color color = Color::ink;
  double width = 1;
  std::string_view dash;  // SVG dash array
  std::string label;
};

class Scene {
 public:
  std::string id;        // "pcie"
  std::string title;     // "PCIe topology: name"
  std::string subtitle;  // what the picture sums up, after the verdict
  std::vector<Group> groups;
  std::vector<Box> boxes;
  std::vector<Wire> wires;
  std::vector<LegendEntry> legend;
  std::vector<std::string> notes;  // printed below the drawing

  /// Adds it and returns its index; an id that is taken gets "-2", "-3" ... appended.
  GroupId add(Group group);
  BoxId add(Box box);
  std::size_t add(Wire wire);
  /// A bend of `devices` in `column`.
  BoxId add_bend(int column, std::string id, std::vector<std::string> devices);
  /// Adds an entry unless there is an equal one.
  void explain(LegendEntry entry);

 private:
  std::string unique(std::string wanted);
  std::map<std::string, int, std::less<>> taken_;
};

// ---- lines
// ---------------------------------------------------------------------------------------

/// "gpu0  RTX 4090": bold name, then a word or two.
Line name_line(std::string_view name, std::string_view words, int size = 11);
/// Secondary text.
Line small_line(std::string_view text, Color color = Color::muted, bool bold = false);
/// `words`, load against limit, bar. `understated`: the load is at least this.
Line meter_line(std::string_view words, double actual, std::optional<double> limit,
                std::string_view unit, Color color, bool understated = false);
/// Plain text of a line, for spoken titles.
std::string text_of(const Line& line);
/// Breaks text at blanks into lines no wider than `width` points.
std::vector<std::string> wrapped(std::string_view text, double width, int size, bool bold);
/// Cuts text to `width` points, with an ellipsis when something was cut.
std::string shortened(std::string_view text, double width, int size, bool bold = false);

/// Marks findings on the boxes they are about: code, name, actual and limit on the first box, the
/// code alone on further ones. `letters`: first letters of the codes this picture shows. Findings
/// about nothing drawn become notes.
void mark_findings(Scene& scene, const PictureContext& context, std::string_view letters);

/// "P101 supply overloaded: 1290 / 1200 W".
std::string finding_words(const Diagnostic& finding);

/// Makes the parts of a column equally wide, so that they stand in line, and leaves room for the
/// frames of groups that end between two of them.
void level_columns(Scene& scene);

/// Share of `limit` in whole percent, rounded, but never down to 100 when it is over.
int percent_of(double actual, double limit);

}  // namespace rigtopo
