// Enumerates choices and prunes only what a rule of class error forbids by itself. Combinations are
// left to the constraints.
#include "solve/choices.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "base/text.hpp"
#include "physics/channel.hpp"
#include "physics/geometry.hpp"
#include "physics/wire.hpp"

namespace rigtopo {
namespace {

constexpr double power_step = 5;            // W, quantum of the common power limit
constexpr std::size_t longest_chain = 3;    // parts between port and card
constexpr Millimetres unknown_cable{2000};  // a cable of unknown length never looks short

/// Where the slot at the end of a chain gets its 12 V, as the parts pass it on or cut it. False
/// when two parts name an inlet alike: a layout could not tell their cables apart.
bool settle_feed(ChainChoice& chain) {
  std::set<std::string> names;
  for (const auto& [riser, count] : chain.parts) {
    if (!riser->inlets.empty()) chain.plugged.push_back(riser);
    for (const Inlet& i : riser->inlets) {
      if (count > 1 || !names.insert(i.id.value_or("?")).second) return false;
    }
    const SlotFeed feed = slot_feed_of(*riser);
    if (feed == SlotFeed::host) continue;
    chain.feeder = feed == SlotFeed::none || riser->inlets.empty() ? nullptr : riser;
    // Behind a cable there is no host 12 V left to be joined with.
    const bool cut = chain.feed == SlotFeed::none || chain.feed == SlotFeed::own;
    chain.feed = cut && feed != SlotFeed::none ? SlotFeed::own : feed;
  }
  return true;
}

/// Where the spec names a board: the candidates stand in the order of `board:`.
Source named_at(const Project& project, const Board& board) {
  for (std::size_t i = 0; i < project.boards.size() && i < project.spec.board.size(); ++i) {
    if (&project.board(i) == &board) return project.spec.board[i].value.at;
  }
  return board.at;
}

}  // namespace

const BridgePlace* bridge_of(const Project& project, const std::string& device) {
  for (const BridgePlace& bridge : project.spec.bridges) {
    for (const Fact<std::string>& id : bridge.between) {
      if (id.value == device) return &bridge;
    }
  }
  return nullptr;
}

std::string DeviceClass::words() const {
  if (members.size() == 1) return fmt::format("`{}` ({})", members.front()->id, part->id);
  return fmt::format("{} cards of `{}`", members.size(), part->id);
}

Choices::Choices(const Project& p, const Board& b)
    : project(p),
      board(b),
      board_at(named_at(p, b)),
      fixed(board_with_switches(p, b)),
      ports(fixed.ports) {
  if (project.frame != nullptr) mounts = all_mounts(*project.frame);
  for (const StockUse& stock : project.stock) {
    const PowerCable* cable = std::get_if<PowerCable>(stock.holder.get());
    if (cable != nullptr && std::find(cables.begin(), cables.end(), cable) == cables.end()) {
      cables.push_back(cable);
    }
  }
  make_classes();
  make_bridges();
  make_switches();
  make_cores();
  make_chains();
  make_supplies();
  make_levels();
}

void Choices::reject(std::string code, std::string subject, std::string choice, std::string why) {
  if (!told_.emplace(code, subject, choice).second) return;
  rejected.push_back({std::move(code), std::move(subject), std::move(choice), std::move(why)});
}

void Choices::make_classes() {
  for (const DeviceUse& use : project.devices) {
    const Pin* pin = pin_of(project, use.id);
    const BridgePlace* bridge = bridge_of(project, use.id);
    DeviceClass* same = nullptr;
    for (DeviceClass& c : classes) {
      if (pin != nullptr || c.pin != nullptr || c.row != use.row) continue;
      if (bridge_of(project, c.members.front()->id) == bridge) same = &c;
    }
    if (same != nullptr) {
      same->members.push_back(&use);
      continue;
    }
    DeviceClass c;
    c.members.push_back(&use);
    c.part = use.part;
    c.row = use.row;
    c.pin = pin;
    c.gpu = use.kind == "gpu";
    if (use.row->group.known()) c.group = *use.row->group;
    settle_range(c);
    classes.push_back(std::move(c));
  }
}

void Choices::make_bridges() {
  for (const BridgePlace& place : project.spec.bridges) {
    BridgeChoice bridge;
    bridge.place = &place;
    bridge.part = project.part<Bridge>(place.part.value_or(""));
    bool whole = bridge.part != nullptr && place.between.size() == 2;
    for (std::size_t side = 0; side < 2 && whole; ++side) {
      bridge.cards[side] = project.device(place.between[side].value_or(""));
      for (std::size_t k = 0; k < classes.size(); ++k) {
        for (const DeviceUse* use : classes[k].members) {
          if (use == bridge.cards[side]) bridge.classes[side] = k;
        }
      }
      whole = bridge.cards[side] != nullptr;
    }
    if (whole) bridges.push_back(bridge);  // what is not whole was reported when it was read
  }
}

/// P114, P101: the range of the common power limit that the class can take, or why there is none.
void Choices::settle_range(DeviceClass& c) {
  const Device& part = *c.part;
  const auto refuse = [&](std::string code, std::string why) {
    c.refused = Rejection{std::move(code), c.members.front()->id, part.id, std::move(why)};
  };
  const auto both = [](Range<Watts> a, Range<Watts> b) {
    return Range<Watts>{std::max(a.least, b.least), std::min(a.most, b.most)};
  };
  const Fact<Range<Watts>>& wanted = c.row->power_limit;
  const bool pinned = c.pin != nullptr && c.pin->power_limit.known();
  if (!wanted.known() && !pinned) {
    if (!part.power.known()) refuse("P101", fmt::format("power of `{}` is not known", part.id));
    return;
  }
  Range<Watts> range =
      wanted.known() ? *wanted : Range<Watts>{*c.pin->power_limit, *c.pin->power_limit};
  if (pinned) range = both(range, {*c.pin->power_limit, *c.pin->power_limit});
  if (part.power_limits.known()) {
    range = both(range, *part.power_limits);
  } else if (part.power.known()) {
    // Nobody says what the card accepts: it can only run as shipped.
    range = both(range, {*part.power, *part.power});
  } else {
    refuse("P114", fmt::format("nobody says which power limits `{}` accepts", part.id));
    return;
  }
  if (range.least > range.most) {
    refuse("P114", fmt::format("no power limit satisfies both the spec and `{}`", part.id));
    return;
  }
  c.range = range;
}

void Choices::make_cores() {
  std::erase_if(ports, [&](const PortChoice& p) {
    if (p.expander != nullptr || (!p.core_id.empty() && p.core != nullptr)) return false;
    reject("L107", p.id, "any device", "nobody says on which core it hangs");
    return true;
  });
  for (const PortChoice& port : ports) {
    if (port.expander != nullptr) continue;
    auto core = std::find_if(cores.begin(), cores.end(),
                             [&](const CoreChoice& c) { return c.id == port.core_id; });
    if (core == cores.end()) {
      cores.push_back({port.core_id, {}});
      core = std::prev(cores.end());
    }
    bool menu_known = false;
    const std::string undivided = fmt::format("x{}", port.core->lanes.value_or(16));
    for (const Split& split : legal_splits(board, *project.cpu, port, &menu_known)) {
      if (!menu_known && split.text != undivided) continue;
      if (std::find(core->splits.begin(), core->splits.end(), split) == core->splits.end()) {
        core->splits.push_back(split);
      }
    }
  }
  // Ports of switches are as wired: one setting.
  const bool switches = std::any_of(ports.begin(), ports.end(),
                                    [](const PortChoice& p) { return p.expander != nullptr; });
  if (switches) cores.push_back({"", {Split{}}, true});
  for (const PortChoice& port : ports) {
    if (port.expander != nullptr) {
      settings.push_back({{cores.size() - 1, 0, std::nullopt, port.lanes, true}});
      continue;
    }
    const auto core = std::find_if(cores.begin(), cores.end(),
                                   [&](const CoreChoice& c) { return c.id == port.core_id; });
    std::vector<PortSetting> list;
    const std::size_t modes = port.group == nullptr ? 1 : port.group->modes.size();
    for (std::size_t s = 0; s < core->splits.size(); ++s) {
      for (std::size_t m = 0; m < modes; ++m) {
        list.push_back(setting_of(port, static_cast<std::size_t>(core - cores.begin()), s,
                                  port.group == nullptr ? std::nullopt : std::optional(m)));
      }
    }
    settings.push_back(std::move(list));
  }
}

/// What a port gets when its core and its group are set so.
PortSetting Choices::setting_of(const PortChoice& port, std::size_t core, std::size_t split,
                                std::optional<std::size_t> mode) const {
  PortSetting setting{core, split, mode, 0, true};
  const Split& chosen = cores.at(core).splits.at(split);
  LinkPath path = link_start(board, port);
  path.split = chosen;
  bool menu_known = false;
  const auto legal = legal_splits(board, *project.cpu, port, &menu_known);
  const std::string undivided = fmt::format("x{}", port.core->lanes.value_or(16));
  setting.legal = std::find(legal.begin(), legal.end(), chosen) != legal.end() &&
                  (menu_known || chosen.text == undivided);
  if (mode) {
    const GroupMode& chosen_mode = port.group->modes.at(*mode);
    int lanes = 0;
    for (const auto& member : chosen_mode.lanes) {
      for (const BoardConnector* c : port.connectors) {
        if (c->id.value == member.key.value) lanes += member.value.value_or(Lanes{0}).value;
      }
    }
    path.group_lanes = lanes;
    // A jumper that shares lanes may ask for a certain split of its core.
    if (chosen_mode.split.known() && chosen_mode.split->pieces != chosen.pieces) {
      setting.legal = false;
    }
  }
  setting.lanes = port_lanes(path);
  return setting;
}

void Choices::make_chains() {
  std::vector<const Riser*> risers;
  for (const StockUse& stock : project.stock) {
    const Riser* riser = std::get_if<Riser>(stock.holder.get());
    if (riser != nullptr && std::find(risers.begin(), risers.end(), riser) == risers.end()) {
      risers.push_back(riser);
    }
  }
  // Pinned chains may name parts that are in no stock row.
  for (const auto& pin : project.spec.pins) {
    if (!pin.value.chain) continue;
    for (const ChainLink& piece : *pin.value.chain) {
      const Riser* riser = project.part<Riser>(piece.part.value_or(""));
      if (riser != nullptr && std::find(risers.begin(), risers.end(), riser) == risers.end()) {
        risers.push_back(riser);
      }
    }
  }
  std::set<Socket> edges;
  for (const DeviceClass& c : classes) {
    if (c.expander == nullptr) edges.insert(c.part->edge.value_or(Socket::slot));
  }

  for (std::size_t p = 0; p < ports.size(); ++p) {
    const PortChoice& port = ports[p];
    std::vector<ChainChoice> list;
    ChainChoice current;
    const auto extend = [&](const auto& self, Socket socket, int count) -> void {
      if (count == 1 && edges.contains(socket)) {
        ChainChoice found = current;
        const bool told_apart = settle_feed(found);
        found.length = chain_length(found.parts);
        const bool dead_slot = socket == Socket::slot && found.feed == SlotFeed::none;
        if (!dead_slot && told_apart) list.push_back(std::move(found));
      }
      if (current.parts.size() >= longest_chain) return;
      for (const Riser* r : risers) {
        const Socket from = r->from.socket.value_or(Socket::slot);
        const int from_count = r->from.count.value_or(1);
        const bool parallel = from_count == 1 && count > 1;
        // A ribbon ends in a slot and is a chain of its own: anything behind it would only add
        // connectors.
        const bool repeated =
            std::any_of(current.parts.begin(), current.parts.end(), [&](auto& used) {
              return used.first == r || used.first->is(RiserType::ribbon) ||
                     r->is(RiserType::ribbon);
            });
        if (from != socket || repeated || (from_count != count && !parallel)) continue;
        const int pieces = parallel ? count : 1;
        current.parts.emplace_back(r, pieces);
        self(self, r->to.socket.value_or(Socket::slot), r->to.count.value_or(1) * pieces);
        current.parts.pop_back();
      }
    };
    extend(extend, port.socket,
           port.sockets > 0 ? port.sockets : static_cast<int>(port.connectors.size()));
    if (const auto k = switch_on(p)) add_pinned_chain(*k, list);
    chains.push_back(std::move(list));
  }
}

/// The chain of a pinned switch, which may end in several connectors.
void Choices::add_pinned_chain(std::size_t device_class, std::vector<ChainChoice>& list) const {
  ChainChoice chain;
  chain.parts = pinned_chain(device_class);
  const bool there = std::any_of(list.begin(), list.end(),
                                 [&](const ChainChoice& c) { return c.parts == chain.parts; });
  if (there || !settle_feed(chain)) return;
  chain.length = chain_length(chain.parts);
  list.push_back(std::move(chain));
}

/// W101, P108: what is wrong with a supply and its breakout board, whatever hangs on them.
bool Choices::supply_usable(const SupplyUse& use) {
  if (use.breakout == nullptr) return true;
  const Breakout& breakout = *use.breakout;
  const auto& fits = breakout.fits;
  const bool mates = use.part->type.known() &&
                     std::any_of(fits.begin(), fits.end(), [&](const Fact<SupplyType>& t) {
                       return t.value == *use.part->type;
                     });
  if (!mates) {
    const bool unknown = !use.part->type.known() || fits.empty();
    reject("W101", use.id, breakout.id,
           unknown ? fmt::format("nobody says whether it fits `{}`", use.part->id)
                   : fmt::format("it does not fit `{}`", use.part->id));
    return false;
  }
  if (breakout.bus_power.known()) return true;
  reject("P108", use.id, breakout.id, "no bus rating is known");
  return false;
}

void Choices::make_supplies() {
  for (const SupplyUse& use : project.supplies) {
    if (!supply_usable(use)) continue;
    SupplyChoice choice;
    choice.use = &use;
    const auto add = [&](const std::vector<Output>& outputs, bool on_breakout) {
      for (const Output& o : outputs) {
        if (!o.plug.known() || !o.id.known()) continue;
        const Watts rating = *output_rating(o);
        choice.outputs.push_back({&o, *o.id, *o.plug, o.count.value_or(1), rating, on_breakout});
      }
    };
    add(use.part->outputs, false);
    if (use.breakout != nullptr) add(use.breakout->outputs, true);
    const SupplyType type = use.part->type.value_or(SupplyType::server_brick);
    choice.feeds_board =
        use.part->feeds_24pin.value_or(type == SupplyType::atx || type == SupplyType::sfx);
    if (choice.outputs.empty()) {
      reject("P105", use.id, use.part->id, "it has no output that anything could hang on");
      continue;
    }
    supplies.push_back(std::move(choice));
  }
}

void Choices::make_levels() {
  std::optional<Watts> least;
  std::optional<Watts> most;
  for (const DeviceClass& c : classes) {
    if (!c.gpu || !c.range) continue;
    least = std::min(least.value_or(c.range->least), c.range->least);
    most = std::max(most.value_or(c.range->most), c.range->most);
  }
  if (!least) {
    levels.push_back(Watts{0});
    return;
  }
  for (Watts w = *least; w < *most; w += Watts{power_step}) levels.push_back(w);
  levels.push_back(*most);
}

std::optional<Watts> Choices::limit_at(const DeviceClass& c, std::size_t level) const {
  if (!c.range) return std::nullopt;
  return std::clamp(levels.at(level), c.range->least, c.range->most);
}

CardDraw Choices::draw(const DeviceClass& c, std::size_t level) const {
  return card_draw(*c.part, limit_at(c, level));
}

std::vector<int> Choices::widths(std::size_t port) const {
  std::set<int> widths;
  for (const PortSetting& s : settings.at(port)) {
    if (s.legal && s.lanes > 0) widths.insert(s.lanes);
  }
  return {widths.begin(), widths.end()};
}

std::vector<FeedChoice> Choices::feeds(const SupplyChoice& supply, const Fact<Plug>& inlet) const {
  std::vector<FeedChoice> list;
  if (!inlet.known()) return list;
  const Plug plug = *inlet;
  const auto length_of = [](const Fact<Millimetres>& a) { return a.value_or(unknown_cable); };
  for (std::size_t o = 0; o < supply.outputs.size(); ++o) {
    const OutputKind& kind = supply.outputs[o];
    const bool bare = kind.output->needs_cable.value_or(false);
    if (kind.plug == plug && !bare) {
      list.push_back(
          {o, 1, nullptr, plug_rating(plug), kind.rating, length_of(kind.output->reach)});
    }
    for (const PowerCable* cable : cables) {
      if (!cable->from.known() || !cable->to.known()) continue;
      if (*cable->from != kind.plug || *cable->to != plug) continue;
      const int n = cable->from_count.value_or(1);
      if (n > kind.count) continue;
      FeedChoice feed{o, n, cable, plug_rating(plug), kind.rating * n, length_of(cable->length)};
      if (cable->power.known()) feed.inlet_limit = std::min(feed.inlet_limit, *cable->power);
      if (!bare && kind.output->reach.known()) feed.length += *kind.output->reach;
      if (cable->fits_family.known() &&
          supply.use->part->cable_family.value != cable->fits_family.value) {
        continue;  // W114: nothing but the cables made for it
      }
      list.push_back(feed);
    }
  }
  for (FeedChoice& feed : list) {  // W110
    const Output* output = supply.outputs[feed.output].output;
    const FeedParts parts{plug, {static_cast<std::size_t>(feed.outputs), output}, feed.cable};
    for (const Stretch& s : stretches(parts)) {
      const Estimate<Watts> most = ampacity_of(s);
      if (most.known()) feed.inlet_limit = std::min(feed.inlet_limit, *most);
    }
  }
  return list;
}

const std::optional<TrainedLink>& Choices::link(std::size_t device_class, std::size_t port,
                                                int lanes, std::size_t chain) {
  const auto key = std::make_tuple(device_class, port, lanes, chain);
  const auto it = links_.find(key);
  if (it != links_.end()) return it->second;
  return links_
      .emplace(key, judge_link(classes.at(device_class), port, lanes, chains.at(port).at(chain)))
      .first->second;
}

LinkPath Choices::path_of(const DeviceClass& c, std::size_t port, const ChainChoice& chain) const {
  LinkPath path = link_start(board, ports.at(port));
  path.uplink = uplink_of(port);
  path.chain = chain.parts;
  path.device = c.expander == nullptr ? c.part : nullptr;
  path.expander = c.expander;
  if (c.expander != nullptr) path.end_id = c.members.front()->id;
  return path;
}

void Choices::set_split(LinkPath& path, std::size_t port, const PortSetting& setting) const {
  if (cores.at(setting.core).as_wired) return;
  path.split = cores.at(setting.core).splits.at(setting.split);
  path.group_lanes.reset();
  if (ports.at(port).group != nullptr) path.group_lanes = setting.lanes;
}

bool Choices::mates(std::size_t device_class, std::size_t port, std::size_t chain) const {
  const LinkPath path = path_of(classes.at(device_class), port, chains.at(port).at(chain));
  const auto meetings = pinout_meetings(path);
  return !chain_fault(path) && std::none_of(meetings.begin(), meetings.end(),
                                            [](const PinoutMeeting& m) { return m.differ(); });
}

std::vector<std::size_t> Choices::fitting_ports(std::size_t device_class) const {
  std::vector<std::size_t> fitting;
  for (std::size_t p = 0; p < ports.size(); ++p) {
    for (std::size_t h = 0; h < chains[p].size(); ++h) {
      if (!mates(device_class, p, h) || widths(p).empty()) continue;
      fitting.push_back(p);
      break;
    }
  }
  return fitting;
}

std::optional<TrainedLink> Choices::judge_link(const DeviceClass& c, std::size_t port, int lanes,
                                               const ChainChoice& chain) {
  const PortChoice& p = ports.at(port);
  LinkPath path = path_of(c, port, chain);
  for (const PortSetting& s : settings.at(port)) {
    if (s.legal && s.lanes == lanes) set_split(path, port, s);
  }
  std::string through = p.id;
  for (const auto& part : chain.parts) through += " + " + part.first->id;
  const auto refuse = [&](std::string code, std::string why) {
    reject(std::move(code), c.words(), through, std::move(why));
    return std::nullopt;
  };
  if (chain_fault(path)) return std::nullopt;  // another kind of connector: no choice at all
  // A port that could have more lanes than these is no rejection.
  const bool widest = lanes == widths(port).back();
  if (c.row->min_link.known() && lanes < c.row->min_link->width.value) {
    if (widest) {
      reject("L110", c.words(), p.id,
             fmt::format("it has x{}, the spec demands x{}", lanes, c.row->min_link->width.value));
    }
    return std::nullopt;
  }
  const std::optional<TrainedLink> link = trained_link(path);
  if (!link) return std::nullopt;
  if (!link->missing.empty()) return refuse("L110", link->missing.front());
  if (c.row->min_link.known() && (link->width < c.row->min_link->width.value ||
                                  link->generation < c.row->min_link->generation)) {
    return refuse("L110",
                  fmt::format("it trains to x{} gen{}, the spec demands x{} gen{}", link->width,
                              static_cast<int>(link->generation), c.row->min_link->width.value,
                              static_cast<int>(c.row->min_link->generation)));
  }
  if (!link->loss.total.known()) {
    return refuse("L201", link->loss.total.missing.empty() ? "its loss is not known"
                                                           : link->loss.total.missing.front());
  }
  if (retimer_count(path) > most_retimers) return refuse("L206", "too many retimers in a row");
  if (link->loss.field_trap) return refuse("L203", link->loss.field_reason);
  if (link->loss.band == Band::red) {
    return refuse("L201",
                  fmt::format("loses about {}, more than gen{} allows", to_text(*link->loss.total),
                              static_cast<int>(link->generation)));
  }
  return link;
}

}  // namespace rigtopo
