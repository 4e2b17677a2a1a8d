// Tables and paragraphs for a terminal. Every number comes from physics or from the check result.
#include "cli/summary.hpp"

#include <fmt/format.h>
#include <map>
#include <set>

#include "base/report.hpp"
#include "base/text.hpp"
#include "cli/session.hpp"
#include "cli/table.hpp"
#include "physics/air_state.hpp"
#include "physics/link.hpp"
#include "physics/power.hpp"
#include "physics/power_walk.hpp"

namespace rigtopo {
namespace {

std::string supply_of(const Feed& feed) {
  const std::string first = feed.from.empty() ? "" : feed.from.front().value_or("");
  return owner_of(first);
}

/// "psu0" or "psu0, psu1" without repeats, in order of appearance.
std::string supplies_of(const std::vector<Feed>& feeds) {
  std::string text;
  std::set<std::string> seen;
  for (const Feed& f : feeds) {
    const std::string id = supply_of(f);
    if (id.empty() || !seen.insert(id).second) continue;
    text += (text.empty() ? "" : ", ") + id;
  }
  return text;
}

std::string chain_text(const DevicePlace& place) {
  std::string text;
  for (const ChainLink& piece : place.chain) {
    if (!text.empty()) text += " + ";
    if (piece.count.value_or(1) > 1) text += fmt::format("{}x ", *piece.count);
    text += piece.part.value_or("?");
  }
  if (!text.empty()) return text;
  return place.chain_decided ? "none" : "undecided";
}

std::string link_text(const Rig& rig, const DevicePlace& place) {
  const std::optional<LinkPath> path = rig.link_path(place);
  const std::optional<TrainedLink> link = path ? trained_link(*path) : std::nullopt;
  if (!link) return "-";
  return fmt::format("x{} gen{} {}", link->width, static_cast<int>(link->generation),
                     to_text(link->bandwidth));
}

std::string signal_text(const Rig& rig, const DevicePlace& place) {
  const std::optional<LinkPath> path = rig.link_path(place);
  const std::optional<TrainedLink> link = path ? trained_link(*path) : std::nullopt;
  return link ? std::string(to_string(link->loss.band)) : "";
}

std::string circuit_of(const Rig& rig, const std::string& supply_id) {
  const SupplyPlace* supply = rig.layout.supply(supply_id);
  return supply != nullptr ? supply->circuit.value_or("") : "";
}

std::string limit_text(const Rig& rig, const std::string& id) {
  const Fact<Watts>* limit = rig.layout.power_limit(id);
  if (limit != nullptr && limit->known()) return to_text(**limit);
  const DeviceUse* use = rig.project->device(id);
  if (use == nullptr || use->kind != "gpu" || !use->part->power.known()) return "";
  return to_text(*use->part->power);
}

/// Supplies behind the slot of a card, and whether they come through the board.
std::string slot_source(const Rig& rig, const DevicePlace& place) {
  std::string text;
  for (const std::string& supply : device_sources(rig, place.id.value_or("")).slot) {
    text += (text.empty() ? "" : ", ") + supply;
  }
  const auto node = rig.node(NodeKind::device, place.id.value_or(""));
  const bool board = node && on_slot_net(rig, *node);
  return text.empty() || !board ? text : "board (" + text + ")";
}

std::string percent_text(double load, double limit) {
  if (limit <= 0) return "";
  const double percent = 100 * load / limit;
  return fmt::format("{:.0f} %{}", percent, percent >= 85 ? " !" : "");
}

std::string paragraph(std::string_view title, const std::vector<std::string>& items) {
  if (items.empty()) return "";
  std::string text = fmt::format("\n{}\n", title);
  for (const std::string& item : items) text += "  - " + wrapped(item, "    ") + "\n";
  return text;
}

std::string device_tables(const Rig& rig) {
  TextTable table({"device", "port", "link", "signal", "through", "at", "slot power", "plugs",
                   "circuit", ">limit"});
  for (const DevicePlace& place : rig.layout.devices) {
    const std::string id = place.id.value_or("?");
    const std::string plugs = supplies_of(place.power.aux);
    const std::string first = plugs.substr(0, plugs.find(','));
    table.row({id, place.port.value_or("undecided"), link_text(rig, place), signal_text(rig, place),
               chain_text(place), place.mount.value_or("-"), slot_source(rig, place), plugs,
               circuit_of(rig, first), limit_text(rig, id)});
  }
  for (const DevicePlace& place : rig.layout.expanders) {
    const std::string plugs = supplies_of(place.power.aux);
    const std::string first = plugs.substr(0, plugs.find(','));
    table.row({place.id.value_or("?"), place.port.value_or("undecided"), link_text(rig, place),
               signal_text(rig, place), chain_text(place), place.mount.value_or("-"), "", plugs,
               circuit_of(rig, first), ""});
  }
  return "\nDevices\n" + table.text();
}

std::string supply_table(const Rig& rig) {
  TextTable table({"supply", "part", "breakout", "circuit", "cord", ">expected", ">worst",
                   ">rating", ">at the wall"});
  for (const SupplyLoad& load : supply_loads(rig)) {
    const SupplyPlace* place = rig.layout.supply(load.id);
    if (place == nullptr) continue;
    table.row({load.id, place->part.value_or("?"), place->breakout.value_or(""),
               place->circuit.value_or("undecided"), place->cord.value_or(""),
               to_text(load.expected), to_text(load.worst),
               load.rating.known() ? to_text(*load.rating) : "unknown",
               load.wall.known() ? to_text(*load.wall) : "unknown"});
  }
  return table.empty() ? "" : "\nSupplies\n" + table.text();
}

std::string feed_table(const Rig& rig) {
  TextTable table({"cable", "from", "to", "part"});
  const auto add = [&](const std::string& owner, const std::vector<Feed>& feeds) {
    for (const Feed& f : feeds) {
      std::string from;
      for (const auto& o : f.from) from += (from.empty() ? "" : " + ") + o.value_or("?");
      table.row({f.cable.value_or(""), from, owner + "." + f.inlet.value_or("?"),
                 f.part.value_or("the output's own")});
    }
  };
  for (const DevicePlace& place : rig.layout.devices) {
    add(place.id.value_or("?"), place.power.aux);
    add(place.id.value_or("?"), place.power.riser);
  }
  for (const DevicePlace& place : rig.layout.expanders) {
    add(place.id.value_or("?"), place.power.aux);
    add(place.id.value_or("?"), place.power.riser);
  }
  add("board", rig.layout.board_power);
  return table.empty() ? "" : "\nPower cables\n" + table.text();
}

std::string mode_line(const Rig& rig) {
  std::string text;
  for (const auto& mode : rig.layout.modes) {
    text += (text.empty() ? "" : ", ") + mode.key.value_or("?") + " = " + mode.value.value_or("?");
  }
  return text.empty() ? "" : "\nBoard settings: " + wrapped(text, "  ") + "\n";
}

std::string value_text(double value, const std::string& unit) {
  return number(value, 1) + (unit.empty() ? "" : " " + unit);
}

std::string degrees(Celsius t) { return fmt::format("{} °C", number(t.value, 0)); }

/// What the cards breathe, when the frame has an air model that could be solved.
std::string temperature_table(const Rig& rig) {
  const AirState air = air_state(rig);
  if (!air.solved) return "";
  TextTable table({"card", ">heat", ">air", ">in", ">out"});
  for (const CardAir& card : air.cards) {
    table.row({card.id, to_text(card.heat), number(in_cfm(card.flow).value, 0) + " CFM",
               degrees(card.inlet), degrees(card.outlet)});
  }
  std::string text =
      fmt::format("\nTemperatures (within {} K at best, {} figures{})\n", air.band.value,
                  to_string(air.confidence), air.model == AirModel::open ? ", an estimate" : "") +
      table.text();
  if (air.model == AirModel::network) {
    text += fmt::format("{} CFM take {} out of the frame and warm by {} K\n",
                        number(in_cfm(air.through).value, 0), to_text(air.heat),
                        number(air.mean_rise().value, 0));
  }
  if (!air.fans.empty()) {
    text += fmt::format("{} fans: {}, {}\n", air.fans.size(), to_text(air.fan_power),
                        air.sound.known() ? number((*air.sound).value, 0) + " dBA at full load"
                                          : "sound not known");
  }
  return text;
}

}  // namespace

std::string layout_summary(const Rig& rig) {
  return device_tables(rig) + supply_table(rig) + feed_table(rig) + mode_line(rig) +
         temperature_table(rig);
}

std::string check_summary(const CheckResult& result, const SourceMap& sources, SummaryStyle style) {
  std::string text;
  TextTable limits({"limit", ">load", ">limit", ">used", "rule"});
  for (const LimitUse& use : result.limits) {
    // A margin is what is left, not what is used: no percentage.
    const std::string used = use.unit == "dB" ? "" : percent_text(use.load, use.limit);
    limits.row({use.what, value_text(use.load, use.unit), value_text(use.limit, use.unit), used,
                use.code});
  }
  if (!limits.empty()) text += "\nLimits\n" + limits.text();
  if (!result.diagnostics.empty()) {
    text += "\nFindings\n" +
            report_text(result.diagnostics, sources, {.colour = style.colour, .cap = 12});
  }
  text += paragraph("Assumed", result.assumptions);
  std::vector<std::string> missing;
  for (const NotChecked& n : result.not_checked) {
    missing.push_back(fmt::format("{} not run: {}{}", n.code, n.what,
                                  n.gap == Gap::undecided ? " (not decided yet)" : ""));
  }
  text += paragraph("Not checked", missing);
  text += fmt::format("\nVerdict: {} (rests on {} figures)\n", verdict_line(result),
                      to_string(result.confidence));
  return text;
}

std::string objective_summary(const Project& project, const SolveResult& result,
                              const SourceMap& sources, SummaryStyle style) {
  const bool all_proved = result.status == SolveStatus::optimal;
  std::string text = fmt::format(
      "{}: {}\n", project.spec.name.value_or(project.file),
      all_proved ? "optimal, proved on every level" : std::string(to_string(result.status)));
  TextTable table({">level", "wish", "what", ">value", ">bound", "proved"});
  for (const ObjectiveLevel& l : result.objective) {
    table.row({std::to_string(l.level), l.wish,
               fmt::format("{} ({})", l.what, l.maximise ? "most" : "least"),
               value_text(l.value, l.unit), value_text(l.bound, l.unit), l.proved ? "yes" : "no"});
  }
  if (!table.empty()) text += "\nWishes, in order\n" + table.text();
  if (!result.conflict.empty()) {
    Diagnostics conflict;
    for (const Diagnostic& d : result.conflict) conflict.add(d);
    text += "\nThese demands cannot hold together; without any one of them there is a layout:\n" +
            report_text(conflict, sources, {.colour = style.colour});
  }
  return text;
}

}  // namespace rigtopo
