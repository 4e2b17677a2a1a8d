// The power picture: circuits on the left, cords, supplies with their outputs or breakout boards,
// cables, then the board and powered risers, the cards on the right. Hue and dash of a line: which
// supply it hangs on; twin line: 12 V through slots. Read off the power view of the rig.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "base/text.hpp"
#include "physics/power.hpp"
#include "render/power_graph.hpp"
#include "render/power_loads.hpp"
#include "render/views.hpp"

namespace rigtopo {
namespace {

constexpr int circuit_column = 0;
constexpr int cord_column = 1;
constexpr int supply_column = 2;
constexpr int breakout_column = 3;
constexpr int cable_column = 4;
constexpr int slot_column = 5;  // what passes slot power on: board, powered risers
constexpr int card_column = 6;
constexpr double wire_width = 2.6;

class PowerScene {
 public:
  PowerScene(const Rig& rig, const PictureContext& context)
      : rig_(rig), context_(context), graph_(rig) {
    for (const SupplyLoad& load : supply_loads(rig)) supply_loads_.emplace(load.id, load);
    for (const OutputLoad& load : output_loads(rig)) output_loads_.emplace(load.id, load);
    for (const InletLoad& load : inlet_loads(rig)) inlet_loads_.emplace(load.id, load);
    for (const CircuitLoad& load : circuit_loads(rig)) circuit_loads_.emplace(load.id, load);
  }

  Scene make() && {
    scene_.id = "power";
    scene_.title = "Power wiring" + (context_.title.empty() ? "" : ": " + context_.title);
    for (const NodeId n : graph_.nodes_of(NodeKind::circuit)) add_circuit(n);
    for (const NodeId n : graph_.supplies()) add_supply(n);
    add_loads();
    add_cables();
    wire_all();
    if (graph_.supplies().empty()) scene_.notes.emplace_back("no supply is decided yet");
    summarize();
    explain();
    mark_findings(scene_, context_, "PW");
    level_columns(scene_);
    return std::move(scene_);
  }

 private:
  // ---- mains
  // -------------------------------------------------------------------------------------

  void add_circuit(NodeId n) {
    const Node& node = rig_.nodes[n];
    const CircuitLoad& load = circuit_loads_[node.id];
    Box box;
    box.id = "circuit-" + node.id;
    box.subjects = {node.id};
    box.column = circuit_column;
    box.fill = Color::panel;
    box.border = Color::ink;
    box.frame = 1.2;
    box.lines.push_back(name_line("Circuit " + node.id, "", 12));
    if (load.volts.value > 0) {
      const bool nec = rig_.project->spec.mains.code.value_or(MainsCode::nec) == MainsCode::nec;
      box.lines.push_back(small_line(to_text(load.volts) + " \xc2\xb7 " + to_text(load.breaker) +
                                     " breaker" + (nec ? " \xc2\xb7 80 % rule" : "")));
      const Watts limit = nec ? load.continuous : load.trip;
      box.lines.push_back(meter_line("", (load.expected / load.volts).value,
                                     (limit / load.volts).value, "A", Color::muted,
                                     !load.missing.empty()));
      box.lines.push_back(small_line(watt_number(load.expected) + " W from the wall"));
      wall_ += load.expected;
      understated_ |= !load.missing.empty();
    }
    if (load.volts.value <= 0) box.lines.push_back(small_line("voltage not known", Color::alarm));
    if (load.other.value > 0) {
      box.lines.push_back(small_line("with " + watt_number(load.other) + " W of other things"));
    }
    boxes_[n] = scene_.add(std::move(box));
  }

  void add_cord(NodeId supply) {
    const auto mains = rig_.port(supply, "mains");
    for (const PortId from : mains ? graph_.before(*mains) : std::vector<PortId>()) {
      const Node& node = graph_.node_at(from);
      if (node.kind != NodeKind::cord || boxes_.contains(graph_.owner(from))) continue;
      Box box;
      box.id = node.id;
      box.subjects = {node.id};
      box.column = cord_column;
      const std::string name = part_name(node.part);
      box.lines.push_back(
          name_line(node.id, name.empty() ? "own cord" : shortened(name, power_name_room, 9), 10));
      add_cord_load(box, supply);
      boxes_[graph_.owner(from)] = scene_.add(std::move(box));
    }
  }
  void add_cord_load(Box& box, NodeId supply) const {
    const auto load = supply_loads_.find(rig_.nodes[supply].id);
    const auto circuit = graph_.circuit_of(supply);
    if (!circuit || load == supply_loads_.end() || !load->second.wall.known()) return;
    const auto mains = circuit_loads_.find(rig_.nodes[*circuit].id);
    if (mains == circuit_loads_.end() || mains->second.volts.value <= 0) return;
    const auto& part = std::get<Supply>(*rig_.nodes[supply].part);
    std::optional<double> limit;
    if (part.mains_inlet.known()) {
      const MainsCode code = rig_.project->spec.mains.code.value_or(MainsCode::nec);
      limit = inlet_rating(*part.mains_inlet, code).value;
    }
    box.lines.push_back(meter_line("", (*load->second.wall / mains->second.volts).value, limit, "A",
                                   graph_.mark_of(supply).line, !load->second.missing.empty()));
  }

  // ---- supplies
  // ----------------------------------------------------------------------------------

  void add_supply(NodeId n) {
    add_cord(n);
    const Node& node = rig_.nodes[n];
    const SupplyMark& mark = graph_.mark_of(n);
    Box box;
    box.id = node.id;
    box.subjects = {node.id};
    box.column = supply_column;
    box.fill = mark.tint;
    box.border = mark.line;
    box.frame = 1.4;
    box.lines.push_back(
        name_line(node.id, shortened(part_name(node.part), power_name_room, 9), 12));
    const SupplyLoad& load = supply_loads_[node.id];
    const auto limit =
        load.rating.known() ? std::optional((*load.rating).value) : std::optional<double>();
    box.lines.push_back(
        meter_line("", load.expected.value, limit, "W", mark.line, !load.missing.empty()));
    if (!limit) box.lines.push_back(small_line("no rating known here", Color::alarm));
    if (load.worst != load.expected) {
      box.lines.push_back(small_line("worst case " + watt_number(load.worst) + " W"));
    }
    if (!graph_.circuit_of(n)) box.lines.push_back(small_line("circuit undecided", Color::alarm));
    add_outputs(box, n);
    boxes_[n] = scene_.add(std::move(box));
    add_breakout(n, mark);
  }

  /// Outputs in use, one line each; wires start there.
  void add_outputs(Box& box, NodeId n) {
    int free = 0;
    for (const PortId port : output_ports(n)) {
      const std::string name = graph_.port_name(port).substr(4);
      const std::string id = supply_id(n) + "." + name;
      const auto load = output_loads_.find(id);
      if (load == output_loads_.end()) {
        ++free;
        continue;
      }
      Line line = meter_line(name, load->second.carried.value, load->second.rating.value, "W",
                             box.border, !load->second.missing.empty());
      line.port = graph_.port_name(port);
      box.lines.push_back(std::move(line));
      box.subjects.push_back(id);
    }
    if (free > 0) box.lines.push_back(small_line(counted(free, "output", "outputs") + " free"));
  }
  std::vector<PortId> output_ports(NodeId n) const {
    std::vector<PortId> found;
    for (const auto& [key, port] : rig_.by_port) {
      if (key.first == n && key.second.starts_with("out.")) found.push_back(port);
    }
    std::sort(found.begin(), found.end());  // as they were made: in the part's order
    return found;
  }
  std::string supply_id(NodeId n) const {
    const Node& node = rig_.nodes[n];
    return node.kind == NodeKind::breakout ? node.id.substr(0, node.id.rfind('.')) : node.id;
  }

  void add_breakout(NodeId supply, const SupplyMark& mark) {
    const auto n = rig_.node(NodeKind::breakout, rig_.nodes[supply].id + ".board");
    if (!n) return;
    const Node& node = rig_.nodes[*n];
    Box box;
    box.id = node.id;
    box.subjects = {node.id, part_id(node)};
    box.column = breakout_column;
    box.border = mark.line;
    box.frame = 1.2;
    box.lines.push_back(name_line(supply_id(*n) + " breakout",
                                  shortened(part_name(node.part), power_name_room, 9), 10));
    const auto& part = std::get<Breakout>(*node.part);
    double sum = 0;
    bool understated = false;
    for (const auto& [id, load] : output_loads_) {
      const auto port = id.starts_with(supply_id(*n) + ".")
                            ? rig_.port(*n, "out." + id.substr(supply_id(*n).size() + 1))
                            : std::nullopt;
      if (!port) continue;
      sum += load.carried.value;
      understated |= !load.missing.empty();
    }
    const auto limit =
        part.bus_power.known() ? std::optional(part.bus_power->value) : std::optional<double>();
    box.lines.push_back(meter_line("all ports", sum, limit, "W", mark.line, understated));
    add_outputs(box, *n);
    boxes_[*n] = scene_.add(std::move(box));
  }
  static std::string part_id(const Node& node) {
    return node.part != nullptr ? base_of(*node.part).id : "";
  }

  // ---- loads
  // -------------------------------------------------------------------------------------

  /// Board and cards from top to bottom, beside the supplies that feed them.
  void add_loads() {
    const auto board = rig_.node(NodeKind::board, "board");
    const auto hub = board ? rig_.port(*board, "12v") : std::nullopt;
    const auto sources = graph_.sources_of(hub);
    const std::size_t rank = sources.empty() ? 0 : graph_.rank_of(sources.front());
    bool done = false;
    for (const NodeId n : graph_.ordered_devices()) {
      if (!done && graph_.supply_rank(n) >= rank) {
        add_board();
        done = true;
      }
      add_device(n);
    }
    if (!done) add_board();
  }

  void add_board() {
    const auto board = rig_.node(NodeKind::board, "board");
    if (!board || rig_.board == nullptr) return;
    Box box = board_box(graph_, *board);
    box.column = slot_column;
    boxes_[*board] = scene_.add(std::move(box));
    for (const NodeId n : graph_.nodes_of(NodeKind::expander)) add_expander(n);
  }

  void add_expander(NodeId n) {
    if (rig_.nodes[n].part == nullptr) return;
    Box box = powered_expander_box(graph_, n);
    box.column = slot_column;
    boxes_[n] = scene_.add(std::move(box));
  }

  void add_device(NodeId n) {
    const DeviceUse* use = rig_.project->device(rig_.nodes[n].id);
    if (use == nullptr) return;
    for (const Inlet& inlet : use->part->inlets) add_bends(n, inlet);
    for (const NodeId riser : graph_.powered_risers_above(n)) {
      Box box = powered_riser_box(graph_, riser, use->id);
      box.column = slot_column;
      boxes_[riser] = scene_.add(std::move(box));
      risers_.push_back(riser);
    }
    Box box = fed_card_box(graph_, n, *use);
    box.column = card_column;
    boxes_[n] = scene_.add(std::move(box));
    if (is_capped(rig_, *use)) ++capped_;
  }

  /// Leads the cables of a card past the board and the risers.
  void add_bends(NodeId n, const Inlet& inlet) {
    const auto port = inlet.id.known() ? rig_.port(n, inlet_port_name(*inlet.id)) : std::nullopt;
    for (const PortId from : port ? graph_.before(*port) : std::vector<PortId>()) {
      const Node& cable = graph_.node_at(from);
      bends_[graph_.owner(from)] =
          scene_.add_bend(slot_column, cable.id + "-bend", {rig_.nodes[n].id});
    }
  }

  // ---- cables
  // ------------------------------------------------------------------------------------

  /// Supply, then card (the board before all), then whether it feeds a riser: these stand below the
  /// card's own cables.
  using CableKey = std::tuple<std::size_t, std::size_t, bool, NodeId>;

  void add_cables() {
    std::vector<CableKey> keys;
    for (const NodeId n : graph_.nodes_of(NodeKind::cable)) {
      const auto out = rig_.port(n, "out");
      const auto to = out ? graph_.after(*out) : std::vector<PortId>();
      if (to.empty() || !boxes_.contains(graph_.owner(to.front()))) continue;
      const auto sources = graph_.sources_of(*out);
      const std::size_t supply =
          sources.empty() ? graph_.supplies().size() : graph_.rank_of(sources.front());
      const NodeId load = graph_.owner(to.front());
      keys.emplace_back(supply, card_rank(load), rig_.nodes[load].kind == NodeKind::riser, n);
    }
    std::sort(keys.begin(), keys.end());
    for (const CableKey& key : keys) add_cable(std::get<3>(key));
  }

  /// Place of the card that a load belongs to.
  std::size_t card_rank(NodeId load) const {
    const auto& devices = scene_.boxes[boxes_.at(load)].devices;
    const auto card = devices.empty() ? std::nullopt : rig_.node(NodeKind::device, devices.front());
    return card && boxes_.contains(*card) ? boxes_.at(*card) : 0;
  }

  void add_cable(NodeId n) {
    const Node& node = rig_.nodes[n];
    const PortId out = *rig_.port(n, "out");
    const PortId inlet = graph_.after(out).front();
    const std::string inlet_id = graph_.node_at(inlet).id + "." + graph_.port_name(inlet);
    const auto load = inlet_loads_.find(inlet_id);
    const auto sources = graph_.sources_of(out);
    Box box;
    box.id = node.id;
    box.subjects = {node.id, inlet_id};
    box.column = cable_column;
    box.devices = scene_.boxes[boxes_.at(graph_.owner(inlet))].devices;
    const Color color = sources.empty() ? Color::muted : graph_.mark_of(sources.front()).line;
    const bool loaded = load != inlet_loads_.end();
    Line meter;
    if (loaded) {
      meter = meter_line("", load->second.carried.value, load->second.rating.value, "W", color,
                         !load->second.missing.empty());
    }
    if (node.part == nullptr && loaded) {  // the supply's own cable: one line says it all
      meter.runs = name_line(node.id, plug_words(load->second.plug), 10).runs;
    } else {
      const std::string name =
          node.part == nullptr ? "own cable" : shortened(part_name(node.part), power_name_room, 9);
      box.lines.push_back(name_line(node.id, name, 10));
    }
    if (loaded) box.lines.push_back(std::move(meter));
    if (sources.empty()) box.lines.push_back(small_line("comes from no supply", Color::alarm));
    boxes_[n] = scene_.add(std::move(box));
    cables_.push_back(n);
  }

  // ---- wires
  // -------------------------------------------------------------------------------------

  void wire(PortId from, PortId to, std::string_view kind, bool twin) {
    const auto a = boxes_.find(graph_.owner(from));
    const auto b = boxes_.find(graph_.owner(to));
    if (a == boxes_.end() || b == boxes_.end()) return;
    const auto sources = graph_.sources_of(kind == "mains" ? to : from);
    Wire w;
    w.from = a->second;
    w.to = b->second;
    w.from_port = line_port(a->second, graph_.port_name(from));
    w.to_port = line_port(b->second, graph_.port_name(to));
    w.width = twin ? 1.1 : wire_width;
    w.twin = twin;
    // Cables to cards run straight, slot power bends; supplies stand beside their cords.
    w.straight = twin ? 0 : (kind == "cable" ? 4 : (kind == "12 V bus" ? 60 : 20));
    if (twin) w.length = 2;
    w.devices = scene_.boxes[b->second].devices;
    if (sources.size() == 1) {
      w.color = graph_.mark_of(sources.front()).line;
      w.css_class = graph_.mark_of(sources.front()).css_class;
    } else if (sources.size() > 1) {
      w.color = Color::vermillion;
      joined_ = true;
    }
    w.title = scene_.boxes[w.from].id + " to " + scene_.boxes[w.to].id + ": " + std::string(kind);
    if (!sources.empty()) w.title += " of " + graph_.names_of(sources);
    twins_ |= twin;
    const auto bend = bends_.find(graph_.owner(from));
    if (bend == bends_.end()) {
      scene_.add(std::move(w));
      return;
    }
    Wire rest = w;
    w.to = bend->second;
    w.to_port.clear();
    rest.from = bend->second;
    rest.from_port.clear();
    scene_.add(std::move(w));
    scene_.add(std::move(rest));
  }
  std::string line_port(BoxId box, const std::string& name) const {
    for (const Line& line : scene_.boxes[box].lines) {
      if (line.port == name) return name;
    }
    return "";
  }

  void wire_all() {
    for (const NodeId n : graph_.supplies()) {
      wire_mains(n);
      const auto breakout = rig_.node(NodeKind::breakout, rig_.nodes[n].id + ".board");
      if (breakout) wire(*rig_.port(n, "12v"), *rig_.port(*breakout, "12v"), "12 V bus", false);
    }
    for (const NodeId n : cables_) {
      for (int i = 0;; ++i) {
        const auto in = rig_.port(n, "in" + std::to_string(i));
        if (!in) break;
        for (const PortId from : graph_.before(*in)) wire(from, *in, "cable", false);
      }
      const PortId out = *rig_.port(n, "out");
      for (const PortId to : graph_.after(out)) wire(out, to, "12 V", false);
    }
    for (const NodeId n : risers_) {
      const auto up = rig_.port(n, "12v-up");
      if (!up || graph_.after(*up).empty()) continue;
      for (const PortId from : graph_.origins(*up)) wire(from, *up, "slot power", true);
    }
    for (const NodeId n : graph_.nodes_of(NodeKind::device)) {
      for (const PortId from : graph_.slot_origins(n)) {
        wire(from, *rig_.port(n, "12v-slot"), "slot power", true);
      }
    }
  }
  /// Mains lines have no hue of their own: they take the one of the supply that they end in.
  void wire_mains(NodeId supply) {
    const PortId mains = *rig_.port(supply, "mains");
    for (const PortId from : graph_.before(mains)) {
      wire_to_supply(from, mains, supply);
      if (graph_.node_at(from).kind != NodeKind::cord) continue;
      const PortId in = *rig_.port(graph_.owner(from), "in");
      for (const PortId circuit : graph_.before(in)) wire_to_supply(circuit, in, supply);
    }
  }
  void wire_to_supply(PortId from, PortId to, NodeId supply) {
    const auto a = boxes_.find(graph_.owner(from));
    const auto b = boxes_.find(graph_.owner(to));
    if (a == boxes_.end() || b == boxes_.end()) return;
    Wire w;
    w.from = a->second;
    w.to = b->second;
    w.color = graph_.mark_of(supply).line;
    w.css_class = graph_.mark_of(supply).css_class;
    w.width = wire_width;
    // The fan opens between circuit and cords; from there on it runs straight.
    const bool fan = graph_.node_at(from).kind == NodeKind::circuit;
    w.straight = fan ? 1 : 60;
    w.length = fan ? 2 : 1;
    w.title = scene_.boxes[w.from].id + " to " + scene_.boxes[w.to].id + ": mains";
    scene_.add(std::move(w));
  }

  // ---- words around it
  // ---------------------------------------------------------------------------

  void summarize() {
    scene_.subtitle = devices_words(rig_) + " on " +
                      counted(static_cast<int>(graph_.supplies().size()), "supply", "supplies");
    if (wall_.value > 0) {
      scene_.subtitle += std::string(" \xc2\xb7 ") + (understated_ ? "at least " : "") +
                         watt_number(wall_) + " W from the wall";
    }
    if (capped_ > 0) {
      scene_.subtitle += " \xc2\xb7 " + counted(capped_, "card", "cards") + " capped in software";
    }
  }

  void explain() {
    using Sample = LegendEntry::Sample;
    for (const NodeId n : graph_.supplies()) {
      const SupplyMark& mark = graph_.mark_of(n);
      scene_.explain({Sample::line, mark.line, wire_width, mark.dash_array,
                      rig_.nodes[n].id + " (" + std::string(mark.word) + ")"});
    }
    if (twins_) {
      scene_.explain({Sample::twin_line, Color::ink, 1.1, "", "slot power, from board or riser"});
    }
    if (joined_) {
      scene_.explain({Sample::line, Color::vermillion, wire_width, "", "several supplies joined"});
    }
    scene_.explain({Sample::text, Color::ink, 1, "", "bar: load / limit, ! from 85 %"});
    if (!cables_.empty()) {
      scene_.explain({Sample::text, Color::ink, 1, "",
                      "W cord, K cable, R riser: tags for the parts; a K without a name is the "
                      "supply's own cable"});
    }
  }

  const Rig& rig_;
  const PictureContext& context_;
  PowerGraph graph_;
  Scene scene_;
  std::map<std::string, SupplyLoad> supply_loads_;
  std::map<std::string, OutputLoad> output_loads_;
  std::map<std::string, InletLoad> inlet_loads_;
  std::map<std::string, CircuitLoad> circuit_loads_;
  std::vector<NodeId> cables_;
  std::vector<NodeId> risers_;
  std::map<NodeId, BoxId> boxes_;
  std::map<NodeId, BoxId> bends_;  // by cable
  Watts wall_;
  int capped_ = 0;
  bool understated_ = false;
  bool twins_ = false;
  bool joined_ = false;
};

}  // namespace

Scene power_scene(const Rig& rig, const PictureContext& context) {
  return PowerScene(rig, context).make();
}

}  // namespace rigtopo
