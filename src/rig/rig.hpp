// THE graph: a Layout applied to a Project gives one multigraph of ports and links over four
// domains. Parts are nodes; ports are the graph's vertices; links join two ports of one domain and
// point from source to load (power), from root to device (pcie), along the flow (air), from holder
// to held (place). Nothing here knows a limit or prints text.
//
// Names of ports, by kind of node. Only decided things have nodes; cores, complexes and CPUs of
// filled sockets and the board itself are always there once the board is decided.
//   pcie   cpu: down | complex, core: up, down | port, riser: up, down | device: up
//   power  circuit: mains | cord: in, out | supply: mains, 12v, out.<output> | breakout: 12v,
//          out.<output> | cable: in0 in1 ..., out | board: <inlet>, 12v, slots-12v, cpu-12v,
//          slot.<connector> | cpu: 12v | riser: <inlet>, 12v-up, 12v-down | device: 12v-slot,
//          <inlet>
//   air    room, zone, device: air | fan: in, out
//   place  mount, port: holds | device: held
// An expander has pcie: up, down; power: 12v-slot, <inlet>, 12v, slot.<port>; its ports are nodes
// of kind port. A chipset has pcie: up, down.
// Outputs and board inlets with a count over 1 carry an index from 0: out.pcie0, eps1. An inlet
// whose id would clash with a name above is called "inlet.<id>": see inlet_port_name().
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/filtered_graph.hpp>

#include "spec/spec.hpp"

namespace rigtopo {

enum class Domain { pcie, power, air, place };

enum class NodeKind {
  cpu,       // one socket: "cpu0"
  complex,   // root complex: "cpu0.A"
  core,      // x16 core: "cpu0.A1"
  board,     // "board"
  port,      // connector or pair of the board that a device hangs on: "PCIE1", "SLIM1+2"
  riser,     // one riser part in a chain: "R1"
  device,    // "gpu0"
  circuit,   // "A"
  cord,      // "W1"
  supply,    // "psu0"
  breakout,  // "psu0.board"
  cable,     // power cable or adapter: "K1"
  mount,     // "upper-1"
  zone,      // air zone
  room,      // "room": ambient air
  expander,  // switch or bifurcation card: "sw0"; its ports are nodes of kind port: "sw0.P1"
  chipset,   // "chipset": below the core its uplink hangs on
  fan,       // "wall-1": a fan in its position
};

using NodeId = std::size_t;
using PortId = std::size_t;  // vertex descriptor of the graph (vecS)

/// A part in the rig.
struct Node {
  std::string id;
  NodeKind kind{};
  const AnyPart* part = nullptr;  // null for circuits, complexes, zones ...
  Source at;                      // where the user (or the board file) named it
  int index = -1;                 // into the list it came from: layout device or supply, circuit of
                                  // the spec, core of the CPU, position in a chain
  int count = 1;                  // risers: pieces used in parallel
};

/// A typed port of a node: a vertex of the graph.
struct RigPort {
  NodeId node = 0;
  Domain domain{};
  std::string name;  // "12v-slot", "16pin", "up", "down", "out.pcie1", "mains"
};

/// How two ports are joined.
enum class Join {
  inside,  // within one part
  mated,   // plugged into each other
  wire,    // by a conductor that belongs to no part of its own
};
struct RigLink {
  Domain domain{};
  Join join{};
  bool copper =
      false;  // power: both ends are one 12 V net; false across conversion (mains to 12 V)
};

using Graph =
    boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS, RigPort, RigLink>;

/// Edge predicate of a view of one domain.
struct InDomain {
  const Graph* graph = nullptr;
  Domain domain = Domain::pcie;
  template <class Edge>
  bool operator()(const Edge& e) const {
    return (*graph)[e].domain == domain;
  }
};
using View = boost::filtered_graph<Graph, InDomain>;

/// A decided device link: everything between a core and a card, by parts. Pointers live as long as
/// the Project. Also what the solver builds for a candidate, so that physics has one input.
struct LinkPath {
  const Board* board = nullptr;
  std::string port;                               // connector or pair id; "sw0.P1"
  std::vector<const BoardConnector*> connectors;  // one, or two of a pair
  const CpuCore* core = nullptr;                  // null: unknown core
  std::string core_id;                            // "cpu0.A1"; empty when unknown
  std::optional<Split> split;                     // of the core; nullopt: undecided
  std::optional<int> group_lanes;  // lanes the shared group's mode leaves to the port
  std::vector<std::pair<const Riser*, int>> chain;  // part and how many in parallel
  const Device* device = nullptr;
  bool chain_decided =
      true;         // false: nobody said what lies between port and card; `chain` is empty
  int sockets = 0;  // connectors used together; 0: as many as `connectors`
  const Expander* expander = nullptr;  // what ends the link when it is no device
  std::string end_id;                  // id of the expander
  const Expander* behind = nullptr;    // the port belongs to this expander
  std::shared_ptr<LinkPath> uplink;    // link of that expander; null: it hangs nowhere
  const Chipset* chipset = nullptr;    // the port hangs on this chip

  /// Does the link begin anew at a switch, so that core and split above it are none of its own?
  bool from_switch() const { return behind != nullptr && behind->is_switch(); }
  /// Port of a switch or chipset: nobody divides its lanes.
  bool fixed_lanes() const { return chipset != nullptr || from_switch(); }
};

/// What ends a link: the card, or the upstream side of an expander.
struct LinkEnd {
  std::string part;  // id of the part
  const Fact<Lanes>* width = nullptr;
  const Fact<PcieGen>* generation = nullptr;
  Socket socket{};
  int count = 1;       // connectors used together
  int mechanical = 0;  // lanes its edge is long; 0: not known
};
/// nullopt while a path has neither device nor expander.
std::optional<LinkEnd> link_end(const LinkPath& path);

/// A place a device can hang on: a connector, or a pair joined to x16.
struct PortChoice {
  std::string id;
  std::vector<const BoardConnector*> connectors;
  const ConnectorPair* pair = nullptr;
  std::string core_id;  // "cpu0.A1"; empty when the board does not say
  const CpuCore* core = nullptr;
  Socket socket{};
  int lanes = 0;       // sum over the connectors
  int first_lane = 0;  // within the core
  const SharedGroup* group = nullptr;
  const Expander* expander = nullptr;  // the port is one of this expander's
  std::string expander_id;             // "sw0"
  int sockets = 0;                     // connectors used together; 0: as many as `connectors`
  const Chipset* chipset = nullptr;    // the connector hangs on this chip
};

/// How a link comes to its port: board, core and what the port belongs to; no split, chain or end
/// yet.
LinkPath link_start(const Board& board, const PortChoice& port);

/// A rig: project, layout and graph. Built once, then only read.
class Rig {
 public:
  const Project* project = nullptr;
  const Board* board = nullptr;  // the decided board; null when several and none decided
  Layout layout;
  Graph graph;
  std::vector<Node> nodes;
  // Ports of the decided board whose socket is filled, and those of expanders, in the board's
  // order.
  std::vector<PortChoice> ports;

  View view(Domain d) const { return View(graph, InDomain{&graph, d}); }

  /// Node by id; nullopt when there is none.
  std::optional<NodeId> node(std::string_view id) const;
  /// Port by node and name; nullopt when there is none.
  std::optional<PortId> port(std::string_view node_id, std::string_view name) const;
  const Node& node_of(PortId p) const { return nodes[graph[p].node]; }
  /// The same within one kind: ids of different kinds may be equal (a circuit and a card named
  /// "A"); by_id then holds the first in the order cpu, complex, core, board, circuit, supply,
  /// breakout, cord, room, and per device: port, risers, device, mount, zone, cables.
  std::optional<NodeId> node(NodeKind kind, std::string_view id) const;
  std::optional<PortId> port(NodeId node, std::string_view name) const;

  /// Where a device hangs; nullopt while its port is undecided or does not exist.
  std::optional<LinkPath> link_path(const DevicePlace& place) const;

  std::map<std::string, NodeId, std::less<>> by_id;
  std::map<std::pair<NodeKind, std::string>, NodeId> by_kind;
  std::map<std::pair<NodeId, std::string>, PortId> by_port;
};

/// Builds the graph. Everything undecided is left out; references that lead nowhere are left out
/// too (match_layout has reported them). `project` must outlive the rig.
Rig build_rig(const Project& project, Layout layout);

/// Checks the graph's own promises: links join ports of their domain, power and pcie views have no
/// directed cycle, every port belongs to its node, a device has at most one pcie parent. Returns
/// what is broken, empty when sound: our own mistake when not.
std::vector<std::string> validate(const Rig& rig);

/// Port name of an inlet: its id, or "inlet.<id>" when that is one of our own names.
std::string inlet_port_name(std::string_view id);

/// Where the 12 V at the far end of a riser comes from, with unknowns judged pessimistically: own
/// inlets of unknown cut count as `unknown_cut`, none at all as `host`.
SlotFeed slot_feed_of(const Riser& riser);

/// Where a placed device breathes and where it blows to: ids of air zones, or `room`. nullopt where
/// the frame does not say. Open coolers blow into the zone they breathe and blowers into the room
/// unless the frame says otherwise. Open frames and frames without `air:` are all room.
struct CardBreath {
  std::optional<std::string> from;
  std::optional<std::string> to;
  Source at;  // where the frame says so
};
CardBreath breath_of(const Frame& frame, const Device& device, const DevicePlace& place);

/// Ids of equal things: "pcie0", "pcie1" ...; only "pcie" when `count` is 1.
std::vector<std::string> numbered(std::string_view id, int count);

/// The mount "upper-2" of a frame, before unrolling: the row "upper" (its own id when its count is
/// 1). nullptr when there is none.
const Mount* mount_row(const Frame& frame, std::string_view id);

// ---- board geometry of ports, shared by everything that enumerates them
// --------------------------

/// Every port of a layout: those of the board, then those of its expanders (`sw0.P1`), whether or
/// not these hang anywhere. Ports of a bifurcation card are on the core of the port it hangs on.
std::vector<PortChoice> ports_of(const Project& project, const Board& board, const Layout& layout);

/// Every port of a board, connectors first, then pairs, in the board's order; only those whose
/// socket holds a CPU (`cpu_count` sockets are filled in order).
std::vector<PortChoice> ports_of(const Board& board, const Cpu& cpu, int cpu_count);

/// Splits that both the core (CPU part) and the BIOS menu (connector, else board) offer, in the
/// CPU's order. An empty BIOS menu is unknown: then the CPU's list, and `menu_known` is false.
std::vector<Split> legal_splits(const Board& board, const Cpu& cpu, const PortChoice& port,
                                bool* menu_known = nullptr);

}  // namespace rigtopo
