// Parts list and cable list from a rig, and their CSV form. Tags are those of the layout, so that
// pictures, tables and the lock file speak of the same cable.
#include "exchange/tables.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "base/text.hpp"
#include "physics/link.hpp"
#include "physics/power.hpp"

namespace rigtopo {
namespace {

/// Collects uses of parts by (kind order, id).
class Tally {
 public:
  explicit Tally(const Project& project) : project_(project) {}

  void add(const std::string& id, int count, bool given) {
    const auto found = project_.parts.find(id);
    if (id.empty() || found == project_.parts.end()) return;
    const Part& part = base_of(*found->second);
    const std::string kind = part.kind.value_or("");
    PartLine& line = lines_[{kind_order(kind), id}];
    line.kind = kind;
    line.part = id;
    line.name = part.name.value_or(id);
    line.count += count;
    if (given) line.owned += count;
    if (part.price.known() && !line.price) line.price = *part.price;
  }

  std::vector<PartLine> finished() {
    for (const StockUse& stock : project_.stock) take_stock(stock);
    std::vector<PartLine> list;
    for (auto& [key, line] : lines_) {
      line.owned = std::min(line.owned, line.count);
      line.to_buy = line.count - line.owned;
      list.push_back(line);
    }
    return list;
  }

 private:
  static int kind_order(std::string_view kind) {
    int order = 0;
    for (const Kind& k : kinds()) {
      if (k.id == kind) return order;
      ++order;
    }
    return order;
  }

  void take_stock(const StockUse& stock) {
    for (auto& [key, line] : lines_) {
      if (line.part != stock.part_id) continue;
      line.owned += stock.owned;
      if (stock.price.known()) line.price = *stock.price;
    }
  }

  const Project& project_;
  std::map<std::pair<int, std::string>, PartLine> lines_;
};

void tally_feeds(const std::vector<Feed>& feeds, Tally& tally) {
  for (const Feed& feed : feeds) tally.add(feed.part.value_or(""), 1, false);
}

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\n\r") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string csv_row(const std::vector<std::string>& fields) {
  std::string row;
  for (const std::string& f : fields) row += (row.empty() ? "" : ",") + csv_field(f);
  return row + "\r\n";
}

std::string joined(const std::vector<Fact<std::string>>& ids) {
  std::string text;
  for (const auto& id : ids) text += (text.empty() ? "" : " + ") + id.value_or("?");
  return text;
}

/// Loads by inlet id ("gpu3.16pin"), for the columns `carries` and `limit`.
std::map<std::string, InletLoad> loads_by_inlet(const Rig& rig) {
  std::map<std::string, InletLoad> by_id;
  for (InletLoad& load : inlet_loads(rig)) by_id.emplace(load.id, std::move(load));
  return by_id;
}

CableLine power_line(const Rig& rig, const std::string& owner, const Feed& feed,
                     const std::map<std::string, InletLoad>& loads) {
  CableLine line;
  line.tag = feed.cable.value_or("");
  line.kind = "power";
  line.from = joined(feed.from);
  line.to = owner + "." + feed.inlet.value_or("?");
  if (feed.part.known()) {
    line.part = *feed.part;
    const auto* cable = rig.project->part<PowerCable>(*feed.part);
    if (cable != nullptr && cable->length.known()) line.length = *cable->length;
  } else if (!feed.from.empty()) {
    line.part = "own cable of " + owner_of(feed.from.front().value_or("?"));
  }
  const auto load = loads.find(line.to);
  if (load != loads.end()) {
    line.carries = to_text(load->second.carried);
    line.limit = to_text(load->second.rating);
  }
  return line;
}

void add_riser_lines(const Rig& rig, const DevicePlace& place, int& tag,
                     std::vector<CableLine>& list) {
  const std::optional<LinkPath> path = rig.link_path(place);
  const std::optional<TrainedLink> link = path ? trained_link(*path) : std::nullopt;
  std::string from = place.port.value_or("?");
  for (const ChainLink& piece : place.chain) {
    CableLine line;
    line.tag = fmt::format("R{}", tag++);
    line.kind = "riser";
    const int count = piece.count.value_or(1);
    line.part = piece.part.value_or("?") + (count > 1 ? fmt::format(" x{}", count) : "");
    line.from = from;
    line.to = &piece == &place.chain.back() ? place.id.value_or("?") : fmt::format("R{}", tag);
    const auto* riser = rig.project->part<Riser>(piece.part.value_or(""));
    if (riser != nullptr && riser->length.known()) line.length = *riser->length;
    if (link)
      line.carries = fmt::format("x{} gen{}", link->width, static_cast<int>(link->generation));
    if (riser != nullptr && riser->width.known() && riser->generation.known()) {
      line.limit = to_text(Lanes{riser->width->value * count}) + " " + to_text(*riser->generation);
    }
    from = line.tag;
    list.push_back(std::move(line));
  }
}

}  // namespace

std::vector<PartLine> parts_list(const Rig& rig) {
  const Project& project = *rig.project;
  Tally tally(project);
  if (rig.board != nullptr) tally.add(rig.board->id, 1, true);
  if (project.cpu != nullptr) tally.add(project.cpu->id, project.cpu_count, true);
  if (project.frame != nullptr) tally.add(project.frame->id, 1, true);
  for (const DevicePlace& place : rig.layout.devices) {
    tally.add(place.part.value_or(""), 1, true);
    for (const ChainLink& piece : place.chain) {
      tally.add(piece.part.value_or(""), piece.count.value_or(1), false);
    }
    tally_feeds(place.power.aux, tally);
    tally_feeds(place.power.riser, tally);
  }
  for (const DevicePlace& place : rig.layout.expanders) {
    const ExpanderUse* use = project.expander(place.id.value_or(""));
    if (use != nullptr) tally.add(use->part->id, 1, false);
    for (const ChainLink& piece : place.chain) {
      tally.add(piece.part.value_or(""), piece.count.value_or(1), false);
    }
    tally_feeds(place.power.aux, tally);
    tally_feeds(place.power.riser, tally);
  }
  for (const BridgePlace& bridge : rig.layout.bridges) {
    tally.add(bridge.part.value_or(""), 1, false);
  }
  tally_feeds(rig.layout.board_power, tally);
  for (const SupplyPlace& supply : rig.layout.supplies) {
    tally.add(supply.part.value_or(""), 1, false);
    tally.add(supply.breakout.value_or(""), 1, false);
    tally.add(supply.cord_part.value_or(""), 1, false);
  }
  return tally.finished();
}

std::vector<CableLine> cable_list(const Rig& rig) {
  std::vector<CableLine> list;
  int tag = 1;
  for (const DevicePlace& place : rig.layout.expanders) add_riser_lines(rig, place, tag, list);
  for (const DevicePlace& place : rig.layout.devices) add_riser_lines(rig, place, tag, list);
  const auto loads = loads_by_inlet(rig);
  std::vector<DevicePlace> places = rig.layout.devices;
  places.insert(places.end(), rig.layout.expanders.begin(), rig.layout.expanders.end());
  for (const DevicePlace& place : places) {
    const std::string id = place.id.value_or("?");
    for (const Feed& f : place.power.aux) list.push_back(power_line(rig, id, f, loads));
    for (const Feed& f : place.power.riser) list.push_back(power_line(rig, id, f, loads));
  }
  for (const Feed& f : rig.layout.board_power) list.push_back(power_line(rig, "board", f, loads));
  for (const SupplyLoad& load : supply_loads(rig)) {
    const SupplyPlace* supply = rig.layout.supply(load.id);
    if (supply == nullptr || !supply->circuit.known()) continue;
    CableLine line;
    line.tag = supply->cord.value_or("");
    line.kind = "mains";
    line.part = supply->cord_part.value_or("cord of " + load.id);
    line.from = "circuit " + *supply->circuit;
    line.to = load.id;
    if (load.wall.known()) line.carries = to_text(*load.wall);
    list.push_back(std::move(line));
  }
  return list;
}

std::string bom_csv(const Rig& rig) {
  std::string text =
      csv_row({"kind", "part", "name", "count", "owned", "to buy", "price each", "price to buy"});
  for (const PartLine& line : parts_list(rig)) {
    std::string each;
    std::string sum;
    if (line.price) {
      each = to_text(*line.price);
      Money total = *line.price;
      total.amount *= line.to_buy;
      sum = to_text(total);
    } else if (line.to_buy > 0) {
      sum = "unknown";
    }
    text += csv_row({line.kind, line.part, line.name, std::to_string(line.count),
                     std::to_string(line.owned), std::to_string(line.to_buy), each, sum});
  }
  return text;
}

std::string cables_csv(const Rig& rig) {
  std::string text = csv_row({"tag", "kind", "part", "from", "to", "length", "carries", "limit"});
  for (const CableLine& line : cable_list(rig)) {
    text += csv_row({line.tag, line.kind, line.part, line.from, line.to,
                     line.length ? to_text(*line.length) : "", line.carries, line.limit});
  }
  return text;
}

}  // namespace rigtopo
