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

#include "rigtopo/diagnostic.hpp"
#include "rigtopo/units.hpp"
#include "yaml/fields.hpp"

namespace rigtopo {

using namespace std::string_view_literals;

/// What every part has.
struct Part {
  Source at;  // first line of the part: its file, or the inline map of the spec
  Fact<int> version;
  std::string id;  // filled by the loader from `id:` (catalogue: must equal the file name)
  Fact<std::string> written_id;
  Fact<std::string> kind;
  Fact<std::string> name;
  Fact<Money> price;
  std::vector<Fact<std::string>> notes;  // remarks for the builder, printed with the part
  std::string sha256;  // of the part's own text (and of what it extends), by the loader
};

// ---- vocabulary
// ----------------------------------------------------------------------------------

/// Data connectors: of boards, cards and riser parts. Two mate only when they are the same kind.
enum class Socket {
  slot,
  slimsas_8i,
  slimsas_4i,
  mcio_8i,
  mcio_4i,
  oculink_4i,
  oculink_8i,
  m2,
  u2,
  ocp
};
template <>
struct EnumWords<Socket> {
  static constexpr std::string_view what = "a data connector";
  static constexpr std::array words{std::pair{"slot"sv, Socket::slot},
                                    std::pair{"slimsas-8i"sv, Socket::slimsas_8i},
                                    std::pair{"slimsas-4i"sv, Socket::slimsas_4i},
                                    std::pair{"mcio-8i"sv, Socket::mcio_8i},
                                    std::pair{"mcio-4i"sv, Socket::mcio_4i},
                                    std::pair{"oculink-4i"sv, Socket::oculink_4i},
                                    std::pair{"oculink-8i"sv, Socket::oculink_8i},
                                    std::pair{"m2"sv, Socket::m2},
                                    std::pair{"u2"sv, Socket::u2},
                                    std::pair{"ocp"sv, Socket::ocp}};
};

/// Power connectors.
enum class Plug { pcie_6pin, pcie_8pin, twelve_volt_2x6, eps_8pin, atx_24pin, molex, sata };
template <>
struct EnumWords<Plug> {
  static constexpr std::string_view what = "a power connector";
  static constexpr std::array words{std::pair{"pcie-6pin"sv, Plug::pcie_6pin},
                                    std::pair{"pcie-8pin"sv, Plug::pcie_8pin},
                                    std::pair{"12v-2x6"sv, Plug::twelve_volt_2x6},
                                    std::pair{"eps-8pin"sv, Plug::eps_8pin},
                                    std::pair{"atx-24pin"sv, Plug::atx_24pin},
                                    std::pair{"molex"sv, Plug::molex},
                                    std::pair{"sata"sv, Plug::sata}};
};

/// Mains inlets of supplies (IEC 60320).
enum class MainsInlet { c14, c20 };
template <>
struct EnumWords<MainsInlet> {
  static constexpr std::string_view what = "a mains inlet";
  static constexpr std::array words{std::pair{"C14"sv, MainsInlet::c14},
                                    std::pair{"C20"sv, MainsInlet::c20}};
};

// ---- board
// ---------------------------------------------------------------------------------------

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

  const BoardConnector* connector(std::string_view wanted) const;
  const ConnectorPair* pair(std::string_view wanted) const;
  const SharedGroup* group_of(std::string_view wanted) const;
};

// ---- CPU
// -----------------------------------------------------------------------------------------

struct CpuCore {
  Source at;
  Fact<std::string> id;       // A0 A1 ... or P0 G0: an x16 core (PHY group), never a bus number
  Fact<std::string> complex;  // root complex (host bridge)
  Fact<int> numa;             // NUMA node at NPS1; default 0
  Fact<int> lanes;            // 16, or less for extra cores
  Fact<PcieGen> generation;
};

struct Cpu : Part {
  Fact<std::string> socket;
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
  Fact<Percent> overshoot;  // power seen over the limit under sustained load; unknown: none
};

// ---- risers
// --------------------------------------------------------------------------------------

/// One side of a riser part: `count` connectors of one kind, used together.
struct RiserEnd {
  Source at;
  Fact<Socket> socket;
  Fact<int> count;  // default 1; two 8i connectors carry x16
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

// ---- power
// ---------------------------------------------------------------------------------------

enum class SupplyType { atx, sfx, crps, hp_common_slot, server_brick };
template <>
struct EnumWords<SupplyType> {
  static constexpr std::string_view what = "a supply type";
  static constexpr std::array words{std::pair{"atx"sv, SupplyType::atx},
                                    std::pair{"sfx"sv, SupplyType::sfx},
                                    std::pair{"crps"sv, SupplyType::crps},
                                    std::pair{"hp-common-slot"sv, SupplyType::hp_common_slot},
                                    std::pair{"server-brick"sv, SupplyType::server_brick}};
};

/// What a supply may deliver in a band of mains voltage.
struct SupplyRating {
  Source at;
  Fact<Range<Volts>> mains;
  Fact<Watts> power;      // all rails together; unknown: "no rating", never a pass
  Fact<Watts> power_12v;  // 12 V rail; default `power`
};

/// A kind of output: `count` equal cables (or board ports) that end in `plug`.
struct Output {
  Source at;
  Fact<std::string> id;  // pcie -> pcie0, pcie1 ...
  Fact<Plug> plug;
  Fact<int> count;
  Fact<Watts> power;  // continuous per output; default: the plug's rating
  Fact<Millimetres>
      reach;  // cable length; outputs of breakout boards have none (a cable part is needed)
  Fact<bool> needs_cable;  // true: a port without a cable of its own
  Fact<Amps> current;      // continuous, of each; with `fuse` the least of all counts
  Fact<Amps> fuse;         // of each
  Fact<std::string> rail;  // id of the supply's rail it hangs on
  Fact<bool> one_cable;    // all `count` plugs sit on one cable (pigtails, chains)
  Fact<int> gauge;         // AWG of its own cable
};

/// A 12 V rail with an over-current limit of its own.
struct SupplyRail {
  Source at;
  Fact<std::string> id;
  Fact<Amps> current;
};

struct Supply : Part {
  Fact<SupplyType> type;
  std::vector<SupplyRating> ratings;
  std::vector<Output> outputs;  // empty for server supplies, which need a breakout board
  Fact<MainsInlet> mains_inlet;
  Fact<Percent> efficiency;     // at half load; unknown: the pessimistic default
  Fact<Percent> excursion_1ms;  // ability for 1 ms, of the rating; unknown: 100 %
  Fact<Percent> excursion_10ms;
  Fact<bool> shares_current;  // outputs of equal units may be joined
  Fact<bool> feeds_24pin;     // has 5 V, 3.3 V and standby for a board
  Fact<Percent> excursion_100us;
  Fact<Percent> excursion_100ms;
  std::vector<SupplyRail> rails;   // empty: one rail
  Fact<Volts> voltage;             // set point of 12 V
  Fact<Amps> inrush;               // at switching on, cold
  Fact<bool> always_on;            // no switch: gives 12 V whenever it has mains
  Fact<bool> isolates_output;      // keeps current of others out of its output when it is off
  Fact<std::string> cable_family;  // whose modular cables fit
};

struct Breakout : Part {
  std::vector<Fact<SupplyType>> fits;
  std::vector<Output> outputs;
  Fact<Watts> bus_power;  // all ports together
  Fact<bool> always_on;   // jumpered: its supply runs whenever it has mains
};

/// A cable or adapter between outputs and an inlet: 3x 8-pin to 12V-2x6, 6-pin port to 8-pin plug.
struct PowerCable : Part {
  Fact<Plug> from;
  Fact<int> from_count;  // default 1
  Fact<Plug> to;
  Fact<Watts> power;  // continuous through the whole part
  Fact<Millimetres> length;
  Fact<int> gauge;                // AWG
  Fact<std::string> fits_family;  // modular cable: of which supplies; absent: plugs are standard
};

struct Cord : Part {
  Fact<MainsInlet> inlet;  // C14: a C13 cord fits
  Fact<std::string> plug;  // NEMA 5-15P, CEE 7/7
  Fact<Amps> current;
};

// ---- place and air
// -------------------------------------------------------------------------------

/// A place where a card can be held.
struct Mount {
  Source at;
  Fact<std::string> id;
  Fact<std::string> row;        // cards of one row share the same line of cells
  Fact<Position> position;      // of the card's edge connector
  Fact<Millimetres> thickness;  // room across the card, to the next mount or wall
  Fact<Millimetres> length;     // room along the card
  Fact<Millimetres> height;     // room above the edge connector
  Fact<std::string> zone;       // air zone
  Fact<int> count;              // several equal mounts in a line: id1 id2 ..., `pitch` apart
  Fact<Millimetres> pitch;      // step along x; default `thickness`
};

struct Frame : Part {
  Fact<bool> direct;              // cards may be plugged straight into board slots
  Fact<Millimetres> card_length;  // room for a directly plugged card
  Fact<int> expansion_positions;  // brackets over the slots, counted from slot 1's side
  Fact<Position> board_origin;    // of the board's corner in frame coordinates
  std::vector<Mount> mounts;
  Fact<int> supplies;  // bays
};

/// A point of a fan curve.
struct FanPoint {
  Source at;
  Fact<Cfm> flow;
  Fact<Pascals> pressure;
};
struct Fan : Part {
  Fact<Millimetres> size;
  Fact<Cfm> free_flow;
  Fact<Pascals> shut_off;
  std::vector<FanPoint> curve;
  Fact<DecibelsA> sound;
  Fact<Watts> power;
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
#undef RIGTOPO_TABLE

/// An end of a riser may be written as its connector alone: `from: slot`.
template <>
struct Table<RiserEnd> {
  static const Fields<RiserEnd>& fields();
  static void from_scalar(RiserEnd& end, const Value& value, Reader& reader);
  static constexpr std::string_view scalar_schema = R"({"type": "string"})";
};

}  // namespace rigtopo
