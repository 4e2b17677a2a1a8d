// Power parts: supplies, breakout boards, power cables, mains cords. Loads and limits are computed
// in physics/ and judged in check/; here only that a part does not contradict itself.
#include <algorithm>

#include "catalog/kinds.hpp"

namespace rigtopo {

const Fields<SupplyRating>& Table<SupplyRating>::fields() {
  using S = SupplyRating;
  static const Fields<S> list{
      field("mains", &S::mains, Need::required, "Mains voltages it holds for, both ends included."),
      field("power", &S::power, Need::required,
            "Continuous power of all rails together; `unknown` never passes."),
      field("power_12v", &S::power_12v, Need::optional,
            "Continuous power of 12 V; default `power`.")};
  return list;
}

const Fields<SupplyRail>& Table<SupplyRail>::fields() {
  using S = SupplyRail;
  static const Fields<S> list{
      field("id", &S::id, Need::required, "Name that outputs refer to."),
      field("current", &S::current, Need::required, "Over-current limit of the rail.")};
  return list;
}

const Fields<Output>& Table<Output>::fields() {
  using S = Output;
  static const Fields<S> list{
      field("id", &S::id, Need::required,
            "Name of the outputs: `pcie` with `count: 3` gives `pcie0`, `pcie1`, `pcie2`."),
      field("plug", &S::plug, Need::required, "What it ends in."),
      field("count", &S::count, Need::optional, "How many equal ones; default 1."),
      field("power", &S::power, Need::optional,
            "Continuous power of each; default: what the plug is rated for."),
      field("reach", &S::reach, Need::optional, "Length of the output's own cable."),
      field("needs_cable", &S::needs_cable, Need::optional,
            "A bare port: a cable part is needed; default false."),
      field("current", &S::current, Need::optional, "Continuous current of each."),
      field("fuse", &S::fuse, Need::optional, "Fuse of each."),
      field("rail", &S::rail, Need::optional, "Rail of the supply it hangs on."),
      field("one_cable", &S::one_cable, Need::optional,
            "All `count` plugs sit on one cable: pigtails, chains; default false."),
      field("gauge", &S::gauge, Need::optional, "Wire size of its own cable, AWG.")};
  return list;
}

const Fields<Supply>& Table<Supply>::fields() {
  using S = Supply;
  static const Fields<S> list = detail::part_fields<S>(
      {field("type", &S::type, Need::required, "Form."),
       field("ratings", &S::ratings, Need::required,
             "What it delivers, by mains voltage. Server supplies deliver less at 120 V."),
       field("outputs", &S::outputs, Need::optional,
             "Its cables. None for server supplies, which need a breakout board."),
       field("mains_inlet", &S::mains_inlet, Need::optional, "Inlet for the mains cord."),
       field("efficiency", &S::efficiency, Need::optional, "Efficiency at half load."),
       field("excursion_1ms", &S::excursion_1ms, Need::optional,
             "What it survives for 1 ms, in percent of its rating."),
       field("excursion_10ms", &S::excursion_10ms, Need::optional,
             "What it survives for 10 ms, in percent of its rating."),
       field("shares_current", &S::shares_current, Need::optional,
             "Outputs of equal units may be joined."),
       field("feeds_24pin", &S::feeds_24pin, Need::optional,
             "It has 5 V, 3.3 V and standby for a board."),
       field("excursion_100us", &S::excursion_100us, Need::optional,
             "What it survives for 100 us, in percent of its rating."),
       field("excursion_100ms", &S::excursion_100ms, Need::optional,
             "What it survives for 100 ms, in percent of its rating."),
       field("rails", &S::rails, Need::optional,
             "12 V rails with limits of their own. None: a single rail."),
       field("voltage", &S::voltage, Need::optional, "Set point of 12 V."),
       field("inrush", &S::inrush, Need::optional, "Current at switching on, cold."),
       field("always_on", &S::always_on, Need::optional,
             "No switch: it gives 12 V whenever it has mains; default false."),
       field("isolates_output", &S::isolates_output, Need::optional,
             "A unit that is off takes no current from others joined to its output."),
       field("cable_family", &S::cable_family, Need::optional,
             "Name of the supplies whose modular cables fit this one.")});
  return list;
}

const Fields<Breakout>& Table<Breakout>::fields() {
  using S = Breakout;
  static const Fields<S> list = detail::part_fields<S>(
      {field("fits", &S::fits, Need::required, "Types of supply that plug into it."),
       field("outputs", &S::outputs, Need::required, "Its ports."),
       field("bus_power", &S::bus_power, Need::optional, "Continuous power of all ports together."),
       field("always_on", &S::always_on, Need::optional,
             "Jumpered: its supply runs whenever it has mains; default false.")});
  return list;
}

const Fields<PowerCable>& Table<PowerCable>::fields() {
  using S = PowerCable;
  static const Fields<S> list = detail::part_fields<S>(
      {field("from", &S::from, Need::required, "What it plugs into at the supply's side."),
       field("from_count", &S::from_count, Need::optional,
             "How many of these it needs; default 1."),
       field("to", &S::to, Need::required, "Its plug at the far end."),
       field("power", &S::power, Need::optional, "Continuous power through the whole part."),
       field("length", &S::length, Need::optional, "Length."),
       field("gauge", &S::gauge, Need::optional, "Wire size, AWG."),
       field("fits_family", &S::fits_family, Need::optional,
             "A modular cable: the `cable_family` of the supplies it was made for.")});
  return list;
}

const Fields<Cord>& Table<Cord>::fields() {
  using S = Cord;
  static const Fields<S> list = detail::part_fields<S>(
      {field("inlet", &S::inlet, Need::required, "Inlet it fits: a C13 cord fits a `C14` inlet."),
       field("plug", &S::plug, Need::optional, "Plug at the wall: `NEMA 5-15P`, `CEE 7/7`."),
       field("current", &S::current, Need::optional, "Continuous current.")});
  return list;
}

namespace {

void complete(std::vector<Output>& outputs) {
  for (Output& o : outputs) {
    detail::default_to(o.count, 1);
    detail::default_to(o.needs_cable, false);
  }
}
void complete_supply(Supply& supply) {
  for (SupplyRating& r : supply.ratings) detail::default_to(r.power_12v, r.power);
  complete(supply.outputs);
}
void complete_breakout(Breakout& breakout) { complete(breakout.outputs); }
void complete_cable(PowerCable& cable) { detail::default_to(cable.from_count, 1); }
void complete_cord(Cord&) {}

void check_ratings(const Supply& supply, Diagnostics& out) {
  for (std::size_t i = 0; i < supply.ratings.size(); ++i) {
    const SupplyRating& rating = supply.ratings[i];
    detail::check_range(rating.mains, "mains", out);
    detail::check_positive(rating.power, "power", out);
    detail::check_positive(rating.power_12v, "power_12v", out);
    if (rating.power.known() && rating.power_12v.known() && *rating.power < *rating.power_12v) {
      out.report(codes::contradictory, rating.power_12v.at,
                 "`power_12v` is " + to_text(*rating.power_12v) + ", more than the " +
                     to_text(*rating.power) + " of all rails together");
    }
    for (std::size_t k = 0; k < i && rating.mains.known(); ++k) {
      const auto& other = supply.ratings[k].mains;
      if (!other.known() || rating.mains->most < other->least ||
          other->most < rating.mains->least) {
        continue;
      }
      out.report(codes::contradictory, rating.mains.at,
                 "two ratings hold at the same mains voltage: " + to_text(other->least) + " to " +
                     to_text(other->most) + " and " + to_text(rating.mains->least) + " to " +
                     to_text(rating.mains->most))
          .labels.push_back({other.at, "the other is given here"});
    }
  }
}

void check_percent(const Fact<Percent>& value, std::string_view key, double least, double most,
                   Diagnostics& out) {
  if (!value.known() || (value->value >= least && value->value <= most)) return;
  out.report(codes::out_of_range, value.at,
             "`" + std::string(key) + "` is " + number(value->value) + " %; it lies between " +
                 number(least) + " % and " + number(most) + " %");
}

void check_rails(const Supply& supply, Diagnostics& out) {
  detail::UniqueIds ids("rail", out);
  for (const SupplyRail& rail : supply.rails) {
    ids.add(rail.id);
    detail::check_positive(rail.current, "current", out);
  }
  for (const Output& output : supply.outputs) {
    if (!output.rail.known() || ids.has(*output.rail)) continue;
    out.report(codes::unknown_id, output.rail.at,
               "there is no rail `" + *output.rail + "` in `rails`");
  }
}

void validate_supply(const AnyPart& part, Diagnostics& out) {
  const Supply& supply = std::get<Supply>(part);
  check_ratings(supply, out);
  detail::check_outputs(supply.outputs, out);
  // 50 % and 300 % are no limits of physics: beyond them somebody wrote a figure into the wrong
  // key.
  check_percent(supply.efficiency, "efficiency", 50, 100, out);
  check_percent(supply.excursion_1ms, "excursion_1ms", 100, 300, out);
  check_percent(supply.excursion_10ms, "excursion_10ms", 100, 300, out);
  check_percent(supply.excursion_100us, "excursion_100us", 100, 300, out);
  check_percent(supply.excursion_100ms, "excursion_100ms", 100, 300, out);
  detail::check_positive(supply.inrush, "inrush", out);
  check_rails(supply, out);
}

void validate_breakout(const AnyPart& part, Diagnostics& out) {
  const Breakout& breakout = std::get<Breakout>(part);
  detail::check_outputs(breakout.outputs, out);
  detail::check_positive(breakout.bus_power, "bus_power", out);
}

void validate_cable(const AnyPart& part, Diagnostics& out) {
  const PowerCable& cable = std::get<PowerCable>(part);
  detail::check_count(cable.from_count, "from_count", 1, 8, out);
  detail::check_count(cable.gauge, "gauge", 6, 30, out);
  detail::check_positive(cable.power, "power", out);
  detail::check_positive(cable.length, "length", out);
}

void validate_cord(const AnyPart& part, Diagnostics& out) {
  detail::check_positive(std::get<Cord>(part).current, "current", out);
}

std::string reference_supply() {
  return reference_table<Supply>() + nested_reference<SupplyRating>("ratings") +
         nested_reference<Output>("outputs") + nested_reference<SupplyRail>("rails");
}
std::string reference_breakout() {
  return reference_table<Breakout>() + nested_reference<Output>("outputs");
}
std::string reference_cable() { return reference_table<PowerCable>(); }
std::string reference_cord() { return reference_table<Cord>(); }

}  // namespace

const Kind supply_kind{"supply",        "Power supply",
                       "psu",           detail::read_part<Supply, complete_supply>,
                       validate_supply, struct_schema<Supply>,
                       reference_supply};
const Kind breakout_kind{"breakout",        "Breakout board",
                         "breakout",        detail::read_part<Breakout, complete_breakout>,
                         validate_breakout, struct_schema<Breakout>,
                         reference_breakout};
const Kind cable_kind{"cable",        "Power cable",
                      "cable",        detail::read_part<PowerCable, complete_cable>,
                      validate_cable, struct_schema<PowerCable>,
                      reference_cable};
const Kind cord_kind{
    "cord",        "Mains cord",        "cord",        detail::read_part<Cord, complete_cord>,
    validate_cord, struct_schema<Cord>, reference_cord};

}  // namespace rigtopo
