// Stamping and collecting for rules; and the few lookups that several rule files share.
#include <algorithm>

#include "check/rule.hpp"

namespace rigtopo {

Diagnostic& Reporter::report(Source at, std::vector<std::string> subject, std::string message) {
  Diagnostic& d = sink_.diagnostics.report(rule_.code, at, std::move(message));
  d.subject = std::move(subject);
  return d;
}

void Reporter::add_not_checked(std::string what, bool decided, Gap gap) {
  const std::string code(rule_.code.code);
  const bool counts = decided && rule_.code.severity == Severity::error;
  const auto same =
      std::find_if(sink_.not_checked.begin(), sink_.not_checked.end(),
                   [&](const NotChecked& n) { return n.code == code && n.what == what; });
  if (same != sink_.not_checked.end()) {
    same->decided = same->decided || counts;
    same->gap = std::min(same->gap, gap);
    return;
  }
  sink_.not_checked.push_back({code, std::move(what), counts, gap});
}

void Reporter::not_checked(std::string what) {
  add_not_checked(std::move(what), true, Gap::number);
}

void Reporter::not_checked(const std::vector<std::string>& missing, std::string_view about) {
  for (const std::string& m : missing) not_checked(m + " (" + std::string(about) + ")");
}

void Reporter::undecided(std::string what) {
  add_not_checked(std::move(what), whole_, Gap::undecided);
}

void Reporter::spec_leaves_open(std::string what) {
  add_not_checked(std::move(what), false, Gap::undecided);
}

void Reporter::left_out(std::string what) {
  add_not_checked(std::move(what), false, Gap::left_out);
}

void Reporter::assume(std::string words) { sink_.assumptions.push_back(std::move(words)); }

void Reporter::limit(std::string what, double load, double limit, std::string unit) {
  sink_.limits.push_back(
      {std::string(rule_.code.code), std::move(what), load, limit, std::move(unit)});
}

void Reporter::rests_on(Confidence c) { sink_.confidence = weakest(sink_.confidence, c); }

bool is_partial(const Rig& rig) {
  // pinned_layout() places the layout in the spec's own file.
  return rig.layout.at.known() && rig.layout.at.file == rig.project->file_id;
}

// ---- places and words
// --------------------------------------------------------------------------------------

Source either(Source first, Source second) { return first.known() ? first : second; }

Source place_of(const Rig& rig, const DevicePlace& device) {
  if (device.at.known()) return device.at;
  const DeviceUse* use = rig.project->device(device.id.value_or(""));
  return use != nullptr ? use->at : Source{};
}

Source place_of(const Rig& rig, std::string_view device_id) {
  const DevicePlace* place = rig.layout.device(device_id);
  if (place != nullptr) return place_of(rig, *place);
  const DeviceUse* use = rig.project->device(device_id);
  if (use != nullptr) return use->at;
  if (const DevicePlace* held = rig.layout.expander(device_id)) return place_of(rig, *held);
  const ExpanderUse* expander = rig.project->expander(device_id);
  return expander != nullptr ? expander->at : Source{};
}

Source supply_place(const Rig& rig, std::string_view supply_id) {
  const SupplyPlace* place = rig.layout.supply(supply_id);
  if (place != nullptr && place->at.known()) return place->at;
  const SupplyUse* use = rig.project->supply(supply_id);
  return use != nullptr ? use->at : Source{};
}

Source board_place(const Rig& rig) {
  const auto& written = rig.project->spec.board;
  const Source spec = written.empty() ? rig.project->spec.at : written.front().value.at;
  return either(rig.layout.board.at, spec);
}

Source owner_place(const Rig& rig, std::string_view address) {
  const std::string owner = owner_of(address);
  if (owner == "board") return board_place(rig);
  return either(place_of(rig, owner), supply_place(rig, owner));
}

std::string one_of(const std::vector<std::string>& ids) {
  std::string text;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (i > 0) text += i + 1 == ids.size() ? " or " : ", ";
    text += "`" + ids[i] + "`";
  }
  return text;
}

// ---- parts
// ---------------------------------------------------------------------------------------

const Supply* supply_part(const Rig& rig, std::string_view supply_id) {
  const SupplyPlace* place = rig.layout.supply(supply_id);
  if (place != nullptr && place->part.known()) return rig.project->part<Supply>(*place->part);
  const SupplyUse* use = rig.project->supply(supply_id);
  return use != nullptr ? use->part : nullptr;
}

const Breakout* breakout_part(const Rig& rig, std::string_view supply_id) {
  const SupplyPlace* place = rig.layout.supply(supply_id);
  if (place != nullptr && place->breakout.known()) {
    return rig.project->part<Breakout>(*place->breakout);
  }
  const SupplyUse* use = rig.project->supply(supply_id);
  return use != nullptr ? use->breakout : nullptr;
}

namespace {

const Output* output_in(const std::vector<Output>& outputs, std::string_view name) {
  for (const Output& output : outputs) {
    for (const std::string& n : numbered(output.id.value_or(""), output.count.value_or(1))) {
      if (n == name) return &output;
    }
  }
  return nullptr;
}

template <class AnyInlet>
void describe(const AnyInlet& inlet, PlacedFeed& placed) {
  placed.inlet_known = true;
  placed.plug = inlet.plug.value;
}

void describe_card_inlet(const std::vector<Inlet>& inlets, PlacedFeed& placed) {
  for (const Inlet& inlet : inlets) {
    if (inlet.id.value == placed.feed->inlet.value_or("")) describe(inlet, placed);
  }
}

void describe_board_inlet(const Board& board, PlacedFeed& placed) {
  for (const BoardInlet& inlet : board.inlets) {
    for (const std::string& name : numbered(inlet.id.value_or(""), inlet.count.value_or(1))) {
      if (name == placed.feed->inlet.value_or("")) describe(inlet, placed);
    }
  }
}

void add_device_feeds(const Rig& rig, const DevicePlace& place, std::vector<PlacedFeed>& list) {
  const std::string id = place.id.value_or("?");
  const DeviceUse* use = rig.project->device(id);
  for (const Feed& f : place.power.aux) {
    PlacedFeed placed{id, &f, false, std::nullopt, nullptr};
    if (use != nullptr) describe_card_inlet(use->part->inlets, placed);
    const ExpanderUse* expander = rig.project->expander(id);
    if (expander != nullptr) describe_card_inlet(expander->part->inlets, placed);
    list.push_back(std::move(placed));
  }
  for (const Feed& f : place.power.riser) {
    PlacedFeed placed{id, &f, false, std::nullopt, nullptr};
    for (const ChainLink& piece : place.chain) {
      const Riser* riser = rig.project->part<Riser>(piece.part.value_or(""));
      if (riser == nullptr || placed.inlet_known) continue;
      describe_card_inlet(riser->inlets, placed);
      if (placed.inlet_known) placed.riser = riser;
    }
    list.push_back(std::move(placed));
  }
}

}  // namespace

const Output* output_at(const Rig& rig, std::string_view address) {
  const std::string owner = owner_of(address);
  if (owner.size() >= address.size()) return nullptr;
  const std::string_view name = address.substr(owner.size() + 1);
  const Supply* supply = supply_part(rig, owner);
  if (supply == nullptr) return nullptr;
  if (const Output* own = output_in(supply->outputs, name)) return own;
  const Breakout* breakout = breakout_part(rig, owner);
  return breakout != nullptr ? output_in(breakout->outputs, name) : nullptr;
}

std::vector<PlacedFeed> all_feeds(const Rig& rig) {
  std::vector<PlacedFeed> list;
  for (const DevicePlace& place : rig.layout.devices) add_device_feeds(rig, place, list);
  for (const DevicePlace& place : rig.layout.expanders) add_device_feeds(rig, place, list);
  for (const Feed& f : rig.layout.board_power) {
    PlacedFeed placed{"board", &f, false, std::nullopt, nullptr};
    if (rig.board != nullptr) describe_board_inlet(*rig.board, placed);
    list.push_back(std::move(placed));
  }
  return list;
}

const PlacedFeed* feed_of_cable(const std::vector<PlacedFeed>& feeds, Source at,
                                std::string_view tag) {
  const auto it = std::find_if(feeds.begin(), feeds.end(), [&](const PlacedFeed& f) {
    return at.known() ? f.feed->at == at : f.feed->cable.value == tag;
  });
  return it == feeds.end() ? nullptr : &*it;
}

const PlacedFeed* feed_from(const std::vector<PlacedFeed>& feeds, std::string_view output) {
  const auto it = std::find_if(feeds.begin(), feeds.end(), [&](const PlacedFeed& f) {
    return std::any_of(f.feed->from.begin(), f.feed->from.end(),
                       [&](const Fact<std::string>& from) { return from.value == output; });
  });
  return it == feeds.end() ? nullptr : &*it;
}

}  // namespace rigtopo
