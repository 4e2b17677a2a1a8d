// Puts a rig together: project and layout in, one graph out. Decides which ports parts have and
// which links a layout makes; undecided things and references that lead nowhere make none.
#include <set>
#include <utility>

#include "base/assert.hpp"
#include "rig/rig.hpp"

namespace rigtopo {
namespace {

class Assembly {
 public:
  Assembly(const Project& project, Layout layout) {
    rig_.project = &project;
    rig_.layout = std::move(layout);
    choose_board();
  }

  Rig build() && {
    if (rig_.board != nullptr) {
      add_processors();
      add_board();
    }
    add_mains();
    room_ = add_node("room", NodeKind::room, nullptr, {});
    add_port(room_, Domain::air, "air");
    for (std::size_t i = 0; i < rig_.layout.devices.size(); ++i) {
      add_device(rig_.layout.devices[i], static_cast<int>(i));
    }
    if (rig_.board != nullptr) feed_board();
    return std::move(rig_);
  }

 private:
  // ---- nodes, ports, links
  // -----------------------------------------------------------------------

  NodeId add_node(std::string id, NodeKind kind, const AnyPart* part, Source at, int index = -1) {
    const NodeId node = rig_.nodes.size();
    rig_.by_id.emplace(id, node);
    rig_.by_kind.emplace(std::pair{kind, id}, node);
    rig_.nodes.push_back({std::move(id), kind, part, at, index});
    return node;
  }
  /// The node of that kind and id; made when it is not there yet.
  std::pair<NodeId, bool> ensure_node(const std::string& id, NodeKind kind, const AnyPart* part,
                                      Source at, int index = -1) {
    if (const auto there = rig_.node(kind, id)) return {*there, false};
    return {add_node(id, kind, part, at, index), true};
  }
  PortId add_port(NodeId node, Domain domain, std::string name) {
    if (const auto there = rig_.port(node, name)) return *there;
    const PortId port = add_vertex(RigPort{node, domain, name}, rig_.graph);
    rig_.by_port.emplace(std::pair{node, std::move(name)}, port);
    return port;
  }
  void link(PortId from, PortId to, Join join, bool copper = false) {
    RIGTOPO_ASSERT(rig_.graph[from].domain == rig_.graph[to].domain);
    add_edge(from, to, RigLink{rig_.graph[from].domain, join, copper}, rig_.graph);
  }
  void link(NodeId from_node, std::string_view from, NodeId to_node, std::string_view to, Join join,
            bool copper = false) {
    const auto a = rig_.port(from_node, from);
    const auto b = rig_.port(to_node, to);
    if (a && b) link(*a, *b, join, copper);
  }
  const AnyPart* any_part(const Fact<std::string>& id) const {
    if (!id.known()) return nullptr;
    const auto it = rig_.project->parts.find(*id);
    return it == rig_.project->parts.end() ? nullptr : it->second.get();
  }

  // ---- host
  // --------------------------------------------------------------------------------------

  void choose_board() {
    const Project& project = *rig_.project;
    if (rig_.layout.board.known()) {
      rig_.board = project.board_named(*rig_.layout.board);
    } else if (project.boards.size() == 1) {
      rig_.board = &project.board();
    }
    if (rig_.board == nullptr) return;
    for (const PortChoice& p : ports_of(*rig_.board, *project.cpu, project.cpu_count)) {
      ports_.push_back(p);
    }
    for (const PartPtr& b : project.boards) {
      if (&std::get<Board>(*b) == rig_.board) board_part_ = b.get();
    }
  }

  void add_processors() {
    const Project& project = *rig_.project;
    for (int i = 0; i < project.cpu_count; ++i) {
      const auto socket = static_cast<std::size_t>(i);
      const auto& sockets = rig_.board->sockets;
      const std::string fallback = "cpu" + std::to_string(i);
      const std::string id =
          socket < sockets.size() ? sockets[socket].id.value_or(fallback) : fallback;
      const NodeId cpu = add_node(id, NodeKind::cpu, project.cpu_holder.get(), project.cpu->at, i);
      add_port(cpu, Domain::pcie, "down");
      add_port(cpu, Domain::power, "12v");
      processors_.push_back(cpu);
      add_cores(cpu, id);
    }
  }

  void add_cores(NodeId cpu, const std::string& cpu_id) {
    const auto& cores = rig_.project->cpu->cores;
    for (std::size_t i = 0; i < cores.size(); ++i) {
      const CpuCore& core = cores[i];
      if (!core.id.known()) continue;
      NodeId parent = cpu;
      if (core.complex.known()) {
        const std::string id = cpu_id + "." + *core.complex;
        const auto [complex, fresh] = ensure_node(id, NodeKind::complex, nullptr, core.at);
        if (fresh) add_through(complex, cpu);
        parent = complex;
      }
      const auto [node, fresh] = ensure_node(cpu_id + "." + *core.id, NodeKind::core, nullptr,
                                             core.at, static_cast<int>(i));
      if (fresh) add_through(node, parent);
    }
  }

  /// Ports "up" and "down" of a node below `parent`.
  void add_through(NodeId node, NodeId parent) {
    const PortId up = add_port(node, Domain::pcie, "up");
    const PortId down = add_port(node, Domain::pcie, "down");
    link(up, down, Join::inside);
    link(parent, "down", node, "up", Join::inside);
  }

  void add_board() {
    board_ = add_node("board", NodeKind::board, board_part_, rig_.board->at);
    const PortId hub = add_port(board_, Domain::power, "12v");
    const PortId slots = add_port(board_, Domain::power, "slots-12v");
    const PortId cpus = add_port(board_, Domain::power, "cpu-12v");
    link(hub, slots, Join::inside, true);
    for (const BoardInlet& inlet : rig_.board->inlets) {
      if (!inlet.id.known()) continue;
      const InletUse use = inlet.use.value_or(InletUse::board);
      const PortId net = use == InletUse::cpu ? cpus : (use == InletUse::slots ? slots : hub);
      for (const std::string& id : numbered(*inlet.id, inlet.count.value_or(1))) {
        link(add_port(board_, Domain::power, inlet_port_name(id)), net, Join::inside, true);
      }
    }
    for (const NodeId cpu : processors_) link(board_, "cpu-12v", cpu, "12v", Join::inside);
    for (const BoardConnector& c : rig_.board->connectors) add_slot_power(c, hub, slots);
  }

  /// Slots pass the board's 12 V on as copper; M.2 and OCP get converted power. Cable connectors
  /// carry none.
  void add_slot_power(const BoardConnector& c, PortId hub, PortId slots) {
    if (!c.id.known() || !c.socket.known()) return;
    const bool slot = *c.socket == Socket::slot;
    if (!slot && *c.socket != Socket::m2 && *c.socket != Socket::ocp) return;
    const PortId port = add_port(board_, Domain::power, "slot." + *c.id);
    link(slot ? slots : hub, port, Join::inside, slot);
  }

  // ---- mains and supplies
  // ------------------------------------------------------------------------

  void add_mains() {
    const auto& circuits = rig_.project->spec.mains.circuits;
    for (std::size_t i = 0; i < circuits.size(); ++i) {
      if (!circuits[i].id.known()) continue;
      const auto [node, fresh] = ensure_node(*circuits[i].id, NodeKind::circuit, nullptr,
                                             circuits[i].at, static_cast<int>(i));
      if (fresh) add_port(node, Domain::power, "mains");
    }
    for (std::size_t i = 0; i < rig_.layout.supplies.size(); ++i) {
      add_supply(rig_.layout.supplies[i], static_cast<int>(i));
    }
  }

  void add_supply(const SupplyPlace& place, int index) {
    if (!place.id.known() || rig_.node(NodeKind::supply, *place.id)) return;
    const SupplyUse* use = rig_.project->supply(*place.id);
    const AnyPart* part = any_part(place.part);
    if (part == nullptr && use != nullptr) part = use->holder.get();
    const Supply* supply = part != nullptr ? std::get_if<Supply>(part) : nullptr;
    if (supply == nullptr) return;
    const NodeId node = add_node(*place.id, NodeKind::supply, part, place.at, index);
    const PortId hub = add_port(node, Domain::power, "12v");
    link(add_port(node, Domain::power, "mains"), hub, Join::inside);
    add_outputs(node, hub, supply->outputs);
    add_breakout(place, use, node, hub, index);
    add_cord(place, node, index);
  }

  void add_outputs(NodeId node, PortId hub, const std::vector<Output>& outputs) {
    for (const Output& output : outputs) {
      if (!output.id.known()) continue;
      for (const std::string& id : numbered(*output.id, output.count.value_or(1))) {
        link(hub, add_port(node, Domain::power, "out." + id), Join::inside, true);
      }
    }
  }

  void add_breakout(const SupplyPlace& place, const SupplyUse* use, NodeId supply, PortId hub,
                    int index) {
    const AnyPart* part = any_part(place.breakout);
    if (part == nullptr && !place.breakout.known() && use != nullptr) {
      part = use->breakout_holder.get();
    }
    const Breakout* breakout = part != nullptr ? std::get_if<Breakout>(part) : nullptr;
    if (breakout == nullptr) return;
    const NodeId node =
        add_node(rig_.nodes[supply].id + ".board", NodeKind::breakout, part, place.at, index);
    const PortId bus = add_port(node, Domain::power, "12v");
    link(hub, bus, Join::mated, true);
    add_outputs(node, bus, breakout->outputs);
  }

  void add_cord(const SupplyPlace& place, NodeId supply, int index) {
    // A UPS or PDU between them passes its load through.
    const CircuitRow* row = place.circuit.known() ? rig_.project->circuit(*place.circuit) : nullptr;
    const auto circuit =
        row != nullptr && row->id.known() ? rig_.node(NodeKind::circuit, *row->id) : std::nullopt;
    if (!place.cord.known()) {
      if (circuit) link(*circuit, "mains", supply, "mains", Join::wire);
      return;
    }
    const auto [cord, fresh] =
        ensure_node(*place.cord, NodeKind::cord, any_part(place.cord_part), place.at, index);
    if (fresh) {
      const PortId in = add_port(cord, Domain::power, "in");
      link(in, add_port(cord, Domain::power, "out"), Join::inside);
      if (circuit) link(*circuit, "mains", cord, "in", Join::mated);
    }
    link(cord, "out", supply, "mains", Join::mated);
  }

  // ---- feeds
  // -------------------------------------------------------------------------------------

  /// "psu0.pcie1": an output of the supply or of its breakout.
  std::optional<PortId> output_port(const std::string& address) const {
    for (const Node& node : rig_.nodes) {
      if (node.kind != NodeKind::supply || !address.starts_with(node.id + ".")) continue;
      const std::string name = "out." + address.substr(node.id.size() + 1);
      for (const auto& [kind, id] : {std::pair{NodeKind::supply, node.id},
                                     std::pair{NodeKind::breakout, node.id + ".board"}}) {
        const auto owner = rig_.node(kind, id);
        const auto port = owner ? rig_.port(*owner, name) : std::nullopt;
        if (port) return port;
      }
    }
    return std::nullopt;
  }

  /// Every feed is a cable node of its own, even when two carry one tag.
  void add_feed(const Feed& feed, PortId inlet, const std::string& fallback_tag) {
    std::vector<PortId> outputs;
    for (const Fact<std::string>& address : feed.from) {
      const auto port = address.known() ? output_port(*address) : std::nullopt;
      if (port) outputs.push_back(*port);
    }
    const AnyPart* part = any_part(feed.part);
    if (outputs.empty() && part == nullptr) return;
    const NodeId cable =
        add_node(feed.cable.value_or(fallback_tag), NodeKind::cable, part, feed.at);
    const PortId out = add_port(cable, Domain::power, "out");
    link(out, inlet, Join::mated, true);
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      const PortId in = add_port(cable, Domain::power, "in" + std::to_string(i));
      link(in, out, Join::inside, true);
      link(outputs[i], in, Join::mated, true);
    }
  }

  void add_feeds(const std::vector<Feed>& feeds, NodeId node) {
    for (const Feed& feed : feeds) {
      if (!feed.inlet.known()) continue;
      const auto port = rig_.port(node, inlet_port_name(*feed.inlet));
      if (!port || !is_inlet(*port)) continue;
      add_feed(feed, *port, rig_.nodes[node].id + "." + *feed.inlet + ".cable");
    }
  }
  bool is_inlet(PortId port) const { return inlets_.contains(port) || is_board_inlet(port); }
  bool is_board_inlet(PortId port) const {
    if (rig_.nodes[rig_.graph[port].node].kind != NodeKind::board) return false;
    for (const BoardInlet& inlet : rig_.board->inlets) {
      if (!inlet.id.known()) continue;
      for (const std::string& id : numbered(*inlet.id, inlet.count.value_or(1))) {
        if (inlet_port_name(id) == rig_.graph[port].name) return true;
      }
    }
    return false;
  }
  void feed_board() { add_feeds(rig_.layout.board_power, board_); }

  // ---- devices
  // -----------------------------------------------------------------------------------

  void add_device(const DevicePlace& place, int index) {
    if (!place.id.known()) return;
    const DeviceUse* use = rig_.project->device(*place.id);
    if (use == nullptr || rig_.node(NodeKind::device, *place.id)) return;

    const PortChoice* port = nullptr;
    for (const PortChoice& p : ports_) {
      if (place.port.known() && p.id == *place.port) port = &p;
    }
    if (port != nullptr) add_board_port(*port);
    const std::vector<NodeId> chain = add_chain(place);

    const NodeId device = add_node(*place.id, NodeKind::device, use->holder.get(),
                                   place.at.known() ? place.at : use->at, index);
    add_port(device, Domain::pcie, "up");
    add_port(device, Domain::power, "12v-slot");
    add_port(device, Domain::air, "air");
    add_port(device, Domain::place, "held");
    add_inlets(device, use->part->inlets);

    connect_chain(place, port, chain, device);
    hold(place, port, device);
    for (const NodeId riser : chain) add_feeds(place.power.riser, riser);
    add_feeds(place.power.aux, device);
  }

  void add_inlets(NodeId node, const std::vector<Inlet>& inlets) {
    for (const Inlet& inlet : inlets) {
      if (inlet.id.known()) {
        inlets_.insert(add_port(node, Domain::power, inlet_port_name(*inlet.id)));
      }
    }
  }

  void add_board_port(const PortChoice& port) {
    const auto [node, fresh] =
        ensure_node(port.id, NodeKind::port, nullptr, port.connectors.front()->at);
    if (!fresh) return;
    const PortId up = add_port(node, Domain::pcie, "up");
    link(up, add_port(node, Domain::pcie, "down"), Join::inside);
    add_port(node, Domain::place, "holds");
    if (const auto core = rig_.node(NodeKind::core, port.core_id)) {
      link(*core, "down", node, "up", Join::inside);
    }
  }

  /// Riser nodes of a chain, all or none: a chain with an unknown part is left out.
  std::vector<NodeId> add_chain(const DevicePlace& place) {
    std::vector<NodeId> chain;
    for (const ChainLink& item : place.chain) {
      if (!item.part.known() || rig_.project->part<Riser>(*item.part) == nullptr) return {};
    }
    for (std::size_t i = 0; i < place.chain.size(); ++i) {
      const ChainLink& item = place.chain[i];
      const NodeId node = add_node("R" + std::to_string(++risers_), NodeKind::riser,
                                   any_part(item.part), item.at, static_cast<int>(i));
      rig_.nodes[node].count = item.count.value_or(1);
      add_riser_ports(node, *rig_.project->part<Riser>(*item.part));
      chain.push_back(node);
    }
    return chain;
  }

  void add_riser_ports(NodeId node, const Riser& riser) {
    const PortId up = add_port(node, Domain::pcie, "up");
    link(up, add_port(node, Domain::pcie, "down"), Join::inside);
    add_inlets(node, riser.inlets);
    const SlotFeed feed = slot_feed_of(riser);
    const PortId host = add_port(node, Domain::power, "12v-up");
    if (feed == SlotFeed::none) return;
    const PortId slot = add_port(node, Domain::power, "12v-down");
    if (feed != SlotFeed::own) link(host, slot, Join::inside, true);
    if (feed == SlotFeed::host) return;
    for (const Inlet& inlet : riser.inlets) {
      if (!inlet.id.known()) continue;
      link(node, inlet_port_name(*inlet.id), node, "12v-down", Join::inside, true);
    }
  }

  /// Signal and slot power from the board's port through the chain to the card.
  void connect_chain(const DevicePlace& place, const PortChoice* port,
                     const std::vector<NodeId>& chain, NodeId device) {
    const bool direct =
        place.chain.empty() && (place.chain_decided || place.mount.value == "direct");
    const bool whole = direct || !chain.empty();
    std::optional<PortId> signal;
    std::optional<PortId> twelve_volt;
    bool copper = true;
    if (port != nullptr) {
      signal = rig_.port(*rig_.node(NodeKind::port, port->id), "down");
      twelve_volt = rig_.port(board_, "slot." + port->connectors.front()->id.value_or(""));
      copper = port->socket == Socket::slot;
    }
    for (const NodeId riser : chain) {
      if (signal) link(*signal, *rig_.port(riser, "up"), Join::mated);
      if (twelve_volt) link(*twelve_volt, *rig_.port(riser, "12v-up"), Join::mated, copper);
      signal = rig_.port(riser, "down");
      twelve_volt = rig_.port(riser, "12v-down");
      copper = true;
    }
    // What lies between is undecided: the card hangs below the port, but nobody knows how.
    if (signal) link(*signal, *rig_.port(device, "up"), whole ? Join::mated : Join::wire);
    if (whole && twelve_volt) {
      link(*twelve_volt, *rig_.port(device, "12v-slot"), Join::mated, copper);
    }
  }

  void hold(const DevicePlace& place, const PortChoice* port, NodeId device) {
    NodeId air = room_;
    if (place.mount.known() && *place.mount == "direct") {
      if (port != nullptr) {
        link(*rig_.node(NodeKind::port, port->id), "holds", device, "held", Join::mated);
      }
    } else if (place.mount.known() && rig_.project->frame != nullptr) {
      if (const Mount* row = mount_row(*rig_.project->frame, *place.mount)) {
        const auto [mount, fresh] =
            ensure_node(*place.mount, NodeKind::mount, rig_.project->frame_holder.get(), row->at);
        if (fresh) add_port(mount, Domain::place, "holds");
        link(mount, "holds", device, "held", Join::mated);
        if (row->zone.known()) air = zone(*row->zone, row->at);
      }
    }
    link(air, "air", device, "air", Join::wire);
  }

  NodeId zone(const std::string& id, Source at) {
    const auto [node, fresh] = ensure_node(id, NodeKind::zone, nullptr, at);
    if (fresh) {
      add_port(node, Domain::air, "air");
      link(room_, "air", node, "air", Join::wire);
    }
    return node;
  }

  Rig rig_;
  const AnyPart* board_part_ = nullptr;
  std::vector<PortChoice> ports_;
  std::vector<NodeId> processors_;
  std::set<PortId> inlets_;
  NodeId board_ = 0;
  NodeId room_ = 0;
  int risers_ = 0;
};

}  // namespace

Rig build_rig(const Project& project, Layout layout) {
  return Assembly(project, std::move(layout)).build();
}

}  // namespace rigtopo
