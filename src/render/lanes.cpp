// The lane budget as bars, one for each core: what its lanes are wired to, and which of them
// devices use. Lanes of a shared group are drawn in the mode that is set, else in the largest one.
#include "physics/lanes.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "physics/link.hpp"
#include "render/svg.hpp"
#include "render/views.hpp"

namespace rigtopo {
namespace {

constexpr double lane_size = 38;
constexpr double lane_height = 26;
constexpr double bar_left = 132;
constexpr double note_height = 13;
constexpr std::string_view picture_id = "lanes";

enum class Use { routed, onboard, xgmi, unrouted, unknown, over };

struct UseRow {
  Use use;
  Color fill;
  Color line;
  std::string_view words;
};
constexpr UseRow use_rows[] = {
    {Use::routed, Color::blue_tint, Color::blue, "connector"},
    {Use::onboard, Color::orange_tint, Color::orange, "on board"},
    {Use::xgmi, Color::purple_tint, Color::purple, "xGMI between sockets"},
    {Use::unrouted, Color::paper, Color::line, "not routed"},
    {Use::unknown, Color::track, Color::muted, "not known"},
    {Use::over, Color::vermillion_tint, Color::vermillion, "more than the core has"},
};
const UseRow& row_of(Use use) { return use_rows[static_cast<std::size_t>(use)]; }

/// A run of lanes of one core with one use.
struct Segment {
  std::string id;  // connector or on-board device; empty: nothing to name
  Use use{};
  int first = 0;
  int lanes = 0;
  int used = 0;
  std::vector<std::string> devices;
};

/// Lanes a member of a shared group gets, and the group's mode.
struct GroupView {
  const SharedGroup* group = nullptr;
  const GroupMode* mode = nullptr;
  bool decided = false;
};

class CoreBar {
 public:
  CoreBar(const Board& board, const CoreBudget& budget, const Rig* rig)
      : board_(board),
        budget_(budget),
        rig_(rig),
        taken_(static_cast<std::size_t>(std::max(0, budget.lanes))) {
    for (const SharedGroup& g : board.groups) {
      if (holds(g)) groups_.push_back(view_of(g));
    }
    for (const BoardConnector& c : board.connectors) place_connector(c);
    for (const GroupView& g : groups_) place_others(g);
    for (const FixedLanes& f : board.fixed_lanes) place_fixed(f);
    const int rest = static_cast<int>(std::count(taken_.begin(), taken_.end(), false));
    if (rest > 0) place({"not accounted for", Use::unknown, 0, rest, 0, {}});
    std::sort(segments_.begin(), segments_.end(),
              [](const Segment& a, const Segment& b) { return a.first < b.first; });
  }
  const std::vector<Segment>& segments() const { return segments_; }
  const std::vector<GroupView>& groups() const { return groups_; }

 private:
  bool holds(const SharedGroup& group) const {
    if (group.core.value == budget_.id) return true;
    return std::any_of(
        board_.connectors.begin(), board_.connectors.end(), [&](const BoardConnector& c) {
          return c.core.value == budget_.id && board_.group_of(c.id.value_or("")) == &group;
        });
  }
  GroupView view_of(const SharedGroup& group) const {
    GroupView view{&group, nullptr, false};
    const Fact<std::string>* decided =
        rig_ != nullptr ? rig_->layout.mode(group.id.value_or("")) : nullptr;
    int most = -1;
    for (const GroupMode& m : group.modes) {
      int sum = 0;
      for (const auto& member : m.lanes) sum += member.value.value_or(Lanes{0}).value;
      const bool chosen = decided != nullptr && decided->known() && m.id.value == **decided;
      if (chosen || (!view.decided && sum > most)) view.mode = &m;
      view.decided |= chosen;
      most = std::max(most, sum);
    }
    return view;
  }

  void place_connector(const BoardConnector& c) {
    if (c.core.value != budget_.id || !c.id.known()) return;
    int lanes = c.width.value_or(Lanes{0}).value;
    for (const GroupView& g : groups_) {
      if (board_.group_of(*c.id) != g.group || g.mode == nullptr) continue;
      int left = 0;
      for (const auto& member : g.mode->lanes) {
        if (member.key.value == *c.id) left = member.value.value_or(Lanes{0}).value;
      }
      lanes = std::min(lanes, left);
    }
    if (lanes <= 0) return;
    Segment s{*c.id, Use::routed, c.first_lane.value_or(0), lanes, 0, {}};
    if (rig_ != nullptr) add_users(s);
    place(std::move(s));
  }
  /// Devices on the connector or on a pair it belongs to; a pair's lanes fill it in order.
  void add_users(Segment& segment) const {
    for (const DevicePlace& place : rig_->layout.devices) {
      const auto path = rig_->link_path(place);
      const auto link = path ? trained_link(*path) : std::nullopt;
      int before = 0;
      for (const BoardConnector* c :
           path ? path->connectors : std::vector<const BoardConnector*>()) {
        if (c->id.value == segment.id) {
          add_once(segment.devices, *place.id);
          if (link) segment.used = std::clamp(link->width - before, segment.used, segment.lanes);
        }
        before += c->width.value_or(Lanes{0}).value;
      }
    }
  }
  /// Members of a group that are no connectors of ours: SATA and the like.
  void place_others(const GroupView& g) {
    if (g.mode == nullptr || g.group->core.value != budget_.id) return;
    for (const auto& member : g.mode->lanes) {
      if (!member.key.known() || board_.connector(*member.key) != nullptr) continue;
      place({*member.key, Use::routed, 0, member.value.value_or(Lanes{0}).value, 0, {}});
    }
  }
  void place_fixed(const FixedLanes& f) {
    if (f.core.value != budget_.id) return;
    const int lanes = f.width.value_or(Lanes{0}).value * f.count.value_or(1);
    constexpr Use uses[] = {Use::onboard, Use::xgmi, Use::unrouted, Use::unknown};
    const Use use = uses[static_cast<std::size_t>(f.use.value_or(LaneUse::unknown))];
    place({f.id.value_or(""), use, 0, lanes, 0, {}});
  }

  /// Puts a segment at its own lanes where these are free, else into the first gaps; what does not
  /// fit stands behind the last lane.
  void place(Segment segment) {
    if (segment.lanes <= 0) return;
    if (is_free(segment.first, segment.lanes)) {
      take(segment.first, segment.lanes);
      segments_.push_back(std::move(segment));
      return;
    }
    for (int first = 0; first + segment.lanes <= budget_.lanes; ++first) {
      if (!is_free(first, segment.lanes)) continue;
      segment.first = first;
      take(first, segment.lanes);
      segments_.push_back(std::move(segment));
      return;
    }
    scatter(std::move(segment));
  }
  void scatter(Segment segment) {
    int left = segment.lanes;
    for (int lane = 0; lane < budget_.lanes && left > 0; ++lane) {
      int run = 0;
      while (run < left && is_free(lane, run + 1)) ++run;
      if (run == 0) continue;
      Segment piece = segment;
      piece.first = lane;
      piece.lanes = run;
      piece.used = std::min(segment.used, run);
      segment.used -= piece.used;
      take(lane, run);
      segments_.push_back(std::move(piece));
      left -= run;
    }
    if (left <= 0) return;
    segment.use = Use::over;
    segment.first = budget_.lanes + over_;
    segment.lanes = left;
    segment.used = 0;
    over_ += left;
    segments_.push_back(std::move(segment));
  }
  bool is_free(int first, int lanes) const {
    if (first < 0 || first + lanes > budget_.lanes) return false;
    const auto begin = taken_.begin() + first;
    return std::none_of(begin, begin + lanes, [](bool t) { return t; });
  }
  void take(int first, int lanes) { std::fill_n(taken_.begin() + first, lanes, true); }

  const Board& board_;
  const CoreBudget& budget_;
  const Rig* rig_;
  std::vector<bool> taken_;
  std::vector<GroupView> groups_;
  std::vector<Segment> segments_;
  int over_ = 0;
};

double lane_x(int lane) { return bar_left + lane * lane_size; }

class LanesPicture {
 public:
  LanesPicture(const Board& board, const Cpu& cpu, int cpu_count, const Rig* rig,
               const PictureContext& context)
      : board_(board),
        cpu_(cpu),
        cpu_count_(cpu_count),
        rig_(rig),
        context_(context),
        budgets_(grouped_budget(board, cpu, cpu_count, rig)) {}

  std::string draw() {
    content_ = svg_hatch(std::string(picture_id) + "-hatch", Color::line);
    draw_total();
    draw_scale();
    for (std::size_t i = 0; i < budgets_.size(); ++i) draw_core(i);
    PageText page;
    page.id = picture_id;
    page.title =
        "Lane budget: " + (cpu_count_ > 1 ? std::to_string(cpu_count_) + " \xc3\x97 " : "") +
        cpu_.name.value_or(cpu_.id) + " on " + board_.name.value_or(board_.id);
    page.summary = summary();
    page.spoken = "One bar for each core, one step for each lane";
    page.legend = legend();
    return svg_page(page, {content_, width_ + 6, y_ + 4}, context_);
  }

 private:
  // ---- one bar
  // -----------------------------------------------------------------------------------

  /// The first of `words` that fits, else the last one cut.
  static std::string fitting(const std::vector<std::string>& words, double width) {
    for (const std::string& w : words) {
      if (text_width(drawable(w), 10, true) <= width) return drawable(w);
    }
    const std::string cut = shortened(words.back(), width, 10, true);
    return cut == "\xe2\x80\xa6" ? "" : cut;
  }

  void draw_segment(const Rect& box, const Segment& s, const std::vector<std::string>& words) {
    const UseRow& row = row_of(s.use);
    used_rows_.insert(s.use);
    content_ += svg_rect(box, row.fill, {row.line, 1.4, 2, ""});
    if (s.used > 0) {
      any_used_ = true;
      const double part = box.width * s.used / std::max(1, s.lanes);
      content_ += svg_pattern_rect({box.x + 1, box.y + 1, part - 2, box.height - 2},
                                   std::string(picture_id) + "-hatch");
    }
    const std::string text = fitting(words, box.width - 6);
    const double wide = text_width(text, 10, true);
    if (text.empty()) return;
    const double middle = box.x + box.width / 2;
    if (s.used > 0) {
      content_ += svg_rect({middle - wide / 2 - 3, box.y + 5, wide + 6, box.height - 10}, row.fill);
    }
    content_ += svg_text(middle, box.y + box.height / 2 + 3.5, text,
                         {10, Color::ink, true, Anchor::middle});
  }

  std::string segment_words(const Segment& s) const {
    std::string words = s.id.empty() ? std::string(row_of(s.use).words) : s.id;
    words += " x" + std::to_string(s.lanes);
    if (!s.devices.empty()) words += " \xc2\xb7 " + joined(s.devices);
    return words;
  }

  void draw_bar(const CoreBudget& b, const CoreBar& bar) {
    for (const Segment& s : bar.segments()) {
      const std::string words = segment_words(s);
      const double x = lane_x(s.first);
      width_ = std::max(width_, lane_x(s.first + s.lanes));
      std::string before;
      before.swap(content_);
      draw_segment({x, y_, s.lanes * lane_size, lane_height}, s,
                   {words, s.id + " x" + std::to_string(s.lanes), s.id});
      for (int lane = 1; lane < s.lanes; ++lane) {
        const double tick = x + lane * lane_size;
        const Stroke stroke{row_of(s.use).line, 0.9, 0, ""};
        content_ += svg_line(tick, y_, tick, y_ + 4, stroke);
        content_ += svg_line(tick, y_ + lane_height - 4, tick, y_ + lane_height, stroke);
      }
      const std::string title = b.id + " lanes " + std::to_string(s.first) + " to " +
                                std::to_string(s.first + s.lanes - 1) + ": " + words + " (" +
                                std::string(row_of(s.use).words) + "), " + std::to_string(s.used) +
                                " used";
      content_ =
          before +
          svg_group({std::string(picture_id) + "-" + safe_id(b.id) + "-" + std::to_string(s.first),
                     title, "thing", s.devices},
                    content_);
    }
  }

  /// A bracket under the lanes that a shared group may use, and its modes in words.
  void draw_group(const CoreBar& bar, const GroupView& g) {
    int first = 1000;
    int last = 0;
    for (const Segment& s : bar.segments()) {
      const bool member =
          g.mode != nullptr && std::any_of(g.mode->lanes.begin(), g.mode->lanes.end(),
                                           [&](const auto& m) { return m.key.value == s.id; });
      if (!member) continue;
      first = std::min(first, s.first);
      last = std::max(last, s.first + s.lanes);
    }
    if (first >= last) return;
    const Stroke stroke{Color::slate, 1.6, 0, ""};
    const double y = y_ + lane_height + 4;
    content_ += svg_line(lane_x(first) + 1, y, lane_x(last) - 1, y, stroke);
    for (const int lane : {first, last}) {
      const double x = lane_x(lane) + (lane == first ? 1 : -1);
      content_ += svg_line(x, y - 3, x, y, stroke);
    }
    any_group_ = true;
    write_note(group_words(g), Color::muted, y - y_ - lane_height + 1);
  }
  static std::string group_words(const GroupView& g) {
    std::string words = g.group->id.value_or("group") + " shares these lanes: ";
    std::vector<std::string> modes;
    for (const GroupMode& m : g.group->modes) {
      std::vector<std::string> members;
      for (const auto& member : m.lanes) {
        members.push_back(member.key.value_or("?") + " " +
                          to_text(member.value.value_or(Lanes{0})));
      }
      modes.push_back(m.id.value_or("?") + " (" + joined(members) + ")");
    }
    words += joined(modes, " or ");
    if (g.decided) return words + "; set to " + g.mode->id.value_or("?");
    return words + (g.mode != nullptr ? "; drawn as " + g.mode->id.value_or("?") : "");
  }

  /// A line of text below the current bar; `notes_` counts them.
  void write_note(const std::string& text, Color color, double gap) {
    for (const std::string& part :
         wrapped(drawable(text), 16 * lane_size, 9, color == Color::alarm)) {
      notes_ += note_height;
      content_ += svg_text(bar_left, y_ + lane_height + notes_ + gap - 3, part,
                           {9, color, color == Color::alarm, Anchor::start});
    }
  }

  void draw_core(std::size_t index) {
    const CoreBudget& b = budgets_[index];
    const bool first_of_complex = index == 0 || budgets_[index - 1].complex != b.complex;
    if (first_of_complex) draw_divider(index);
    const CoreBar bar(board_, b, rig_);
    const std::size_t dot = b.id.find('.');
    content_ += svg_text(bar_left - 34, y_ + 17, dot == b.id.npos ? b.id : b.id.substr(dot + 1),
                         {12, Color::ink, true, Anchor::end});
    content_ += svg_text(bar_left - 7, y_ + 17, to_text(b.generation),
                         {9, Color::muted, false, Anchor::end});
    notes_ = 0;
    draw_bar(b, bar);
    for (const GroupView& g : bar.groups()) draw_group(bar, g);
    if (!b.closes()) {
      write_note("counted " + std::to_string(b.sum()) + " of " + std::to_string(b.lanes) + " lanes",
                 Color::alarm, 3);
    }
    draw_findings(b);
    y_ += lane_height + 5 + (notes_ > 0 ? notes_ + 5 : 0);
  }

  /// Before the first core of a root complex: a line, and what the complex belongs to.
  void draw_divider(std::size_t index) {
    const CoreBudget& b = budgets_[index];
    if (index > 0) {
      y_ += 3;
      content_ += svg_line(0, y_, lane_x(16), y_, {Color::track, 1, 0, ""});
      y_ += 5;
    }
    const std::string cpu = owner_of(b.id);
    std::vector<std::string> words;
    const bool new_cpu = index == 0 || !budgets_[index - 1].id.starts_with(cpu + ".");
    if (new_cpu && cpu_count_ > 1) words.push_back(cpu);
    if (new_cpu || budgets_[index - 1].numa != b.numa)
      words.push_back("NUMA " + std::to_string(b.numa));
    double y = y_ + 10;
    if (!words.empty()) {
      content_ +=
          svg_text(0, y, joined(words, " \xc2\xb7 "), {9.5, Color::ink, true, Anchor::start});
    }
    if (b.complex.empty()) return;
    y += words.empty() ? 7 : 13;
    content_ += svg_text(0, y, "complex " + b.complex.substr(b.complex.find('.') + 1),
                         {9, Color::muted, false, Anchor::start});
  }

  void draw_findings(const CoreBudget& b) {
    std::set<std::string> ids{b.id};
    for (const CoreBudget::Connector& c : b.connectors) ids.insert(c.id);
    for (const Diagnostic& d : context_.findings) {
      if (!d.code.starts_with("L1")) continue;
      if (std::any_of(d.subject.begin(), d.subject.end(),
                      [&](const std::string& s) { return ids.contains(s); })) {
        write_note(finding_words(d), Color::alarm, 3);
      }
    }
  }

  // ---- all lanes
  // ---------------------------------------------------------------------------------

  struct Sums {
    int lanes = 0;
    int used = 0;
    int by_use[6] = {};
  };
  Sums sums() const {
    Sums s;
    for (const CoreBudget& b : budgets_) {
      s.lanes += b.lanes;
      s.used += b.used;
      s.by_use[0] += b.routed;
      s.by_use[1] += b.onboard;
      s.by_use[2] += b.xgmi;
      s.by_use[3] += b.unrouted;
      s.by_use[4] += b.unknown + std::max(0, b.lanes - b.sum());
      s.by_use[5] += std::max(0, b.sum() - b.lanes);
    }
    return s;
  }
  std::string summary() const {
    const Sums s = sums();
    std::string words = std::to_string(s.by_use[0]) + " of " + std::to_string(s.lanes) +
                        " lanes routed to connectors";
    if (rig_ != nullptr) words += " \xc2\xb7 " + std::to_string(s.used) + " used by devices";
    return words;
  }

  void draw_total() {
    const Sums s = sums();
    const int all =
        std::max({1, s.lanes, s.by_use[0] + s.by_use[1] + s.by_use[2] + s.by_use[3] + s.by_use[4]});
    content_ += svg_text(0, y_ + 17, "All lanes", {12, Color::ink, true, Anchor::start});
    double x = bar_left;
    for (const UseRow& row : use_rows) {
      const int lanes = s.by_use[static_cast<std::size_t>(row.use)];
      if (lanes == 0 || row.use == Use::over) continue;
      const double wide = 16 * lane_size * lanes / all;
      const Segment segment{
          "", row.use, 0, lanes, row.use == Use::routed ? std::min(s.used, lanes) : 0, {}};
      const std::string count = std::to_string(lanes);
      draw_segment(
          {x, y_, wide, lane_height}, segment,
          {count + (row.use == Use::routed ? " to connectors" : " " + std::string(row.words)),
           count});
      x += wide;
    }
    width_ = std::max(width_, lane_x(16));
    y_ += lane_height + 22;
  }

  void draw_scale() {
    content_ += svg_text(bar_left - 7, y_, "lane", {8.5, Color::muted, false, Anchor::end});
    for (int lane = 0; lane < 16; ++lane) {
      content_ += svg_text(lane_x(lane) + lane_size / 2, y_, std::to_string(lane),
                           {8.5, Color::muted, false, Anchor::middle});
    }
    y_ += 7;
  }

  std::vector<LegendEntry> legend() const {
    using Sample = LegendEntry::Sample;
    std::vector<LegendEntry> entries;
    for (const Use use : used_rows_) {
      entries.push_back({Sample::box, row_of(use).fill, 1, "", std::string(row_of(use).words)});
    }
    if (any_used_) entries.push_back({Sample::hatch, Color::blue_tint, 1, "", "used by a device"});
    if (any_group_) {
      entries.push_back({Sample::line, Color::slate, 1.6, "", "shared lanes: one of several uses"});
    }
    return entries;
  }

  const Board& board_;
  const Cpu& cpu_;
  int cpu_count_;
  const Rig* rig_;
  const PictureContext& context_;
  std::vector<CoreBudget> budgets_;
  std::string content_;
  double y_ = 4;
  double width_ = 0;
  double notes_ = 0;
  std::set<Use> used_rows_;
  bool any_used_ = false;
  bool any_group_ = false;
};

}  // namespace

std::string lanes_svg(const Board& board, const Cpu& cpu, int cpu_count, const Rig* rig,
                      const PictureContext& context) {
  return LanesPicture(board, cpu, cpu_count, rig, context).draw();
}

Picture draw_lanes(const Rig& rig, const PictureContext& context) {
  Picture result;
  if (rig.board != nullptr) {
    result.svg = lanes_svg(*rig.board, *rig.project->cpu, rig.project->cpu_count, &rig, context);
    return result;
  }
  PageText page;
  page.id = picture_id;
  page.title = "Lane budget" + (context.title.empty() ? "" : ": " + context.title);
  page.notes = {"no board is decided yet"};
  result.svg = svg_page(page, {"", 0, 0}, context);
  return result;
}

}  // namespace rigtopo
