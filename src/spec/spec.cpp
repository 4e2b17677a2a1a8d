// The keys of the user's page, and finding things in a project. What the page means together with
// the catalogue is decided in project.cpp.
#include "spec/spec.hpp"

#include <algorithm>

#include "base/codes.hpp"

namespace rigtopo {

const Fields<DeviceRow>& Table<DeviceRow>::fields() {
  using S = DeviceRow;
  static const Fields<S> list{
      field("part", &S::part, Need::required, "The card or drive."),
      field("but", &S::but, Need::optional, "Values of the part that are different here."),
      field("id", &S::id, Need::optional,
            "Id; default: kind and number. With a `count` above 1 a number is appended."),
      field("count", &S::count, Need::optional, "How many; default 1."),
      field("min_link", &S::min_link, Need::optional,
            "Least link width and generation that will do."),
      field("power_limit", &S::power_limit, Need::optional,
            "Power limit, or the range it may be set in: `[350 W, 450 W]`."),
      field("group", &S::group, Need::optional, "Devices of one group talk to each other.")};
  return list;
}

const Fields<StockRow>& Table<StockRow>::fields() {
  using S = StockRow;
  static const Fields<S> list{
      field("part", &S::part, Need::optional, "A riser part, supply, breakout, cable or cord."),
      field("but", &S::but, Need::optional, "Values of the part that are different here."),
      field("owned", &S::owned, Need::optional, "How many are there already; they cost nothing."),
      field("max", &S::max, Need::optional,
            "Most that may be used in all; default: `owned` when that is given, else no limit."),
      field("price", &S::price, Need::optional,
            "Price of each one beyond the owned; default: the part's price."),
      field("kind", &S::kind, Need::optional,
            "Instead of `part`, with `buy: any`: every part of this kind that has a price."),
      field("buy", &S::buy, Need::optional,
            "`any`: more may be bought; `none`: nothing but what is owned."),
      field("breakout", &S::breakout, Need::optional,
            "On supplies: the breakout board each one carries.")};
  return list;
}

const Fields<CircuitRow>& Table<CircuitRow>::fields() {
  using S = CircuitRow;
  static const Fields<S> list{
      field("id", &S::id, Need::required, "Name of the circuit."),
      field("volts", &S::volts, Need::required, "Mains voltage."),
      field("breaker", &S::breaker, Need::required, "Rating of its breaker."),
      field("outlets", &S::outlets, Need::optional, "How many cords find a place."),
      field("other_load", &S::other_load, Need::optional,
            "What other things on the circuit draw; default 0 W."),
      field(
          "outlet", &S::outlet, Need::optional,
          "What its outlets take: `NEMA 5-15R`, `NEMA 5-20R`, `NEMA 6-20R`, `CEE 7/3`, `BS 1363`."),
      field("leg", &S::leg, Need::optional,
            "Leg of a split-phase supply, or phase: circuits of one leg name the same."),
      field("shared_neutral", &S::shared_neutral, Need::optional,
            "Name of the neutral when it serves further circuits: these name the same."),
      field("rcd", &S::rcd, Need::optional, "Residual current its breaker trips at: `30 mA`.")};
  return list;
}

const Fields<MainsRow>& Table<MainsRow>::fields() {
  using S = MainsRow;
  static const Fields<S> list{
      field("code", &S::code, Need::optional,
            "Electrical code. `nec`: more than 80 % all the time is an error; `iec`: it is advice. "
            "Default `nec`."),
      field("circuits", &S::circuits, Need::required, "Circuits within reach."),
      field("units", &S::units, Need::optional,
            "UPS and PDU between circuits and supplies; a pin may name one as `circuit`.")};
  return list;
}

const Fields<MainsUnit>& Table<MainsUnit>::fields() {
  using S = MainsUnit;
  static const Fields<S> list{
      field("id", &S::id, Need::required, "Name of the unit."),
      field("kind", &S::kind, Need::required, "`ups` or `pdu`."),
      field("circuit", &S::circuit, Need::required, "Circuit it hangs on."),
      field("power", &S::power, Need::required,
            "Continuous power it passes on, in watts (not volt-amperes)."),
      field("outlets", &S::outlets, Need::optional, "How many cords find a place."),
      field("efficiency", &S::efficiency, Need::optional,
            "UPS: what it passes on of what it draws, at this load and on mains. Unknown: 85 %."),
      field("charging", &S::charging, Need::optional,
            "UPS: what it draws on top while its battery charges after an outage.")};
  return list;
}

const Fields<PowerRow>& Table<PowerRow>::fields() {
  using S = PowerRow;
  static const Fields<S> list{
      field("sync", &S::sync, Need::optional,
            "What switches several supplies on together: `relay`, `cable` between breakout boards, "
            "`board`, or `by-hand`."),
      field("common_return", &S::common_return, Need::optional,
            "The 0 V of all supplies is joined by a conductor made for it."),
      field("redundancy", &S::redundancy, Need::optional,
            "`n+1`: the rig has to run on when any one supply fails."),
      field("start", &S::start, Need::optional,
            "`staggered` when supplies get mains one after another; default `together`.")};
  return list;
}

const Fields<PlatformRow>& Table<PlatformRow>::fields() {
  using S = PlatformRow;
  static const Fields<S> list{
      field("memory", &S::memory, Need::optional, "Memory modules."),
      field("drives", &S::drives, Need::optional, "Drives that are not among the devices."),
      field("other", &S::other, Need::optional, "Power of fans and everything else."),
      field("total", &S::total, Need::optional,
            "Power of everything but CPU and devices, instead of the model.")};
  return list;
}

const Fields<RoomRow>& Table<RoomRow>::fields() {
  using S = RoomRow;
  static const Fields<S> list{
      field("temperature", &S::temperature, Need::optional, "Warmest air the rig breathes."),
      field("altitude", &S::altitude, Need::optional, "Height above the sea: thin air cools less."),
      field("ventilation", &S::ventilation, Need::optional,
            "Outside air that flows through the room.")};
  return list;
}

const Fields<Pin>& Table<Pin>::fields() {
  using S = Pin;
  static const Fields<S> list{
      field("port", &S::port, Need::optional, "Device: connector or pair of the board."),
      field("chain", &S::chain, Need::optional,
            "Device: riser parts from the port to the card; empty: plugged in directly."),
      field("mount", &S::mount, Need::optional, "Device: mount of the frame, or `direct`."),
      field("power_limit", &S::power_limit, Need::optional, "Device: power limit."),
      field("supply", &S::supply, Need::optional,
            "Device or board: every inlet hangs on this supply."),
      field("aux", &S::aux, Need::optional, "Device or board: each inlet by name."),
      field("riser", &S::riser, Need::optional, "Device: each inlet of its powered risers."),
      field("slot", &S::slot, Need::optional, "Device: slot power from `board` or `riser`."),
      field("circuit", &S::circuit, Need::optional, "Supply: the circuit it hangs on."),
      field("breakout", &S::breakout, Need::optional, "Supply: the breakout board on it."),
      field("mode", &S::mode, Need::optional, "Core: its split; shared group: its mode."),
      field("sync", &S::sync, Need::optional, "Supply: `master` or `follower`."),
      field("cord", &S::cord, Need::optional, "Supply: the mains cord part on it.")};
  return list;
}

const Fields<BiosRow>& Table<BiosRow>::fields() {
  using S = BiosRow;
  static const Fields<S> list{
      field("nps", &S::nps, Need::optional, "NUMA nodes per socket: 1, 2 or 4; default 1.")};
  return list;
}

const Fields<AllowRow>& Table<AllowRow>::fields() {
  using S = AllowRow;
  static const Fields<S> list{
      field("code", &S::code, Need::required, "Code or name of the rule: `P103`."),
      field("item", &S::item, Need::optional, "Device or part; without it, everywhere."),
      field("reason", &S::reason, Need::required, "Why this is all right here."),
      field("until", &S::until, Need::optional, "Last day it holds: `2027-01-31`.")};
  return list;
}

const Fields<FanRow>& Table<FanRow>::fields() {
  using S = FanRow;
  static const Fields<S> list{
      field("part", &S::part, Need::required, "The fan."),
      field("but", &S::but, Need::optional, "Values of the part that are different here."),
      field("count", &S::count, Need::optional, "How many; default 1."),
      field("at", &S::position, Need::required,
            "Fan position of the frame: a row, filled from its first, or one of its places."),
      field("speed", &S::speed, Need::optional, "Of the rated speed; default 100 %.")};
  return list;
}

namespace {

/// `want:` with a code of its own for words that are no wish.
Field<Spec> want_field() {
  Field<Spec> f = field("want", &Spec::want, Need::optional,
                        "What matters, most important first. After these: power, price, cable.");
  f.read = [read = f.read](Spec& s, const Entry& e, Reader& r) {
    const std::size_t first = r.out().all().size();
    read(s, e, r);
    for (std::size_t i = first; i < r.out().all().size(); ++i) {
      Diagnostic& d = r.out().all()[i];
      if (d.code != codes::bad_value.code) continue;
      d.code = std::string(codes::unknown_choice.code);
      d.name = std::string(codes::unknown_choice.name);
    }
  };
  return f;
}

}  // namespace

const Fields<Spec>& Table<Spec>::fields() {
  using S = Spec;
  static const Fields<S> list{
      field("rigtopo", &S::version, Need::required, "Version of the format; 1."),
      field("name", &S::name, Need::optional, "What the rig is called in titles."),
      field("board", &S::board, Need::required, "The board, or a list to choose from."),
      field("cpu", &S::cpu, Need::required, "The CPU."),
      field("cpus", &S::cpus, Need::optional, "How many sockets are filled; default: all."),
      field("devices", &S::devices, Need::required, "Everything that gets a PCIe link."),
      field("frame", &S::frame, Need::optional, "Frame or case; without it place is not checked."),
      field("stock", &S::stock, Need::optional, "What is there and what may be bought."),
      field("mains", &S::mains, Need::optional, "Circuits, and which code holds."),
      field("platform", &S::platform, Need::optional, "The rest of the machine."),
      field("room", &S::room, Need::optional, "Air around it."),
      want_field(),
      field("pins", &S::pins, Need::optional,
            "What is fixed as built, by id: a device, a supply, `board`, a core, a shared group."),
      field("allow", &S::allow, Need::optional, "Findings that are known and accepted."),
      field("bios", &S::bios, Need::optional, "Settings of the BIOS that matter here."),
      field("bridges", &S::bridges, Need::optional,
            "NVLink bridges: `{part: ..., between: [gpu0, gpu1]}`."),
      field("fans", &S::fans, Need::optional, "Fans in the positions of the frame."),
      field("power", &S::power, Need::optional,
            "How several supplies are switched and tied together.")};
  return list;
}

// ---- finding
// ---------------------------------------------------------------------------------------

namespace {

template <class List>
const typename List::value_type* with_id(const List& list, std::string_view id) {
  const auto it = std::find_if(list.begin(), list.end(), [&](const auto& e) { return e.id == id; });
  return it == list.end() ? nullptr : &*it;
}

}  // namespace

const Board* Project::board_named(std::string_view id) const {
  for (const PartPtr& holder : boards) {
    const Board& candidate = std::get<Board>(*holder);
    if (candidate.id == id) return &candidate;
  }
  return nullptr;
}

const DeviceUse* Project::device(std::string_view id) const { return with_id(devices, id); }
const SupplyUse* Project::supply(std::string_view id) const { return with_id(supplies, id); }

const ExpanderUse* Project::expander(std::string_view id) const { return with_id(expanders, id); }

const CircuitRow* Project::circuit(std::string_view id) const {
  for (const CircuitRow& row : spec.mains.circuits) {
    if (row.id.known() && *row.id == id) return &row;
  }
  const MainsUnit* unit = mains_unit(id);
  if (unit == nullptr || !unit->circuit.known()) return nullptr;
  for (const CircuitRow& row : spec.mains.circuits) {
    if (row.id.known() && *row.id == *unit->circuit) return &row;
  }
  return nullptr;
}

const MainsUnit* Project::mains_unit(std::string_view id) const {
  for (const MainsUnit& unit : spec.mains.units) {
    if (unit.id.known() && *unit.id == id) return &unit;
  }
  return nullptr;
}

}  // namespace rigtopo
