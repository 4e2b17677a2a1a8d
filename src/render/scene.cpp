// Scenes and their lines; how findings are put on parts.
#include "render/scene.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"

namespace rigtopo {
namespace {

constexpr double widest_mark = 190;  // points; findings wrap beyond
constexpr int high_percent = 85;     // from here on a bar says "!"

std::string with_blanks(std::string_view name) {
  std::string words(name);
  std::replace(words.begin(), words.end(), '-', ' ');
  return words;
}

bool is_about(const Box& box, std::string_view subject) {
  return box.id == subject ||
         std::find(box.subjects.begin(), box.subjects.end(), subject) != box.subjects.end();
}

/// The box a subject means: itself, else what it belongs to ("gpu3.16pin" -> "gpu3").
Box* find_box(Scene& scene, std::string subject) {
  while (!subject.empty()) {
    for (Box& box : scene.boxes) {
      if (is_about(box, subject)) return &box;
    }
    const std::size_t dot = subject.rfind('.');
    subject.resize(dot == std::string::npos ? 0 : dot);
  }
  return nullptr;
}

void add_mark(Box& box, const Diagnostic& finding, bool in_full) {
  const bool error = finding.severity == Severity::error && !finding.allowed_by;
  if (error) {
    box.border = Color::vermillion;
    box.frame = 2;
  }
  const std::string text = in_full ? finding_words(finding) : "see " + finding.code;
  const double width = std::max<double>(widest_mark, box.width);
  for (const std::string& part : wrapped(text, width, 9, error)) {
    box.lines.push_back(small_line(part, Color::alarm, error));
  }
}

bool has_line(const Box& box, std::string_view text) {
  return std::any_of(box.lines.begin(), box.lines.end(),
                     [&](const Line& line) { return text_of(line) == text; });
}

void mark_finding(Scene& scene, const Diagnostic& finding) {
  std::vector<const Box*> marked;
  for (const std::string& subject : finding.subject) {
    Box* box = find_box(scene, subject);
    if (box == nullptr || std::find(marked.begin(), marked.end(), box) != marked.end()) continue;
    const bool in_full = marked.empty();
    marked.push_back(box);
    if (!in_full && has_line(*box, "see " + finding.code)) continue;
    add_mark(*box, finding, in_full);
  }
  if (marked.empty()) scene.notes.push_back(finding_words(finding));
}

/// Width of runs of text with the gaps behind them.
double runs_width(const Line& line) {
  double width = 0;
  for (const Run& run : line.runs) {
    if (!run.text.empty()) width += text_width(run.text, run.size, run.bold) + 6;
  }
  return width;
}

/// Least width of a box: its widest line, load bars counted by columns.
double natural_width(const Box& box) {
  constexpr double padding = 6;
  constexpr double bar_and_gaps = 52 + 4 * 4;
  double plain = 0;
  double words = 0;
  double amount = 0;
  double share = 0;
  for (const Line& line : box.lines) {
    if (!line.meter) {
      plain = std::max(plain, runs_width(line));
      continue;
    }
    words = std::max(words, runs_width(line));
    amount = std::max(amount, text_width(line.meter->text, 9, false));
    share = std::max(share, text_width(line.meter->high ? "100 % !" : "88 %", 9, true) + 4);
  }
  const double meters = amount > 0 ? words + amount + share + bar_and_gaps : 0;
  return std::max(plain, meters) + padding;
}

bool is_inside(const Scene& scene, std::optional<GroupId> group, GroupId outer) {
  while (group && *group != outer) group = scene.groups[*group].parent;
  return group.has_value();
}

/// How many groups of `above` end before `below` begins.
int groups_ended(const Scene& scene, const Box& above, const Box& below) {
  int ended = 0;
  for (auto g = above.group; g && !is_inside(scene, below.group, *g); g = scene.groups[*g].parent) {
    ++ended;
  }
  return ended;
}

void leave_room_for_frames(Scene& scene) {
  std::map<int, BoxId> last;  // by column
  for (BoxId i = 0; i < scene.boxes.size(); ++i) {
    Box& box = scene.boxes[i];
    if (const auto above = last.find(box.column); above != last.end()) {
      box.space_above = frame_margin * groups_ended(scene, scene.boxes[above->second], box);
    }
    last[box.column] = i;
  }
  for (const Wire& w : scene.wires) {
    for (const BoxId end : {w.from, w.to}) scene.boxes[end].space_above = 0;
  }
}

}  // namespace

std::string finding_words(const Diagnostic& finding) {
  const Diagnostic& d = finding;
  std::string text = d.code + " " + with_blanks(d.name);
  if (d.actual && d.limit) {
    const Pair pair = distinct(*d.actual, *d.limit);
    text += ": " + pair.actual + " / " + pair.limit;
    if (!d.unit.empty()) text += " " + d.unit;
  }
  if (d.allowed_by) text += " (allowed)";
  return text;
}

GroupId Scene::add(Group group) {
  group.id = unique(std::move(group.id));
  groups.push_back(std::move(group));
  return groups.size() - 1;
}

BoxId Scene::add(Box box) {
  box.id = unique(std::move(box.id));
  boxes.push_back(std::move(box));
  return boxes.size() - 1;
}

BoxId Scene::add_bend(int column, std::string bend_id, std::vector<std::string> devices) {
  Box box;
  box.id = std::move(bend_id);
  box.title = box.id;
  box.shape = BoxShape::bend;
  box.column = column;
  box.devices = std::move(devices);
  return add(std::move(box));
}

std::size_t Scene::add(Wire wire) {
  if (wire.id.empty()) wire.id = boxes[wire.from].id + "--" + boxes[wire.to].id;
  wire.id = unique(std::move(wire.id));
  wires.push_back(std::move(wire));
  return wires.size() - 1;
}

void Scene::explain(LegendEntry entry) {
  const bool there = std::any_of(legend.begin(), legend.end(), [&](const LegendEntry& e) {
    return e.label == entry.label && e.sample == entry.sample;
  });
  if (!there) legend.push_back(std::move(entry));
}

// Ids that differ may become alike when made safe for a format, so it is the safe ones that count.
std::string Scene::unique(std::string wanted) {
  const int number = ++taken_[safe_id(wanted)];
  if (number == 1) return wanted;
  return unique(wanted + "-" + std::to_string(number));
}

Line name_line(std::string_view name, std::string_view words, int size) {
  Line line;
  line.runs.push_back({std::string(name), size, Color::ink, true});
  if (!words.empty()) line.runs.push_back({std::string(words), 9, Color::ink, false});
  return line;
}

Line small_line(std::string_view text, Color color, bool bold) {
  Line line;
  line.runs.push_back({std::string(text), 9, color, bold});
  return line;
}

int percent_of(double actual, double limit) {
  if (limit <= 0) return actual > 0 ? 999 : 0;
  const double share = std::clamp(100 * actual / limit, 0.0, 9999.0);
  const bool over = exceeds(Percent{share}, Percent{100});
  return static_cast<int>(over ? std::max(101.0, std::round(share)) : std::round(share));
}

Line meter_line(std::string_view words, double actual, std::optional<double> limit,
                std::string_view unit, Color color, bool understated) {
  const auto digits = [](double v) { return number(v, std::fabs(v) < 100 ? 1 : 0); };
  Line line;
  line.runs.push_back({std::string(words), 9, Color::ink, false});
  Meter meter;
  meter.text = (understated ? "\xe2\x89\xa5" : "") + digits(actual) + " / " +
               (limit ? digits(*limit) : "?") + " " + std::string(unit);
  meter.color = color;
  if (limit) {
    meter.percent = percent_of(actual, *limit);
    meter.high = *meter.percent >= high_percent;
    if (*meter.percent > 100) meter.color = Color::vermillion;
  }
  line.meter = std::move(meter);
  return line;
}

std::string text_of(const Line& line) {
  std::string text;
  for (const Run& run : line.runs) {
    if (!text.empty() && !run.text.empty()) text += " ";
    text += run.text;
  }
  if (line.meter) {
    if (!text.empty()) text += " ";
    text += line.meter->text;
    text += line.meter->percent ? ", " + std::to_string(*line.meter->percent) + " %"
                                : ", limit not known";
  }
  return text;
}

std::vector<std::string> wrapped(std::string_view text, double width, int size, bool bold) {
  std::vector<std::string> lines(1);
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    std::string longer = lines.back() + (lines.back().empty() ? "" : " ") + std::string(word);
    if (text_width(longer, size, bold) <= width || lines.back().empty()) {
      lines.back() = std::move(longer);
    } else {
      lines.emplace_back(word);
    }
    text.remove_prefix(std::min(text.size(), word.size() + 1));
  }
  return lines;
}

std::string shortened(std::string_view text, double width, int size, bool bold) {
  std::string whole = drawable(text);
  if (text_width(whole, size, bold) <= width) return whole;
  const std::string ellipsis = "\xe2\x80\xa6";
  while (!whole.empty() && text_width(whole + ellipsis, size, bold) > width) {
    const auto is_middle = [&] {
      return (static_cast<unsigned char>(whole.back()) & 0xc0U) == 0x80;
    };
    while (whole.size() > 1 && is_middle()) whole.pop_back();
    whole.pop_back();
  }
  while (whole.ends_with(' ')) whole.pop_back();
  return whole + ellipsis;
}

void mark_findings(Scene& scene, const PictureContext& context, std::string_view letters) {
  for (const Diagnostic& finding : context.findings) {
    const bool ours = !finding.code.empty() && letters.find(finding.code[0]) != letters.npos;
    if (ours && finding.severity != Severity::note) mark_finding(scene, finding);
  }
}

void level_columns(Scene& scene) {
  std::map<int, int> widest;
  const auto has_width = [](const Box& box) {
    return box.shape == BoxShape::part || box.shape == BoxShape::heading;
  };
  for (const Box& box : scene.boxes) {
    if (!has_width(box)) continue;
    int& width = widest[box.column];
    width = std::max({width, box.width, static_cast<int>(std::ceil(natural_width(box)))});
  }
  for (Box& box : scene.boxes) {
    if (has_width(box)) box.width = widest[box.column];
  }
  leave_room_for_frames(scene);
}

}  // namespace rigtopo
