// The user's page: what they have, want, allow and pin; and the Project, the same with every part
// loaded and every id given. Decides nothing about feasibility.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/catalog.hpp"
#include "spec/layout.hpp"

namespace rigtopo {

using namespace std::string_view_literals;

// ---- as written
// ----------------------------------------------------------------------------------

/// A part id, or an inline description; kept as written until the catalogue is there.
struct WrittenPart {
  Value value;
};
template <>
struct Shape<WrittenPart> {
  static std::string expected() { return "the id of a part, or an inline description"; }
  static std::string schema() { return R"({"type": ["string", "object"]})"; }
  static WrittenPart read(const Value& v, std::string_view, Source, Reader&) { return {v}; }
};
struct WrittenMap {
  Value value;
};
template <>
struct Shape<WrittenMap> {
  static std::string expected() { return "a map of values to override"; }
  static std::string schema() { return R"({"type": "object"})"; }
  static WrittenMap read(const Value& v, std::string_view, Source, Reader&) { return {v}; }
};

struct DeviceRow {
  Source at;
  WrittenPart part;
  std::optional<WrittenMap> but;
  Fact<std::string> id;
  Fact<int> count;  // default 1
  Fact<MinLink> min_link;
  Fact<Range<Watts>> power_limit;  // allowed range; one value fixes it
  Fact<std::string> group;         // devices that talk to each other
};

enum class Buy { any, none };
template <>
struct EnumWords<Buy> {
  static constexpr std::string_view what = "what may be bought";
  static constexpr std::array words{std::pair{"any"sv, Buy::any}, std::pair{"none"sv, Buy::none}};
};

/// Either `part:` (a part that is owned or may be bought) or `kind:` + `buy: any`.
struct StockRow {
  Source at;
  std::optional<WrittenPart> part;
  std::optional<WrittenMap> but;
  Fact<int> owned;    // these cost nothing
  Fact<int> max;      // most that may be used in all; default: `owned` when given, else no limit
  Fact<Money> price;  // for each one beyond the owned; default: the part's price
  Fact<std::string> kind;
  Fact<Buy> buy;
  Fact<std::string> breakout;  // on supplies: the breakout part each one carries
};

struct CircuitRow {
  Source at;
  Fact<std::string> id;
  Fact<Volts> volts;
  Fact<Amps> breaker;
  Fact<int> outlets;                 // default: no limit known
  Fact<Watts> other_load;            // of other things on the same circuit; default 0 W
  Fact<std::string> outlet;          // NEMA 5-15R, BS 1363, CEE 7/3
  Fact<std::string> leg;             // L1, L2: half of a split-phase supply, or a phase
  Fact<std::string> shared_neutral;  // circuits that name the same share one neutral
  Fact<Amps> rcd;                    // residual current it trips at: 30 mA
};

/// Something between a circuit and supplies: its load passes through to the circuit.
enum class MainsUnitKind { ups, pdu };
template <>
struct EnumWords<MainsUnitKind> {
  static constexpr std::string_view what = "a unit between circuit and supplies";
  static constexpr std::array words{std::pair{"ups"sv, MainsUnitKind::ups},
                                    std::pair{"pdu"sv, MainsUnitKind::pdu}};
};
struct MainsUnit {
  Source at;
  Fact<std::string> id;
  Fact<MainsUnitKind> kind;
  Fact<std::string> circuit;
  Fact<Watts> power;  // continuous
  Fact<int> outlets;
  Fact<Percent> efficiency;  // of what it draws, passed on; a PDU loses nothing
  Fact<Watts> charging;      // drawn on top while its battery charges
};

/// Whose electrical code limits continuous load. nec: 80 % is an error; iec: 80 % is advice, 100 %
/// an error.
enum class MainsCode { nec, iec };
template <>
struct EnumWords<MainsCode> {
  static constexpr std::string_view what = "an electrical code";
  static constexpr std::array words{std::pair{"nec"sv, MainsCode::nec},
                                    std::pair{"iec"sv, MainsCode::iec}};
};

struct MainsRow {
  Source at;
  Fact<MainsCode> code;
  std::vector<CircuitRow> circuits;
  std::vector<MainsUnit> units;
};

struct PlatformRow {
  Source at;
  Fact<int> memory;   // DIMMs
  Fact<int> drives;   // drives not among the devices
  Fact<Watts> other;  // fans, cards of no interest
  Fact<Watts> total;  // instead of the model: everything but CPU and devices
};

/// How several supplies are switched and tied together.
enum class SupplySync { relay, cable, board, by_hand };
template <>
struct EnumWords<SupplySync> {
  static constexpr std::string_view what = "how supplies are switched on together";
  static constexpr std::array words{
      std::pair{"relay"sv, SupplySync::relay}, std::pair{"cable"sv, SupplySync::cable},
      std::pair{"board"sv, SupplySync::board}, std::pair{"by-hand"sv, SupplySync::by_hand}};
};
enum class Redundancy { none, n_plus_1 };
template <>
struct EnumWords<Redundancy> {
  static constexpr std::string_view what = "a redundancy of supplies";
  static constexpr std::array words{std::pair{"none"sv, Redundancy::none},
                                    std::pair{"n+1"sv, Redundancy::n_plus_1}};
};
enum class StartOrder { together, staggered };
template <>
struct EnumWords<StartOrder> {
  static constexpr std::string_view what = "when supplies get mains";
  static constexpr std::array words{std::pair{"together"sv, StartOrder::together},
                                    std::pair{"staggered"sv, StartOrder::staggered}};
};
struct PowerRow {
  Source at;
  Fact<SupplySync> sync;
  Fact<bool> common_return;  // 0 V of all supplies joined by a conductor made for it
  Fact<Redundancy> redundancy;
  Fact<StartOrder> start;
};

struct RoomRow {
  Source at;
  Fact<Celsius> temperature;
  Fact<Metres> altitude;
  Fact<Cfm> ventilation;  // outside air that flows through the room
};

enum class Wish { links, p2p, margin, power, heat, noise, price, cable, balance };
template <>
struct EnumWords<Wish> {
  static constexpr std::string_view what = "a wish";
  static constexpr std::array words{
      std::pair{"links"sv, Wish::links},    std::pair{"p2p"sv, Wish::p2p},
      std::pair{"margin"sv, Wish::margin},  std::pair{"power"sv, Wish::power},
      std::pair{"heat"sv, Wish::heat},      std::pair{"noise"sv, Wish::noise},
      std::pair{"price"sv, Wish::price},    std::pair{"cable"sv, Wish::cable},
      std::pair{"balance"sv, Wish::balance}};
};

/// Something fixed as built, by id: a device, a supply, `board`, a core or a shared group.
struct Pin {
  Source at;
  Fact<std::string> port;
  std::optional<std::vector<ChainLink>> chain;
  Fact<std::string> mount;
  Fact<Watts> power_limit;
  Fact<std::string> supply;  // device or board: every inlet hangs on this supply
  std::vector<Feed> aux;     // or each inlet by name
  std::vector<Feed> riser;
  Fact<std::string> slot;      // board | riser
  Fact<std::string> circuit;   // supply
  Fact<std::string> breakout;  // supply
  Fact<std::string> mode;      // core: split; group: mode
  Fact<std::string> sync;      // supply: master | follower
  Fact<std::string> cord;      // supply: cord part
};

struct AllowRow {
  Source at;
  Fact<std::string> code;  // code or name of a rule
  Fact<std::string> item;  // device or part id; absent: everywhere
  Fact<std::string> reason;
  Fact<std::string> until;  // date, YYYY-MM-DD
};

/// Which node or socket a memory access stays in: NUMA nodes per socket (AMD).
struct BiosRow {
  Source at;
  Fact<int> nps;  // 1, 2 or 4; default 1
};

/// Fans in the positions of the frame.
struct FanRow {
  Source at;
  WrittenPart part;
  std::optional<WrittenMap> but;
  Fact<int> count;             // default 1
  Fact<std::string> position;  // `at:` row of positions, or one of them: "wall", "wall-2"
  Fact<Percent> speed;         // of the rated speed; default 100 %
};

struct Spec {
  Source at;
  Fact<int> version;
  Fact<std::string> name;
  std::vector<WrittenPart> board;
  std::optional<WrittenPart> cpu;
  Fact<int> cpus;  // how many sockets are filled; default: all
  std::vector<DeviceRow> devices;
  std::optional<WrittenPart> frame;
  std::vector<StockRow> stock;
  MainsRow mains;
  PlatformRow platform;
  RoomRow room;
  std::vector<Fact<Wish>> want;
  Mapping<Pin> pins;
  std::vector<AllowRow> allow;
  BiosRow bios;
  std::vector<BridgePlace> bridges;
  std::vector<FanRow> fans;
  PowerRow power;
};

template <>
struct Table<BiosRow> {
  static const Fields<BiosRow>& fields();
};
template <>
struct Table<DeviceRow> {
  static const Fields<DeviceRow>& fields();
};
template <>
struct Table<StockRow> {
  static const Fields<StockRow>& fields();
};
template <>
struct Table<CircuitRow> {
  static const Fields<CircuitRow>& fields();
};
template <>
struct Table<MainsRow> {
  static const Fields<MainsRow>& fields();
};
template <>
struct Table<MainsUnit> {
  static const Fields<MainsUnit>& fields();
};
template <>
struct Table<PowerRow> {
  static const Fields<PowerRow>& fields();
};
template <>
struct Table<PlatformRow> {
  static const Fields<PlatformRow>& fields();
};
template <>
struct Table<RoomRow> {
  static const Fields<RoomRow>& fields();
};
template <>
struct Table<Pin> {
  static const Fields<Pin>& fields();
};
template <>
struct Table<AllowRow> {
  static const Fields<AllowRow>& fields();
};
template <>
struct Table<FanRow> {
  static const Fields<FanRow>& fields();
};
template <>
struct Table<Spec> {
  static const Fields<Spec>& fields();
};

// ---- resolved
// ------------------------------------------------------------------------------------

/// A device with its id and part.
struct DeviceUse {
  std::string id;    // gpu0
  std::string kind;  // gpu, nvme, nic
  PartPtr holder;
  const Device* part = nullptr;
  const DeviceRow* row = nullptr;
  int row_index = 0;
  Source at;
};

/// A part the solver may use: from a stock row, or (row -1) of the catalogue by `buy: any`.
struct StockUse {
  int row = -1;
  std::string kind;  // riser, supply, breakout, cable, cord
  PartPtr holder;
  std::string part_id;
  int owned = 0;
  std::optional<int> max;  // owned + bought; nullopt: no limit
  Fact<Money> price;       // for each bought one; unknown: it cannot be bought
  Source at;
  std::string breakout;  // supplies: breakout part id, may be empty
};

/// One supply that may stand in the rig: psu0, psu1 ... in stock order.
struct SupplyUse {
  std::string id;
  PartPtr holder;
  const Supply* part = nullptr;
  PartPtr breakout_holder;
  const Breakout* breakout = nullptr;
  int stock = 0;      // index into Project::stock
  bool owned = true;  // false: would have to be bought
  Source at;
};

/// A switch or bifurcation card that may stand in the rig: sw0, sw1 ... in stock order.
struct ExpanderUse {
  std::string id;
  PartPtr holder;
  const Expander* part = nullptr;
  int stock = 0;  // index into Project::stock
  bool owned = true;
  Source at;
};

/// A fan in its position.
struct FanUse {
  std::string id;  // of the position: "wall-1"
  PartPtr holder;
  const Fan* part = nullptr;
  const FanPosition* position = nullptr;  // the row of the frame
  double speed = 1;                       // of the rated speed
  Source at;
};

/// Everything known before a layout exists. Parts are non-null; a project with errors is not made.
struct Project {
  Spec spec;
  std::string file;    // as given
  std::string sha256;  // of the spec text
  FileId file_id = FileId::none;
  std::vector<PartPtr> boards;  // candidates, in order of the spec
  PartPtr cpu_holder;
  const Cpu* cpu = nullptr;
  int cpu_count = 1;
  std::vector<DeviceUse> devices;
  PartPtr frame_holder;
  const Frame* frame = nullptr;  // may be null: no frame given, nothing checked about place
  std::vector<StockUse> stock;
  std::vector<SupplyUse> supplies;
  std::vector<ExpanderUse> expanders;
  std::vector<FanUse> fans;
  std::string currency;  // of every price in play; "USD" when there is none
  std::map<std::string, PartPtr, std::less<>> parts;  // every part loaded, by id
  std::shared_ptr<Catalog> catalog;  // where further parts come from; reads into the same SourceMap

  const Board& board(std::size_t i = 0) const { return std::get<Board>(*boards.at(i)); }
  const Board* board_named(std::string_view id) const;
  const DeviceUse* device(std::string_view id) const;
  const SupplyUse* supply(std::string_view id) const;
  const ExpanderUse* expander(std::string_view id) const;
  /// A circuit by its id, or by the id of a unit that hangs on it.
  const CircuitRow* circuit(std::string_view id) const;
  /// A UPS or PDU; nullptr when there is none of that id.
  const MainsUnit* mains_unit(std::string_view id) const;
  /// A part already loaded, as its kind; nullptr when absent or of another kind.
  template <class P>
  const P* part(std::string_view id) const {
    const auto it = parts.find(id);
    return it == parts.end() ? nullptr : std::get_if<P>(it->second.get());
  }
};

struct LoadOptions {
  std::vector<std::filesystem::path> catalogs;  // first the shipped one, then --catalog, in order
  std::shared_ptr<ReadAhead> ahead = std::make_shared<ReadAhead>();
};

/// Reads a spec, finds its parts (`topologies/` beside the spec is added to the catalogue) and
/// gives ids. nullopt when anything is malformed; all problems are reported, not the first.
std::optional<Project> load_project(const std::string& spec_path, const LoadOptions& options,
                                    SourceMap& sources, Diagnostics& out);

/// The project that another spec of the same file makes, with parts from the same catalogue;
/// nullopt when it does not hold together, with the problems in `out`.
std::optional<Project> replanned(const Project& project, Spec spec, Diagnostics& out);

/// What `pins:` fixes, as a layout with everything else undecided. With a single board the board is
/// decided. Bad ids in pins are reported (S034) when `out` is given.
Layout pinned_layout(const Project& project, Diagnostics& out);

/// Writes into `layout` which spec it was made from and the hash of every part it uses: board, CPU,
/// frame, devices, chains, supplies, breakouts, cables and cords.
void record_origin(Layout& layout, const Project& project);

/// Reports where a layout does not belong to the project: other spec or part hashes (warning S036),
/// unknown devices, ports, mounts, supplies, parts (error S034). Loads parts named by the layout
/// only into project.parts.
void match_layout(const Layout& layout, Project& project, SourceMap& sources, Diagnostics& out);

}  // namespace rigtopo
