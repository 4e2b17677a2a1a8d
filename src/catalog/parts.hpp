// The part kinds as plain structs: what a board, card, riser, supply ... is, as far as rigtopo
// needs to know. Which YAML keys they have is decided by the field tables in kinds_*.cpp, where a
// part comes from by catalog.cpp. Every number is a Fact: it knows its place, source and
// confidence, and may be unknown.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalog/parts_common.hpp"
#include "catalog/parts_place.hpp"
#include "catalog/parts_power.hpp"
#include "rigtopo/diagnostic.hpp"
#include "rigtopo/units.hpp"
#include "yaml/fields.hpp"

namespace rigtopo {

// ---- board
// ---------------------------------------------------------------------------------------

/// An x16 core of a CPU (PHY group).
struct CpuCore {
  Source at;
  Fact<std::string> id;       // A0 A1 ... or P0 G0: an x16 core (PHY group), never a bus number
  Fact<std::string> complex;  // root complex (host bridge)
  Fact<int> numa;             // NUMA node at NPS1; default 0
  Fact<int> lanes;            // 16, or less for extra cores
  Fact<PcieGen> generation;
};

/// A connector of the board that carries PCIe lanes.
struct BoardConnector {
  Source at;
  Fact<std::string> id;  // as printed on the board: PCIE1, MCIO3
  Fact<Socket> socket;
  Fact<std::string>
      core;  // x16 core it hangs on: "cpu0.A1"; unknown cores make lane checks "not checked"
  Fact<Lanes> width;       // electrical
  Fact<Lanes> mechanical;  // slots only
  Fact<int> first_lane;    // first lane within the core, default 0
  Fact<PcieGen> generation;
  std::vector<Fact<Split>>
      splits;                 // BIOS menu for this connector; empty: the board's `bios_splits`
  Fact<Position> position;    // of the connector face
  Fact<Decibels> board_loss;  // CPU ball to connector, at the Nyquist frequency of `generation`
  Fact<bool> open_ended;      // a slot that takes a longer card
  Fact<bool> reversed;        // lanes run backwards: fine for one link, not for a divided port
  Fact<std::string> pinout;   // cable connectors: side bands and lane order, "sff-8654", "mcio-cem"
};

/// A chip on the board whose connectors share one uplink to a core of the CPU. Connectors name it
/// as their core: `core: chipset`.
struct Chipset {
  Source at;
  Fact<std::string> id;    // "chipset"
  Fact<std::string> core;  // core that its uplink hangs on: cpu0.P1
  Fact<Lanes> width;       // of the uplink
  Fact<PcieGen> generation;
  Fact<int> lanes;  // it leads out itself; default 24
  CpuCore as_core;  // what ports on it see, filled by the loader
};

/// Two cable connectors that the board can join to one x16 port.
struct ConnectorPair {
  Source at;
  Fact<std::string> id;                       // "SLIM1+2"
  std::vector<Fact<std::string>> connectors;  // in lane order
};

/// One way a shared group can be set: how many lanes each member gets. Members that are not named
/// get none.
struct GroupMode {
  Source at;
  Fact<std::string> id;
  Mapping<Fact<Lanes>> lanes;
  Fact<Split> split;  // the core must be split so in this mode, when it matters
};

enum class GroupSwitch { jumper, bios, automatic, cable };
template <>
struct EnumWords<GroupSwitch> {
  static constexpr std::string_view what = "how a shared group is switched";
  static constexpr std::array words{
      std::pair{"jumper"sv, GroupSwitch::jumper}, std::pair{"bios"sv, GroupSwitch::bios},
      std::pair{"automatic"sv, GroupSwitch::automatic}, std::pair{"cable"sv, GroupSwitch::cable}};
};

/// Connectors that compete for the same lanes of one core.
struct SharedGroup {
  Source at;
  Fact<std::string> id;
  Fact<std::string> core;
  Fact<GroupSwitch> set_by;
  std::vector<GroupMode> modes;
};

/// Lanes of a core that end in no connector.
enum class LaneUse { onboard, xgmi, unrouted, unknown };
template <>
struct EnumWords<LaneUse> {
  static constexpr std::string_view what = "what lanes are used for";
  static constexpr std::array words{
      std::pair{"onboard"sv, LaneUse::onboard}, std::pair{"xgmi"sv, LaneUse::xgmi},
      std::pair{"unrouted"sv, LaneUse::unrouted}, std::pair{"unknown"sv, LaneUse::unknown}};
};
struct FixedLanes {
  Source at;
  Fact<std::string> id;  // "X550 10GbE"
  Fact<std::string> core;
  Fact<Lanes> width;  // counted in lanes: any of x1 x2 x4 x8 x16
  Fact<int> count;    // how many times `width`; default 1
  Fact<LaneUse> use;
};

struct CpuSocket {
  Source at;
  Fact<std::string> id;      // cpu0
  Fact<std::string> socket;  // SP3
};

/// A power connector of the board and what it feeds.
enum class InletUse { board, cpu, slots };
template <>
struct EnumWords<InletUse> {
  static constexpr std::string_view what = "what a board inlet feeds";
  static constexpr std::array words{std::pair{"board"sv, InletUse::board},
                                    std::pair{"cpu"sv, InletUse::cpu},
                                    std::pair{"slots"sv, InletUse::slots}};
};
struct BoardInlet {
  Source at;
  Fact<std::string> id;
  Fact<Plug> plug;
  Fact<InletUse> use;
  Fact<int> count;      // default 1
  Fact<bool> required;  // default true for board and cpu
};

/// A setting the builder has to make, by its real menu name where known.
struct BiosSetting {
  Source at;
  Fact<std::string> id;
  Fact<std::string> menu;
  Fact<std::string> value;
};

/// CPUs that the maker says the board takes.
struct CpuSupport {
  Source at;
  Fact<std::string> series;    // as on the CPU part: "EPYC 7002"
  Fact<std::string> revision;  // first revision of the board that takes them
  Fact<std::string> bios;      // first BIOS that starts them
};

struct Board : Part {
  Fact<std::string> form_factor;
  Fact<Position> size;
  std::vector<CpuSocket> sockets;
  std::vector<BoardConnector> connectors;
  std::vector<ConnectorPair> pairs;
  std::vector<SharedGroup> groups;
  std::vector<FixedLanes> fixed_lanes;
  std::vector<Fact<Split>> bios_splits;  // menu for every connector without its own list
  std::vector<BoardInlet> inlets;
  Fact<Watts> slot_power_limit;  // 12 V the board can pass to all slots together
  std::vector<BiosSetting> bios;
  Fact<bool> complete;  // lane map claims to account for every lane
  std::vector<Chipset> chipsets;
  Fact<int> max_devices;         // PCIe devices its BIOS gets through enumerating
  Fact<Gigabytes> bar_window;    // 64-bit address space it leaves to the cards of one root
  std::vector<CpuSupport> cpus;  // empty: nobody says

  const BoardConnector* connector(std::string_view wanted) const;
  const ConnectorPair* pair(std::string_view wanted) const;
  const SharedGroup* group_of(std::string_view wanted) const;
  const Chipset* chipset(std::string_view wanted) const;
  const CpuSupport* support(std::string_view series) const;
};

// ---- CPU
// -----------------------------------------------------------------------------------------

struct Cpu : Part {
  Fact<std::string> socket;
  Fact<std::string> series;  // what boards list their CPUs by: EPYC 7002
  std::vector<CpuCore> cores;
  std::vector<Fact<Split>> splits;  // what a x16 core can do
  Fact<Watts> tdp;
  Fact<bool> two_sockets;  // may run as one of two

  const CpuCore* core(std::string_view wanted) const;
};

// ---- devices: gpu, nvme, nic
// ---------------------------------------------------------------------

enum class Cooler { open, blower, flow_through, passive, liquid };
template <>
struct EnumWords<Cooler> {
  static constexpr std::string_view what = "a cooler";
  static constexpr std::array words{
      std::pair{"open"sv, Cooler::open}, std::pair{"blower"sv, Cooler::blower},
      std::pair{"flow-through"sv, Cooler::flow_through}, std::pair{"passive"sv, Cooler::passive},
      std::pair{"liquid"sv, Cooler::liquid}};
};

/// A power inlet of a card or of a powered riser.
struct Inlet {
  Source at;
  Fact<std::string> id;  // "16pin", "8pin-a"
  Fact<Plug> plug;
};

/// Measured or specified peak of a card: power that lasts up to `window`.
struct Excursion {
  Source at;
  Fact<Milliseconds> window;
  Fact<Watts> power;
};

/// Edge of a card that its power plugs stand on.
enum class PlugEdge { top, end };
template <>
struct EnumWords<PlugEdge> {
  static constexpr std::string_view what = "an edge of a card";
  static constexpr std::array words{std::pair{"top"sv, PlugEdge::top},
                                    std::pair{"end"sv, PlugEdge::end}};
};

/// What a card does to the air, and what it needs of it.
struct CardAirflow {
  Source at;
  Fact<Pascals> drop;  // passive: pressure it costs at `flow`
  Fact<Cfm> flow;
  Fact<Exponent> exponent;  // default 2
  Fact<Cfm> free_flow;      // own fans, the card as a whole
  Fact<Pascals> shut_off;
  Fact<Cfm> need;                           // flow the maker asks for at full power
  Fact<Celsius> max_inlet;                  // warmest air the maker allows
  Fact<Celsius> max_core;                   // chip temperature at which it slows down
  Fact<KelvinsPerWatt> thermal_resistance;  // chip over inlet air, at the needed flow
};

/// GPU, NVMe drive or network card: anything that ends a PCIe link.
struct Device : Part {
  Fact<Socket> edge;       // connector it plugs into: slot, m2, u2, ocp
  Fact<Lanes> width;       // of its own link
  Fact<Lanes> mechanical;  // length of its edge connector; default `width`
  Fact<PcieGen> generation;
  Fact<Watts> power;  // whole board, as shipped (default power limit), slot and aux together
  Fact<Range<Watts>> power_limits;  // least and most that `nvidia-smi -pl` accepts
  Fact<Watts> slot_power;           // most it draws from the slot's 12 V, when a source says so
  std::vector<Inlet> inlets;
  Fact<Watts> peak;  // shortest excursion; unknown: judged by the documented multiplier
  std::vector<Excursion> excursions;
  Fact<Millimetres> length;
  Fact<Millimetres> height;     // without the bend of a plug on the top edge
  Fact<Millimetres> thickness;  // across the slots: 2 slots = 40.64 mm less the gap
  Fact<Cooler> cooler;
  Fact<Gigabytes> memory;
  Fact<GigabytesPerSecond> memory_bandwidth;
  Fact<int> functions;     // devices on the card, behind a switch of its own; default 1
  Fact<int> nvlinks;       // links of its NVLink connector; 0: it has none
  Fact<Gigabytes> bar;     // largest memory window it asks for
  Fact<PlugEdge> plugs;    // edge that its power plugs stand on
  Fact<std::string> chip;  // what peer-to-peer drivers tell apart: GA102, AD102
  CardAirflow airflow;
  Fact<Percent> overshoot;  // power seen over the limit under sustained load; unknown: none
};

// ---- risers
// --------------------------------------------------------------------------------------

/// One side of a riser part: `count` connectors of one kind, used together.
struct RiserEnd {
  Source at;
  Fact<Socket> socket;
  Fact<int> count;           // default 1; two 8i connectors carry x16
  Fact<std::string> pinout;  // of cable connectors, see BoardConnector
};

/// Where the 12 V of the slot at the far end comes from.
enum class SlotFeed {
  none,         // no slot at the far end (a cable)
  host,         // passed on from the board through the riser
  own,          // fed by the riser's own inlets, host 12 V cut
  joined,       // own inlets, host 12 V NOT cut: two supplies tied together
  unknown_cut,  // own inlets, nobody says whether host 12 V is cut: judged as joined
};
template <>
struct EnumWords<SlotFeed> {
  static constexpr std::string_view what = "where slot power comes from";
  static constexpr std::array words{
      std::pair{"none"sv, SlotFeed::none}, std::pair{"host"sv, SlotFeed::host},
      std::pair{"own"sv, SlotFeed::own}, std::pair{"joined"sv, SlotFeed::joined},
      std::pair{"unknown-cut"sv, SlotFeed::unknown_cut}};
};

/// What the signal path does inside.
enum class RiserType { ribbon, host_adapter, cable, device_adapter, retimer, redriver };
template <>
struct EnumWords<RiserType> {
  static constexpr std::string_view what = "a riser type";
  static constexpr std::array words{std::pair{"ribbon"sv, RiserType::ribbon},
                                    std::pair{"host-adapter"sv, RiserType::host_adapter},
                                    std::pair{"cable"sv, RiserType::cable},
                                    std::pair{"device-adapter"sv, RiserType::device_adapter},
                                    std::pair{"retimer"sv, RiserType::retimer},
                                    std::pair{"redriver"sv, RiserType::redriver}};
};

/// Loss at the Nyquist frequency of one generation.
struct LossAt {
  Source at;
  Fact<PcieGen> generation;
  Fact<Decibels> loss;
};

struct Riser : Part {
  bool is(RiserType t) const { return type.value_or(RiserType::ribbon) == t; }
  Fact<RiserType> type;
  RiserEnd from;             // towards the board
  RiserEnd to;               // towards the card
  Fact<Lanes> width;         // of the whole part
  Fact<PcieGen> generation;  // best it is sold for
  Fact<PcieGen> proven;      // best that field experience confirms; worse than `generation`: a trap
  Fact<Millimetres> length;  // between connector faces; adapters 0
  std::vector<LossAt> loss;
  Fact<Decibels> gain;  // redriver only
  Fact<bool> retimer;   // restarts the loss budget
  Fact<SlotFeed> slot_feed;
  std::vector<Inlet> inlets;
};

// ---- expanders: one link in, several out
// -------------------------------------------------------

/// `switch_chip`: packets are forwarded, each port is a link of its own. `bifurcation`: the lanes
/// of one core are led to several connectors; core and BIOS have to divide them.
enum class ExpanderType { switch_chip, bifurcation };
template <>
struct EnumWords<ExpanderType> {
  static constexpr std::string_view what = "an expander type";
  static constexpr std::array words{std::pair{"switch"sv, ExpanderType::switch_chip},
                                    std::pair{"bifurcation"sv, ExpanderType::bifurcation}};
};

/// A port for a device, described as a connector of a board is; its position is counted from the
/// expander's own upstream connector.
struct ExpanderPort : BoardConnector {
  Fact<int> count;  // connectors used together; default 1
};

struct Expander : Part {
  Fact<ExpanderType> type;
  Fact<std::string> chip;  // PM50100, PEX89104
  RiserEnd up;             // towards the board
  Fact<Lanes> width;       // of the upstream link
  Fact<PcieGen> generation;
  std::vector<ExpanderPort> ports;
  Fact<Split> split;         // bifurcation: how the core has to be divided
  std::vector<LossAt> loss;  // bifurcation: what its lanes lose
  Fact<bool> retimer;        // bifurcation: restarts the loss budget
  Fact<int> partitions;      // virtual switches the chip can be set up as; a layout holds one
  Fact<Watts> power;         // its own, without what its slots pass on
  Fact<SlotFeed> slot_feed;
  std::vector<Inlet> inlets;
  Fact<Millimetres> length;  // of the whole board or card, in its mount or the slot
  Fact<Millimetres> height;
  Fact<Millimetres> thickness;

  const ExpanderPort* port(std::string_view wanted) const;
  /// A switch, unless it is said to be a bifurcation card.
  bool is_switch() const {
    return type.value_or(ExpanderType::switch_chip) == ExpanderType::switch_chip;
  }
};

/// A piece between the NVLink connectors of two cards.
struct Bridge : Part {
  std::vector<Fact<std::string>> fits;  // parts (ids) or chips it is made for
  Fact<int> slots;                      // 2, 3 or 4: distance of the two cards in slots
  Fact<Millimetres> span;               // default slots x 20.32 mm
  Fact<int> links;                      // NVLinks it carries
};

/// One point of a power curve.
struct PowerPoint {
  Source at;
  Fact<Watts> limit;        // as set with `nvidia-smi -pl`
  Fact<PlainNumber> speed;  // in the unit of its curve
};

/// What somebody measured of cards at several power limits.
struct PowerCurve : Part {
  std::vector<Fact<std::string>> gpus;  // ids of the cards it holds for
  Fact<std::string> work;               // "decode, 27B dense"
  Fact<std::string> unit;               // "tok/s"
  std::vector<PowerPoint> points;       // by rising limit
};

// ---- field tables
// --------------------------------------------------------------------------------

// Which keys each struct has is decided in kinds_*.cpp. All are declared here, before anything can
// ask whether a struct has a table.
#define RIGTOPO_TABLE(S)              \
  template <>                         \
  struct Table<S> {                   \
    static const Fields<S>& fields(); \
  }
RIGTOPO_TABLE(BoardConnector);
RIGTOPO_TABLE(ConnectorPair);
RIGTOPO_TABLE(GroupMode);
RIGTOPO_TABLE(SharedGroup);
RIGTOPO_TABLE(FixedLanes);
RIGTOPO_TABLE(CpuSocket);
RIGTOPO_TABLE(CpuSupport);
RIGTOPO_TABLE(BoardInlet);
RIGTOPO_TABLE(BiosSetting);
RIGTOPO_TABLE(Board);
RIGTOPO_TABLE(CpuCore);
RIGTOPO_TABLE(Cpu);
RIGTOPO_TABLE(Inlet);
RIGTOPO_TABLE(Excursion);
RIGTOPO_TABLE(Device);
RIGTOPO_TABLE(LossAt);
RIGTOPO_TABLE(Riser);
RIGTOPO_TABLE(Chipset);
RIGTOPO_TABLE(ExpanderPort);
RIGTOPO_TABLE(Expander);
RIGTOPO_TABLE(Bridge);
RIGTOPO_TABLE(PowerPoint);
RIGTOPO_TABLE(PowerCurve);
RIGTOPO_TABLE(SupplyRating);
RIGTOPO_TABLE(SupplyRail);
RIGTOPO_TABLE(Output);
RIGTOPO_TABLE(Supply);
RIGTOPO_TABLE(Breakout);
RIGTOPO_TABLE(PowerCable);
RIGTOPO_TABLE(Cord);
RIGTOPO_TABLE(Mount);
RIGTOPO_TABLE(Frame);
RIGTOPO_TABLE(FanPoint);
RIGTOPO_TABLE(Fan);
RIGTOPO_TABLE(CardAirflow);
RIGTOPO_TABLE(FrameOpening);
RIGTOPO_TABLE(FanPosition);
RIGTOPO_TABLE(FrameAir);
#undef RIGTOPO_TABLE

/// An end of a riser may be written as its connector alone: `from: slot`.
template <>
struct Table<RiserEnd> {
  static const Fields<RiserEnd>& fields();
  static void from_scalar(RiserEnd& end, const Value& value, Reader& reader);
  static constexpr std::string_view scalar_schema = R"({"type": "string"})";
};

}  // namespace rigtopo
