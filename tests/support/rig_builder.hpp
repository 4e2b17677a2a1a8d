// Builds a Project and a Layout in C++ for tests, without YAML. Decides handy defaults only; every
// part can be changed through `edit`. How to use it:
//
//   RigBuilder b;
//   b.rome().board("board").slot("PCIE1", "cpu0.A0").slot("PCIE2", "cpu0.A1");
//   b.board_inlet("atx", Plug::atx_24pin, InletUse::board);
//   b.gpu("card", 2, 350_W, {{"16pin", Plug::twelve_volt_2x6}});  // gpu0, gpu1 of part "card"
//   b.ribbon("ribbon-200", 200_mm).stock("ribbon-200", "riser", 2);  // part, then a stock row
//   b.supply("atx1000", 1000_W, 2, {{"pcie", Plug::pcie_8pin, 4}}); // psu0, psu1
//   b.circuit("A", 120_V, 20_A).frame("frame").mount("upper", 2);   // upper-1, upper-2
//   b.edit<Device>("card", [](Device& d) { d.slot_power = 30_W; }); // anything else
//   b.mode("cpu0.A0", "x16").limit("gpu0", 300_W);
//   b.place("gpu0", "PCIE1", {"ribbon-200"}, "upper-1");            // chain may say "cable*2"
//   b.place("gpu1", "PCIE2", {}, "direct");
//   b.feed("gpu0", "16pin", {"psu0.pcie0"});                         // output's own cable, or
//   b.feed("gpu0", "16pin", {"psu0.pcie0", "psu0.pcie1"}, "adapter");// through a PowerCable part
//   b.feed_riser("gpu1", "6pin", {"psu1.pcie0"}).feed_board("atx", {"psu0.atx"});
//   b.stand("psu0", "A").stand("psu1", "A");                         // supplies in the layout
//   const Project project = b.project();
//   const Rig rig = build_rig(project, b.layout());                  // project must outlive rig
//
// Everything is confidence `verified` unless edited. The order of calls is the order of the lists.
// Parts must be added before `edit`, `stock` and `place` name them. Cables are tagged K1, K2 ...
// and cords W1, W2 ... in the order of the calls.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "rig/rig.hpp"

namespace rigtopo::test {

using namespace rigtopo::literals;

/// "x8x4x4" as a split.
inline Split split(std::string_view text) {
  Split s;
  s.text = text;
  int number = 0;
  for (std::size_t i = 1; i <= text.size(); ++i) {
    if (i == text.size() || text[i] == 'x') {
      s.pieces.push_back(number);
      number = 0;
    } else {
      number = number * 10 + (text[i] - '0');
    }
  }
  return s;
}

inline Position at(double x, double y, double z) {
  return {Millimetres{x}, Millimetres{y}, Millimetres{z}};
}

class RigBuilder {
 public:
  struct InletOf {
    std::string id;
    Plug plug{};
  };
  struct OutputOf {
    std::string id;
    Plug plug{};
    int count = 1;
  };

  // ---- parts: any kind, ready made
  // ---------------------------------------------------------------

  /// Adds a part of any kind under `id`.
  RigBuilder& part(std::string id, AnyPart made) {
    std::visit([&](auto& p) { static_cast<Part&>(p).id = id; }, made);
    parts_[id] = std::make_shared<AnyPart>(std::move(made));
    return *this;
  }
  /// Changes a part that was added.
  template <class P>
  RigBuilder& edit(std::string_view id, const std::function<void(P&)>& change) {
    change(std::get<P>(*parts_.at(std::string(id))));
    return *this;
  }
  bool has(std::string_view id) const { return parts_.contains(std::string(id)); }
  /// Changes a connector of the board.
  RigBuilder& edit_connector(std::string_view id,
                             const std::function<void(BoardConnector&)>& change) {
    for (BoardConnector& c : the_board().connectors) {
      if (c.id.value == id) change(c);
    }
    return *this;
  }

  // ---- CPU and board
  // -----------------------------------------------------------------------------

  /// A CPU without cores; add them with `core`.
  RigBuilder& cpu(std::string id, Watts tdp = 280_W,
                  std::vector<std::string> splits = {"x16", "x8x8", "x8x4x4", "x4x4x8",
                                                     "x4x4x4x4"}) {
    Cpu c;
    c.socket = std::string("SP3");
    c.tdp = tdp;
    for (const std::string& s : splits) c.splits.push_back(split(s));
    cpu_ = id;
    return part(std::move(id), std::move(c));
  }
  RigBuilder& core(std::string id, std::string complex, int lanes = 16,
                   PcieGen generation = PcieGen::gen4, int numa = 0) {
    CpuCore c;
    c.id = std::move(id);
    c.complex = std::move(complex);
    c.numa = numa;
    c.lanes = lanes;
    c.generation = generation;
    std::get<Cpu>(*parts_.at(cpu_)).cores.push_back(std::move(c));
    return *this;
  }
  /// EPYC Rome or Milan: complexes A to D with two x16 cores each, gen4.
  RigBuilder& rome(std::string id = "rome", Watts tdp = 280_W, PcieGen generation = PcieGen::gen4) {
    cpu(std::move(id), tdp);
    for (const char complex : std::string("ABCD")) {
      for (const char number : std::string("01")) {
        core(std::string{complex, number}, std::string{complex}, 16, generation);
      }
    }
    return *this;
  }
  /// How many sockets are filled; default: all of the board's.
  RigBuilder& cpus(int count) {
    cpu_count_ = count;
    return *this;
  }

  RigBuilder& board(std::string id, int sockets = 1) {
    Board b;
    for (int i = 0; i < sockets; ++i) {
      CpuSocket s;
      s.id = "cpu" + std::to_string(i);
      s.socket = std::string("SP3");
      b.sockets.push_back(std::move(s));
    }
    for (const char* s : {"x16", "x8x8", "x4x4x4x4"}) b.bios_splits.push_back(split(s));
    boards_.push_back(id);
    return part(std::move(id), std::move(b));
  }
  /// A connector of the last board. `core` may be empty: unknown.
  RigBuilder& connector(std::string id, Socket socket, std::string core_id, int width,
                        int first_lane = 0, PcieGen generation = PcieGen::gen4) {
    BoardConnector c;
    c.id = std::move(id);
    c.socket = socket;
    if (!core_id.empty()) c.core = std::move(core_id);
    c.width = Lanes{width};
    c.mechanical = Lanes{socket == Socket::slot ? 16 : width};
    c.first_lane = first_lane;
    c.generation = generation;
    the_board().connectors.push_back(std::move(c));
    return *this;
  }
  /// A slot, 20.32 mm further along x than the slot before it.
  RigBuilder& slot(std::string id, std::string core_id, int width = 16, int first_lane = 0) {
    int slots = 0;
    for (const BoardConnector& c : the_board().connectors) {
      slots += c.socket.value == Socket::slot ? 1 : 0;
    }
    connector(std::move(id), Socket::slot, std::move(core_id), width, first_lane);
    the_board().connectors.back().position = at(20.32 * slots, 0, 0);
    return *this;
  }
  RigBuilder& pair(std::string id, const std::vector<std::string>& connectors) {
    ConnectorPair p;
    p.id = std::move(id);
    for (const std::string& c : connectors) p.connectors.push_back(c);
    the_board().pairs.push_back(std::move(p));
    return *this;
  }
  /// A shared group: modes as {"slot", {{"PCIE2", 16}}}, {"m2", {{"PCIE2", 8}, {"M2_1", 4}}}.
  RigBuilder& group(
      std::string id, std::string core_id,
      const std::vector<std::pair<std::string, std::vector<std::pair<std::string, int>>>>& modes) {
    SharedGroup g;
    g.id = std::move(id);
    if (!core_id.empty()) g.core = std::move(core_id);
    g.set_by = GroupSwitch::jumper;
    for (const auto& [mode_id, members] : modes) {
      GroupMode m;
      m.id = mode_id;
      for (const auto& [member, lanes] : members) {
        m.lanes.push_back({Fact<std::string>(member), Fact<Lanes>(Lanes{lanes})});
      }
      g.modes.push_back(std::move(m));
    }
    the_board().groups.push_back(std::move(g));
    return *this;
  }
  RigBuilder& fixed(std::string id, std::string core_id, int width, LaneUse use, int count = 1) {
    FixedLanes f;
    f.id = std::move(id);
    f.core = std::move(core_id);
    f.width = Lanes{width};
    f.count = count;
    f.use = use;
    the_board().fixed_lanes.push_back(std::move(f));
    return *this;
  }
  RigBuilder& board_inlet(std::string id, Plug plug, InletUse use, int count = 1) {
    BoardInlet i;
    i.id = std::move(id);
    i.plug = plug;
    i.use = use;
    i.count = count;
    the_board().inlets.push_back(std::move(i));
    return *this;
  }
  Board& the_board() { return std::get<Board>(*parts_.at(boards_.back())); }

  // ---- devices
  // -----------------------------------------------------------------------------------

  /// `count` devices of part `id`, which is added when it is new. `kind` gives the ids: gpu0, gpu1.
  RigBuilder& device(const std::string& id, int count, Device made, std::string kind = "gpu",
                     DeviceRow row = {}) {
    if (!parts_.contains(id)) part(id, std::move(made));
    row.count = count;
    rows_.push_back({id, count, std::move(kind), std::move(row)});
    return *this;
  }
  /// Two-slot x16 gen4 cards of 300 x 120 x 40 mm that form one group.
  RigBuilder& gpu(const std::string& id, int count, Watts power,
                  const std::vector<InletOf>& inlets = {{"16pin", Plug::twelve_volt_2x6}},
                  DeviceRow row = {}) {
    Device d;
    d.edge = Socket::slot;
    d.width = Lanes{16};
    d.mechanical = Lanes{16};
    d.generation = PcieGen::gen4;
    d.power = power;
    d.length = 300_mm;
    d.height = 120_mm;
    d.thickness = 40_mm;
    d.cooler = Cooler::open;
    for (const InletOf& i : inlets) d.inlets.push_back(inlet(i));
    if (!row.group.known()) row.group = std::string("compute");
    return device(id, count, std::move(d), "gpu", std::move(row));
  }
  RigBuilder& nvme(const std::string& id, int count = 1, Watts power = 8_W) {
    Device d;
    d.edge = Socket::m2;
    d.width = Lanes{4};
    d.generation = PcieGen::gen4;
    d.power = power;
    return device(id, count, std::move(d), "nvme");
  }

  // ---- risers
  // ------------------------------------------------------------------------------------

  RigBuilder& riser(std::string id, RiserType type, std::pair<Socket, int> from,
                    std::pair<Socket, int> to, int width, PcieGen generation, SlotFeed feed,
                    const std::vector<InletOf>& inlets = {}) {
    Riser r;
    r.type = type;
    r.from.socket = from.first;
    r.from.count = from.second;
    r.to.socket = to.first;
    r.to.count = to.second;
    r.width = Lanes{width};
    r.generation = generation;
    r.slot_feed = feed;
    r.retimer = type == RiserType::retimer;
    for (const InletOf& i : inlets) r.inlets.push_back(inlet(i));
    return part(std::move(id), std::move(r));
  }
  /// Passive x16 ribbon that passes slot power on. No loss figure.
  RigBuilder& ribbon(std::string id, Millimetres length, PcieGen generation = PcieGen::gen4) {
    riser(id, RiserType::ribbon, {Socket::slot, 1}, {Socket::slot, 1}, 16, generation,
          SlotFeed::host);
    return edit<Riser>(id, [&](Riser& r) { r.length = length; });
  }
  /// x8 cable between two connectors of one kind. No loss figure.
  RigBuilder& cable(std::string id, Millimetres length, Socket socket = Socket::slimsas_8i,
                    int width = 8, PcieGen generation = PcieGen::gen4) {
    riser(id, RiserType::cable, {socket, 1}, {socket, 1}, width, generation, SlotFeed::none);
    return edit<Riser>(id, [&](Riser& r) { r.length = length; });
  }

  // ---- power
  // -------------------------------------------------------------------------------------

  /// `count` supplies of part `id` (added when new) as one stock row: psu0, psu1 ... Outputs bring
  /// their own cables. Rated for 100 to 240 V.
  RigBuilder& supply(const std::string& id, Watts rating, int count,
                     const std::vector<OutputOf>& outputs, const std::string& breakout = "") {
    if (!parts_.contains(id)) {
      Supply s;
      s.type = SupplyType::atx;
      SupplyRating r;
      r.mains = Range<Volts>{100_V, 240_V};
      r.power = rating;
      s.ratings.push_back(std::move(r));
      for (const OutputOf& o : outputs) s.outputs.push_back(output(o));
      s.mains_inlet = MainsInlet::c14;
      s.efficiency = Percent{92};
      s.feeds_24pin = true;
      part(id, std::move(s));
    }
    stock(id, "supply", count);
    stock_.back().breakout = breakout;
    for (int i = 0; i < count; ++i) {
      supplies_.push_back({id, breakout, static_cast<int>(stock_.size()) - 1});
    }
    return *this;
  }
  RigBuilder& breakout(std::string id, const std::vector<OutputOf>& outputs, Watts bus = 1200_W) {
    Breakout b;
    b.fits.push_back(SupplyType::hp_common_slot);
    for (const OutputOf& o : outputs) b.outputs.push_back(output(o));
    b.bus_power = bus;
    return part(std::move(id), std::move(b));
  }
  RigBuilder& power_cable(std::string id, Plug from, int from_count, Plug to, Watts power) {
    PowerCable c;
    c.from = from;
    c.from_count = from_count;
    c.to = to;
    c.power = power;
    return part(std::move(id), std::move(c));
  }
  RigBuilder& circuit(std::string id, Volts volts, Amps breaker, Watts other = 0_W) {
    CircuitRow c;
    c.id = std::move(id);
    c.volts = volts;
    c.breaker = breaker;
    c.other_load = other;
    mains_.circuits.push_back(std::move(c));
    return *this;
  }
  RigBuilder& code(MainsCode c) {
    mains_.code = c;
    return *this;
  }
  /// Everything but CPU and devices.
  RigBuilder& platform(Watts total) {
    platform_.total = total;
    return *this;
  }
  PlatformRow& platform_row() { return platform_; }

  /// A stock row: `owned` pieces, further ones for `price` when that is given.
  RigBuilder& stock(const std::string& id, std::string kind, int owned,
                    std::optional<double> price = std::nullopt,
                    std::optional<int> max = std::nullopt) {
    StockUse s;
    s.row = static_cast<int>(stock_.size());
    s.kind = std::move(kind);
    s.part_id = id;
    s.owned = owned;
    s.max = max ? max : (price ? std::nullopt : std::optional<int>(owned));
    if (price) s.price = Money{*price, {'U', 'S', 'D', '\0'}};
    stock_.push_back(std::move(s));
    return *this;
  }

  // ---- place
  // -------------------------------------------------------------------------------------

  RigBuilder& frame(std::string id, bool direct = true, int expansion_positions = 8) {
    Frame f;
    f.direct = direct;
    f.card_length = 330_mm;
    f.expansion_positions = expansion_positions;
    f.board_origin = at(0, 0, 0);
    f.supplies = 4;
    frame_ = id;
    return part(std::move(id), std::move(f));
  }
  /// `count` mounts in a line: "id" when count is 1, else "id-1", "id-2" ...
  RigBuilder& mount(std::string id, int count = 1, Position position = at(0, 0, 250),
                    Millimetres pitch = 65_mm) {
    Mount m;
    m.id = id;
    m.row = std::move(id);
    m.position = position;
    m.thickness = 60_mm;
    m.length = 340_mm;
    m.height = 150_mm;
    m.count = count;
    m.pitch = pitch;
    std::get<Frame>(*parts_.at(frame_)).mounts.push_back(std::move(m));
    return *this;
  }

  // ---- spec
  // --------------------------------------------------------------------------------------

  /// Anything of the spec that has no call of its own: want, pins, allow, room.
  RigBuilder& spec(const std::function<void(Spec&)>& change) {
    spec_changes_.push_back(change);
    return *this;
  }

  // ---- layout
  // ------------------------------------------------------------------------------------

  RigBuilder& mode(std::string core_or_group, std::string value) {
    layout_.modes.push_back(
        {Fact<std::string>(std::move(core_or_group)), Fact<std::string>(std::move(value))});
    return *this;
  }
  RigBuilder& limit(std::string device_id, Watts watts) {
    layout_.power_limits.push_back({Fact<std::string>(std::move(device_id)), Fact<Watts>(watts)});
    return *this;
  }
  /// Where a device hangs. Empty texts are undecided. Chain items: "part" or "part*2".
  RigBuilder& place(const std::string& id, const std::string& port,
                    const std::vector<std::string>& chain = {},
                    const std::string& mount = "direct") {
    DevicePlace& p = place_of(id);
    if (!port.empty()) p.port = port;
    if (!mount.empty()) p.mount = mount;
    for (const std::string& item : chain) {
      const std::size_t star = item.find('*');
      ChainLink link;
      link.part = item.substr(0, star);
      link.count = star == std::string::npos ? 1 : std::stoi(item.substr(star + 1));
      p.chain.push_back(std::move(link));
    }
    p.chain_decided = true;
    return *this;
  }
  /// The device's place for further changes; made when it is not there yet.
  DevicePlace& place_of(const std::string& id) {
    for (DevicePlace& p : layout_.devices) {
      if (p.id.value == id) return p;
    }
    DevicePlace p;
    p.id = id;
    layout_.devices.push_back(std::move(p));
    return layout_.devices.back();
  }
  RigBuilder& feed(const std::string& device_id, const std::string& inlet_id,
                   const std::vector<std::string>& from, const std::string& part_id = "") {
    place_of(device_id).power.aux.push_back(make_feed(inlet_id, from, part_id));
    return *this;
  }
  RigBuilder& feed_riser(const std::string& device_id, const std::string& inlet_id,
                         const std::vector<std::string>& from, const std::string& part_id = "") {
    place_of(device_id).power.riser.push_back(make_feed(inlet_id, from, part_id));
    return *this;
  }
  RigBuilder& feed_board(const std::string& inlet_id, const std::vector<std::string>& from,
                         const std::string& part_id = "") {
    layout_.board_power.push_back(make_feed(inlet_id, from, part_id));
    return *this;
  }
  /// A supply in the layout, with its cord on a circuit; empty: circuit undecided.
  RigBuilder& stand(const std::string& id, const std::string& circuit_id) {
    SupplyPlace s;
    s.id = id;
    s.cord = "W" + std::to_string(layout_.supplies.size() + 1);
    if (!circuit_id.empty()) s.circuit = circuit_id;
    layout_.supplies.push_back(std::move(s));
    return *this;
  }
  Layout& layout() { return layout_; }

  // ---- results
  // -----------------------------------------------------------------------------------

  /// The project. Parts are shared with the builder: edit before, not after.
  Project project() const {
    Project p;
    p.file = "test.yaml";
    p.spec.mains = mains_;
    if (!p.spec.mains.code.known()) p.spec.mains.code = MainsCode::nec;
    p.spec.platform = platform_;
    for (const auto& [id, holder] : parts_) p.parts[id] = holder;
    for (const std::string& id : boards_) p.boards.push_back(parts_.at(id));
    p.cpu_holder = parts_.at(cpu_);
    p.cpu = &std::get<Cpu>(*p.cpu_holder);
    p.cpu_count = cpu_count_ > 0
                      ? cpu_count_
                      : static_cast<int>(std::get<Board>(*p.boards.at(0)).sockets.size());
    if (!frame_.empty()) {
      p.frame_holder = parts_.at(frame_);
      p.frame = &std::get<Frame>(*p.frame_holder);
    }
    p.currency = "USD";
    add_devices(p);
    add_stock(p);
    for (const auto& change : spec_changes_) change(p.spec);
    return p;
  }

 private:
  struct Row {
    std::string part_id;
    int count = 1;
    std::string kind;
    DeviceRow row;
  };
  struct SupplyRow {
    std::string part_id;
    std::string breakout;
    int stock = 0;
  };

  static Inlet inlet(const InletOf& i) {
    Inlet made;
    made.id = i.id;
    made.plug = i.plug;
    return made;
  }
  static Output output(const OutputOf& o) {
    Output made;
    made.id = o.id;
    made.plug = o.plug;
    made.count = o.count;
    made.reach = Millimetres{650};
    made.needs_cable = false;
    return made;
  }
  Feed make_feed(const std::string& inlet_id, const std::vector<std::string>& from,
                 const std::string& part_id) {
    Feed f;
    f.inlet = inlet_id;
    f.cable = "K" + std::to_string(++cables_);
    if (!part_id.empty()) f.part = part_id;
    for (const std::string& output_id : from) f.from.push_back(output_id);
    return f;
  }
  void add_devices(Project& p) const {
    for (const Row& row : rows_) p.spec.devices.push_back(row.row);
    std::map<std::string, int> numbers;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const Row& row = rows_[i];
      for (int k = 0; k < row.count; ++k) {
        DeviceUse use;
        const bool named = row.row.id.known() && row.count == 1;
        use.id = named ? *row.row.id : row.kind + std::to_string(numbers[row.kind]++);
        use.kind = row.kind;
        use.holder = parts_.at(row.part_id);
        use.part = &std::get<Device>(*use.holder);
        use.row = &p.spec.devices[i];
        use.row_index = static_cast<int>(i);
        p.devices.push_back(std::move(use));
      }
    }
  }
  void add_stock(Project& p) const {
    for (const StockUse& s : stock_) {
      StockUse use = s;
      use.holder = parts_.at(s.part_id);
      p.stock.push_back(std::move(use));
    }
    int number = 0;
    for (const SupplyRow& row : supplies_) {
      SupplyUse use;
      use.id = "psu" + std::to_string(number++);
      use.holder = parts_.at(row.part_id);
      use.part = &std::get<Supply>(*use.holder);
      if (!row.breakout.empty()) {
        use.breakout_holder = parts_.at(row.breakout);
        use.breakout = &std::get<Breakout>(*use.breakout_holder);
      }
      use.stock = row.stock;
      p.supplies.push_back(std::move(use));
    }
  }

  std::map<std::string, std::shared_ptr<AnyPart>, std::less<>> parts_;
  std::string cpu_;
  int cpu_count_ = 0;
  std::vector<std::string> boards_;
  std::string frame_;
  std::vector<Row> rows_;
  std::vector<StockUse> stock_;
  std::vector<SupplyRow> supplies_;
  MainsRow mains_;
  PlatformRow platform_;
  std::vector<std::function<void(Spec&)>> spec_changes_;
  Layout layout_;
  int cables_ = 0;
};

}  // namespace rigtopo::test
