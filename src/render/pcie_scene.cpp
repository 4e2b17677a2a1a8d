// The PCIe picture: CPU, NUMA node, root complex and core on the left, the board's connectors,
// riser chains, cards on the right with what each link trains to, NVLink bridges between them.
// Width of a line: lanes; colour: generation; dashed: trained below the card's own ability.
#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "base/text.hpp"
#include "physics/lanes.hpp"
#include "physics/link.hpp"
#include "render/pcie_expanders.hpp"
#include "render/pcie_links.hpp"
#include "render/views.hpp"

namespace rigtopo {
namespace {

constexpr int core_column = 0;
constexpr int pill_column = 1;
constexpr int port_column = 2;
constexpr int chain_column = 3;  // first part of a chain

class PcieScene {
 public:
  PcieScene(const Rig& rig, const PictureContext& context) : rig_(rig), context_(context) {
    devices_ = linked_devices(rig);
    for (const LinkedDevice& d : devices_) {
      const int depth = d.path ? expanders_above(rig_, d.path->port) : 0;
      longest_chain_ = std::max(longest_chain_, depth + static_cast<int>(d.chain.size()));
      risers_ = risers_ || !d.chain.empty();
    }
  }

  Scene make() && {
    scene_.id = "pcie";
    scene_.title = "PCIe topology" + (context_.title.empty() ? "" : ": " + context_.title);
    if (rig_.board != nullptr) {
      budgets_ = grouped_budget(*rig_.board, *rig_.project->cpu, rig_.project->cpu_count, &rig_);
      add_cores();
      add_board();
      add_expanders();
    } else {
      scene_.notes.emplace_back("no board is decided yet");
    }
    for (const LinkedDevice& d : in_port_order()) add_device(d);
    for (const BridgePlace& bridge : rig_.layout.bridges) add_bridge(bridge);
    summarize();
    explain();
    mark_findings(scene_, context_, "LGT");
    level_columns(scene_);
    return std::move(scene_);
  }

 private:
  // ---- what is there
  // -----------------------------------------------------------------------------

  /// Devices from top to bottom: as their ports stand, those without a port last.
  std::vector<LinkedDevice> in_port_order() const {
    std::vector<LinkedDevice> sorted = devices_;
    const auto rank = [&](const LinkedDevice& d) {
      const std::string port = d.path ? board_port(rig_, d.path->port) : "";
      const auto found = ports_.find(port);
      return found == ports_.end() ? scene_.boxes.size() : found->second;
    };
    std::stable_sort(
        sorted.begin(), sorted.end(),
        [&](const LinkedDevice& a, const LinkedDevice& b) { return rank(a) < rank(b); });
    return sorted;
  }

  std::vector<const LinkedDevice*> on_port(std::string_view port) const {
    std::vector<const LinkedDevice*> found;
    for (const LinkedDevice& d : devices_) {
      if (d.path && d.path->port == port) found.push_back(&d);
    }
    return found;
  }

  // ---- CPU
  // ---------------------------------------------------------------------------------------

  /// The group of that id; a new one starts with its heading in `column`.
  GroupId group_for(std::string id, std::string title, std::optional<GroupId> parent,
                    std::vector<Line> heading, bool outer, int column = core_column) {
    const auto known = groups_.find(id);
    if (known != groups_.end()) return known->second;
    Group g;
    g.title = std::move(title);
    g.parent = parent;
    g.fill = outer ? Color::paper : Color::panel;
    g.border = outer ? Color::ink : Color::line;
    g.frame = outer ? 1.4 : 1;
    g.id = id;
    const GroupId made = scene_.add(std::move(g));
    Box box;
    box.id = "heading-" + id;
    box.shape = BoxShape::heading;
    box.column = column;
    box.group = made;
    box.lines = std::move(heading);
    scene_.add(std::move(box));
    groups_.emplace(std::move(id), made);
    return made;
  }

  GroupId cpu_group(const std::string& cpu) {
    int lanes = 0;
    PcieGen best = PcieGen::gen1;
    std::set<int> nodes;
    for (const CoreBudget& b : budgets_) {
      if (!b.id.starts_with(cpu + ".")) continue;
      lanes += b.lanes;
      best = std::max(best, b.generation);
      nodes.insert(b.numa);
    }
    const std::string name = part_name(rig_.project->cpu_holder.get());
    std::string words = std::to_string(lanes) + " lanes, " + to_text(best);
    if (nodes.size() == 1) words += " \xc2\xb7 NUMA node " + std::to_string(*nodes.begin());
    return group_for(cpu, cpu + ": " + name + ", " + words, std::nullopt,
                     {name_line(cpu, shortened(name, 120, 9)), small_line(words)}, true);
  }

  /// Only where a CPU has several NUMA nodes; else its frame says which one it is.
  GroupId numa_group(const CoreBudget& b, const std::string& cpu, GroupId parent) {
    const bool several = std::any_of(budgets_.begin(), budgets_.end(), [&](const CoreBudget& o) {
      return o.id.starts_with(cpu + ".") && o.numa != b.numa;
    });
    if (!several) return parent;
    const std::string words = "NUMA node " + std::to_string(b.numa);
    return group_for(cpu + ".numa" + std::to_string(b.numa), words, parent, {small_line(words)},
                     true);
  }

  /// A frame for every root complex of several cores; a complex of one core is named in its box.
  GroupId complex_group(const CoreBudget& b, GroupId parent) {
    if (!shares_complex(b)) return parent;
    const std::string words = "root complex " + b.complex.substr(b.complex.find('.') + 1);
    return group_for(b.complex, words, parent, {small_line(words)}, false);
  }
  bool shares_complex(const CoreBudget& b) const {
    return std::any_of(budgets_.begin(), budgets_.end(), [&](const CoreBudget& o) {
      return !b.complex.empty() && o.complex == b.complex && o.id != b.id && leads_somewhere(o);
    });
  }

  /// Does anything of the board hang on the core?
  bool leads_somewhere(const CoreBudget& b) const { return b.onboard > 0 || !b.connectors.empty(); }

  void add_cores() {
    for (std::size_t i = 0; i < budgets_.size(); ++i) {
      if (leads_somewhere(budgets_[i])) add_core(budgets_[i], frame_of(budgets_[i]));
      const bool last = i + 1 == budgets_.size() || budgets_[i + 1].numa != budgets_[i].numa;
      if (last) add_idle_cores(budgets_[i].numa);
    }
  }
  /// The frame around a core's complex: its NUMA node or CPU.
  GroupId frame_of(const CoreBudget& b) {
    const std::string cpu = owner_of(b.id);
    return numa_group(b, cpu, cpu_group(cpu));
  }

  static std::string core_name(const CoreBudget& b) { return b.id.substr(b.id.find('.') + 1); }

  void add_core(const CoreBudget& b, GroupId outer) {
    Box box;
    box.id = "core-" + b.id;
    box.subjects = {b.id};
    box.column = core_column;
    box.group = complex_group(b, outer);
    box.width = 100;
    std::string words = to_text(Lanes{b.lanes}) + " " + to_text(b.generation);
    if (b.xgmi > 0) words += " \xc2\xb7 xGMI x" + std::to_string(b.xgmi);
    box.lines.push_back(name_line(core_name(b), words));
    if (!shares_complex(b) && !b.complex.empty()) {
      box.lines.push_back(small_line("root complex " + b.complex.substr(b.complex.find('.') + 1)));
    }
    for (const LinkedDevice& d : devices_) {
      if (d.path && d.path->core_id == b.id) add_once(box.devices, d.use->id);
    }
    if (box.devices.empty()) {
      for (Run& run : box.lines.front().runs) run.color = Color::muted;
    }
    cores_[b.id] = scene_.add(std::move(box));
  }

  /// Cores that nothing hangs on share one box in their NUMA node.
  void add_idle_cores(int numa) {
    Box box;
    for (const CoreBudget& b : budgets_) {
      if (b.numa != numa || leads_somewhere(b)) continue;
      box.group = frame_of(b);
      std::string words = to_text(Lanes{b.lanes}) + " " + to_text(b.generation);
      if (b.xgmi > 0) {
        words = "xGMI x" + std::to_string(b.xgmi);
      } else {
        words += b.unrouted >= b.lanes ? ", not routed" : ", use not known";
      }
      box.lines.push_back(name_line(core_name(b), words, 9));
      for (Run& run : box.lines.back().runs) run.color = Color::muted;
      box.subjects.push_back(b.id);
    }
    if (box.lines.empty()) return;
    box.id = "idle-" + scene_.groups[*box.group].id;
    box.column = core_column;
    scene_.add(std::move(box));
  }

  std::size_t core_rank(std::string_view core) const {
    for (std::size_t i = 0; i < budgets_.size(); ++i) {
      if (budgets_[i].id == core) return i;
    }
    return budgets_.size();
  }

  // ---- board
  // -------------------------------------------------------------------------------------

  struct Row {
    std::size_t core = 0;
    int lane = 0;
    const PortChoice* port = nullptr;
    const FixedLanes* fixed = nullptr;
  };

  /// Connectors, pairs in use and on-board devices in the order of their cores and lanes.
  void add_board() {
    const Board& board = *rig_.board;
    const auto ports = ports_of(board, *rig_.project->cpu, rig_.project->cpu_count);
    std::set<const BoardConnector*> paired;
    for (const PortChoice& p : ports) {
      const bool taken = !on_port(p.id).empty() || expander_on(rig_, p.id) != nullptr;
      if (p.pair == nullptr || !taken) continue;
      paired.insert(p.connectors.begin(), p.connectors.end());
    }
    std::vector<Row> rows;
    for (const PortChoice& p : ports) {
      const bool used = !on_port(p.id).empty() || expander_on(rig_, p.id) != nullptr;
      const bool inside_pair = p.pair == nullptr && paired.contains(p.connectors.front());
      if (used || (p.pair == nullptr && !inside_pair)) {
        rows.push_back({core_rank(p.core_id), p.first_lane, &p, nullptr});
      }
    }
    for (const FixedLanes& f : board.fixed_lanes) {
      if (f.use.value_or(LaneUse::unknown) != LaneUse::onboard || !f.core.known()) continue;
      if (core_rank(*f.core) < budgets_.size()) {
        rows.push_back({core_rank(*f.core), 16, nullptr, &f});
      }
    }
    std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
      return std::pair{a.core, a.lane} < std::pair{b.core, b.lane};
    });
    const std::string name = board.name.value_or(board.id);
    board_group_ = group_for("board", "board: " + name, std::nullopt,
                             {name_line(shortened(name, 170, 11, true), "")}, true, port_column);
    for (const Row& row : rows) row.port != nullptr ? add_port(*row.port) : add_onboard(*row.fixed);
  }

  void add_port(const PortChoice& port) {
    const auto users = on_port(port.id);
    Box box;
    box.id = "port-" + port.id;
    box.subjects = {port.id};
    if (port.group != nullptr) box.subjects.push_back(port.group->id.value_or(""));
    for (const BoardConnector* c : port.connectors) add_once(box.subjects, c->id.value_or(""));
    box.column = port_column;
    box.group = board_group_;
    box.width = 150;
    std::string words(socket_words(port.socket));
    if (port.pair != nullptr) words += " pair";
    const PcieGen generation = generation_of(port);
    const DevicePlace* held = users.empty() ? expander_on(rig_, port.id) : nullptr;
    const auto uplink = held != nullptr ? rig_.link_path(*held) : std::nullopt;
    if (uplink) {
      box.lines.push_back(name_line(port.id, words));
      box.lines.push_back(small_line(lane_words(port, *uplink, generation)));
      box.devices = devices_below(rig_, *held->id);
    } else if (users.empty()) {
      words +=
          " \xc2\xb7 x" + std::to_string(port.lanes) + " " + to_text(generation) + free_words(port);
      box.lines.push_back(name_line(port.id, words, 10));
      for (Run& run : box.lines.front().runs) run.color = Color::muted;
    } else {
      box.lines.push_back(name_line(port.id, words));
      box.lines.push_back(small_line(lane_words(port, *users.front()->path, generation)));
      if (port.group != nullptr) box.lines.push_back(small_line(group_words(*port.group)));
      for (const LinkedDevice* d : users) add_once(box.devices, d->use->id);
    }
    if (!cores_.contains(port.core_id)) {
      box.lines.push_back(small_line("core not known", Color::alarm));
    }
    ports_[port.id] = scene_.add(std::move(box));
    if (uplink) {
      wire_used(port, *uplink, generation);
    } else {
      users.empty() ? wire_grey(port.core_id, ports_.at(port.id), "free")
                    : wire_used(port, *users.front()->path, generation);
    }
  }

  std::string free_words(const PortChoice& port) const {
    if (port.group == nullptr) return " \xc2\xb7 free";
    const Fact<std::string>* mode = rig_.layout.mode(port.group->id.value_or(""));
    if (mode == nullptr || !mode->known()) return " \xc2\xb7 shared lanes";
    for (const GroupMode& m : port.group->modes) {
      if (m.id.value != **mode) continue;
      for (const auto& member : m.lanes) {
        const bool here = member.key.value == port.id;
        if (here && member.value.value_or(Lanes{0}).value > 0) return " \xc2\xb7 free";
      }
    }
    return " \xc2\xb7 off";
  }

  static std::string lane_words(const PortChoice& port, const LinkPath& path, PcieGen generation) {
    const int offered = port_lanes(path);
    std::string words = "x" + std::to_string(offered);
    if (offered < port.lanes) words += " of x" + std::to_string(port.lanes);
    words += " " + to_text(generation);
    if (path.split) return words + " \xc2\xb7 split " + path.split->text;
    const int lanes = port.core != nullptr ? port.core->lanes.value_or(16) : 16;
    return lanes < 16 ? words : words + " \xc2\xb7 split undecided";
  }

  std::string group_words(const SharedGroup& group) const {
    const Fact<std::string>* mode = rig_.layout.mode(group.id.value_or(""));
    const bool known = mode != nullptr && mode->known();
    std::string words = group.id.value_or("group") + ": " + (known ? **mode : "undecided");
    if (known && group.set_by.known()) words += " (" + std::string(word(*group.set_by)) + ")";
    return words;
  }

  /// Core to connector, through a pill that says how many lanes.
  void wire_used(const PortChoice& port, const LinkPath& path, PcieGen generation) {
    const int lanes = port_lanes(path);
    const BoxId target = ports_.at(port.id);
    const auto core = cores_.find(port.core_id);
    if (core == cores_.end()) return;
    const Color color = lanes > 0 ? generation_color(generation) : Color::line;
    Box pill;
    pill.id = "lanes-" + port.id;
    pill.shape = BoxShape::pill;
    pill.column = pill_column;
    pill.border = color;
    pill.devices = scene_.boxes[target].devices;
    const std::string words = lanes > 0 ? "x" + std::to_string(lanes) : "no lanes";
    Line line;
    line.runs.push_back({words, 9, lanes > 0 ? Color::ink : Color::alarm, true});
    pill.lines.push_back(std::move(line));
    pill.title = port.core_id + " to " + port.id + ": " + words + " " + to_text(generation);
    const BoxId middle = scene_.add(std::move(pill));
    for (const auto& [from, to] : {std::pair{core->second, middle}, std::pair{middle, target}}) {
      Wire w;
      w.from = from;
      w.to = to;
      w.color = color;
      w.width = lane_width(lanes);
      // The bend goes where there is room for it: between core and pill.
      w.straight = to == middle ? 15 : 40;
      w.length = to == middle ? 2 : 1;
      w.title = scene_.boxes[middle].title;
      w.devices = scene_.boxes[target].devices;
      if (lanes == 0) w.css_class = open_class;
      scene_.add(std::move(w));
    }
    if (lanes > 0) widths_.insert(lanes);
    if (lanes > 0) generations_.insert(generation);
  }

  void wire_grey(const std::string& core_id, BoxId target, std::string_view why) {
    const auto core = cores_.find(core_id);
    if (core == cores_.end()) return;
    // Led through the column of the pills, so that it keeps its place among them.
    const BoxId middle = scene_.add_bend(pill_column, scene_.boxes[target].id + "-bend", {});
    for (const auto& [from, to] : {std::pair{core->second, middle}, std::pair{middle, target}}) {
      Wire w;
      w.from = from;
      w.to = to;
      w.title = core_id + " to " + scene_.boxes[target].lines.front().runs.front().text + ": " +
                std::string(why);
      scene_.add(std::move(w));
    }
    any_grey_ = true;
  }

  void add_onboard(const FixedLanes& fixed) {
    const int lanes = fixed.width.value_or(Lanes{0}).value * fixed.count.value_or(1);
    Box box;
    const std::string id = fixed.id.value_or("on board");
    box.id = "onboard-" + id;
    box.column = port_column;
    box.group = board_group_;
    box.width = 150;
    box.lines.push_back(
        name_line(shortened(id, 90, 10, true), "on board \xc2\xb7 x" + std::to_string(lanes), 10));
    for (Run& run : box.lines.front().runs) run.color = Color::muted;
    const BoxId made = scene_.add(std::move(box));
    wire_grey(*fixed.core, made, "on board");
  }

  // ---- expanders
  // ---------------------------------------------------------------------------------

  /// From the board outwards; one that hangs nowhere is left out.
  void add_expanders() {
    for (std::size_t round = 0; round < rig_.layout.expanders.size(); ++round) {
      for (const DevicePlace& place : rig_.layout.expanders) {
        const ExpanderUse* use = rig_.project->expander(place.id.value_or(""));
        const bool there = place.port.known() && ports_.contains(*place.port);
        if (use != nullptr && there && drawn_.insert(use->id).second) add_expander(place, *use);
      }
    }
  }

  void add_expander(const DevicePlace& place, const ExpanderUse& use) {
    const auto path = rig_.link_path(place);
    const auto link = path ? trained_link(*path) : std::nullopt;
    Box box = expander_box(place, use, link);
    box.column = chain_column + expanders_above(rig_, *place.port);
    box.devices = devices_below(rig_, use.id);
    const BoxId made = scene_.add(std::move(box));
    Wire w;
    w.from = ports_.at(*place.port);
    w.to = made;
    w.straight = 20;
    w.color = link ? generation_color(link->generation) : Color::line;
    w.width = link ? lane_width(link->width) : 1.6;
    w.devices = scene_.boxes[made].devices;
    w.title = use.id + ": " + (link ? link_words(*link) : "no link");
    scene_.add(std::move(w));
    for (const ExpanderPort& p : use.part->ports) {
      ports_[use.id + "." + p.id.value_or("?")] = made;
    }
  }

  // ---- chains and cards
  // --------------------------------------------------------------------------

  struct Look {
    Color color = Color::line;
    double width = 1.6;
    std::string css_class;
  };
  Look look_of(const LinkedDevice& d) {
    Look look;
    const bool decided = d.path && d.path->chain_decided;
    if (!d.link || !decided) {
      look.css_class = open_class;
      any_open_ = true;
    }
    if (!d.link) return look;
    const bool degraded = decided && d.degraded();
    look.color = degraded ? Color::vermillion : generation_color(d.link->generation);
    look.width = lane_width(d.link->width);
    if (degraded) look.css_class = degraded_class;
    widths_.insert(d.link->width);
    if (!degraded) generations_.insert(d.link->generation);
    return look;
  }

  void add_device(const LinkedDevice& d) {
    const Look look = look_of(d);
    std::optional<BoxId> last;
    if (d.path && ports_.contains(d.path->port)) last = ports_.at(d.path->port);
    const int depth = d.path ? expanders_above(rig_, d.path->port) : 0;
    for (std::size_t i = 0; i < d.chain.size(); ++i) {
      Box box = riser_box(rig_, d, i);
      box.column = chain_column + depth + static_cast<int>(i);
      const BoxId riser = scene_.add(std::move(box));
      if (last) wire_link(*last, riser, d, look);
      last = riser;
    }
    for (int i = depth + static_cast<int>(d.chain.size()); last && i < longest_chain_; ++i) {
      const BoxId bend =
          scene_.add_bend(chain_column + i, d.use->id + "-bend" + std::to_string(i), {d.use->id});
      wire_link(*last, bend, d, look);
      last = bend;
    }
    Box box = card_box(d);
    box.column = chain_column + longest_chain_;
    const BoxId card = scene_.add(std::move(box));
    cards_[d.use->id] = card;
    if (d.degraded() && d.path->chain_decided) ++degraded_;
    if (const auto band = band_shown(d)) bands_.insert(*band);
    if (last) wire_link(*last, card, d, look);
  }

  /// Right of the cards that it joins.
  void add_bridge(const BridgePlace& bridge) {
    for (const auto& id : bridge.between) {
      if (!cards_.contains(id.value_or(""))) return;
    }
    Box box = bridge_box(rig_, bridge);
    box.column = chain_column + longest_chain_ + 1;
    const BoxId made = scene_.add(std::move(box));
    for (const auto& id : bridge.between) {
      scene_.add(bridge_wire(cards_.at(*id), made, scene_.boxes[made]));
    }
    scene_.explain({LegendEntry::Sample::twin_line, Color::ink, 2, "", "NVLink bridge"});
  }

  void wire_link(BoxId from, BoxId to, const LinkedDevice& d, const Look& look) {
    Wire w;
    w.from = from;
    w.to = to;
    // Room for the lines of several cards to part.
    if (d.path && d.path->behind != nullptr && ports_.at(d.path->port) == from) w.length = 2;
    w.color = look.color;
    w.width = look.width;
    w.css_class = look.css_class;
    w.straight = 20;
    w.devices = {d.use->id};
    w.title = d.use->id + ": " + (d.link ? link_words(*d.link) : "no link");
    if (d.degraded()) w.title += ", degraded";
    scene_.add(std::move(w));
  }

  // ---- words around it
  // ---------------------------------------------------------------------------

  void summarize() {
    scene_.subtitle = devices_words(rig_);
    if (rig_.board == nullptr) return;
    int lanes = 0;
    int used = 0;
    for (const CoreBudget& b : budgets_) {
      lanes += b.lanes;
      used += b.used;
    }
    scene_.subtitle += " \xc2\xb7 " + std::to_string(used) + " of " + std::to_string(lanes) +
                       " lanes used by devices";
    if (degraded_ > 0) {
      scene_.subtitle += " \xc2\xb7 " + counted(degraded_, "link", "links") + " degraded";
    }
  }

  void explain() {
    using Sample = LegendEntry::Sample;
    for (const int lanes : widths_) {
      scene_.explain(
          {Sample::line, Color::ink, lane_width(lanes), "", "x" + std::to_string(lanes)});
    }
    for (const PcieGen g : generations_) {
      scene_.explain({Sample::line, generation_color(g), 3, "", to_text(g)});
    }
    if (degraded_ > 0) {
      scene_.explain({Sample::line, Color::vermillion, 3, degraded_dash,
                      "DEGRADED: trains below what the card can"});
    }
    if (any_open_) {
      scene_.explain({Sample::line, Color::line, 1.6, open_dash, "undecided or no link"});
    }
    if (any_grey_) scene_.explain({Sample::line, Color::line, 1, "", "free or on board"});
    for (const Band b : bands_) {
      scene_.explain({Sample::box, band_tint(b), 1, "", "signal " + std::string(to_string(b))});
    }
    if (risers_) {
      scene_.explain({Sample::text, Color::ink, 1, "", "R1, R2 ...: risers, tags for the parts"});
    }
  }

  const Rig& rig_;
  const PictureContext& context_;
  Scene scene_;
  std::vector<LinkedDevice> devices_;
  std::vector<CoreBudget> budgets_;
  std::map<std::string, GroupId> groups_;
  std::map<std::string, BoxId> cores_;
  std::map<std::string, BoxId> ports_;
  std::map<std::string, BoxId> cards_;
  std::optional<GroupId> board_group_;
  std::set<int, std::greater<>> widths_;
  std::set<PcieGen> generations_;
  std::set<Band> bands_;
  std::set<std::string> drawn_;  // expanders
  int longest_chain_ = 0;
  bool risers_ = false;
  int degraded_ = 0;
  bool any_open_ = false;
  bool any_grey_ = false;
};

}  // namespace

Scene pcie_scene(const Rig& rig, const PictureContext& context) {
  return PcieScene(rig, context).make();
}

}  // namespace rigtopo
