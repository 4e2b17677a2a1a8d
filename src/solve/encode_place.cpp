// Lanes, ports, riser chains, mounts: who hangs where.
#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <set>

#include "base/text.hpp"
#include "physics/expander_place.hpp"
#include "solve/encoding.hpp"

namespace rigtopo {
Encoding::Encoding(Choices& choices, Formula& formula) : c_(choices), f_(formula) {
  make_variables();
  start_cpu();
  place_devices();
  duct_passive_cards();
  split_cores();
  share_ports();
  mate_connectors();
  chain_links();
  hold_in_mounts();
  reach();
  direct_neighbours();
  clear_board_row();
  span_bridges();
  stock_of_places();
  pin_places();
  feed_plugs();
  feed_board();
  slot_sources();
  count_slot_net();
  load_switches();
  limit_conductors();
  limit_board_inlets();
  count_outputs();
  stock_of_power();
  place_supplies();
  split_draws();
  load_supplies();
  load_breakouts();
  load_circuits();
  load_groups();
  join_returns();
  load_units_of_mains();
  fit_cords();
  load_slots();
  pin_power();
  order_equals();
}

void Encoding::make_variables() {
  for (std::size_t p = 0; p < c_.ports.size(); ++p) {
    PortVars port;
    port.device = f_.fresh(c_.classes.size());
    port.used = f_.fresh();
    for (const int w : c_.widths(p)) port.width[w] = f_.fresh();
    port.chain = f_.fresh(c_.chains[p].size());
    port.mount = f_.fresh(c_.mounts.size() + 1);
    port.plugs = f_.fresh(c_.supplies.size());
    port.riser_feed = f_.fresh(c_.supplies.size());
    port.slot = f_.fresh(c_.supplies.size());
    ports_.push_back(std::move(port));
  }
  for (const CoreChoice& core : c_.cores) splits_.push_back(f_.fresh(core.splits.size()));
  for (const PortChoice& port : c_.ports) {
    if (port.group != nullptr && modes_of(port.group) == nullptr) {
      modes_.emplace_back(port.group, f_.fresh(port.group->modes.size()));
    }
  }
  board_supply_ = f_.fresh(c_.supplies.size());
  supply_used_ = f_.fresh(c_.supplies.size());
  level_ = f_.fresh(c_.levels.size());
  f_.clause({level_.front()});
  for (std::size_t j = 1; j < level_.size(); ++j) f_.implies({level_[j]}, {level_[j - 1]});
}

/// L127: a CPU that the board starts with. One of unknown series stays out where a list is there.
void Encoding::start_cpu() {
  const Cpu& cpu = *c_.project.cpu;
  const bool listed_there = cpu.series.known() && c_.board.support(*cpu.series) != nullptr;
  if (c_.board.cpus.empty() || listed_there) return;
  f_.clause({}, f_.demand({"L127",
                           "cpu-not-taken",
                           fmt::format("`{}` starts with `{}`", c_.board.id, cpu.id),
                           c_.board_at,
                           {c_.board.id, cpu.id}}));
}

/// Every device of a class gets a port (demanded by its row of the spec).
void Encoding::place_devices() {
  for (std::size_t k = 0; k < c_.classes.size(); ++k) {
    const DeviceClass& c = c_.classes[k];
    std::vector<Lit> everywhere;
    for (const PortVars& p : ports_) everywhere.push_back(p.device[k]);
    const DemandId placed = f_.demand({"I101",
                                       "device-demanded",
                                       fmt::format("the spec wants {} in the rig", c.words()),
                                       c.row->at,
                                       {c.members.front()->id}});
    // Cards beyond the board's ports hang nowhere: that is for L108 to say, not for arithmetic.
    std::vector<Lit> anywhere = everywhere;
    while (anywhere.size() < c.members.size()) {
      anywhere.push_back(f_.fresh());
      f_.clause({-anywhere.back()}, mating_demand(k));
    }
    f_.at_least(anywhere, c.members.size(), placed);
    f_.at_most(everywhere, c.members.size());
    if (!c.refused) continue;
    const DemandId refused =
        f_.demand({c.refused->code,
                   c.refused->code == "P101" ? "supply-overloaded" : "power-limit-refused",
                   c.refused->why,
                   c.row->at,
                   {c.refused->subject}});
    for (const Lit l : everywhere) f_.clause({-l}, refused);
  }
  const DemandId one_each =
      f_.demand({"L105",
                 "port-taken",
                 fmt::format("each port of `{}` takes one device", c_.board.id),
                 c_.board_at,
                 {c_.board.id}});
  for (PortVars& p : ports_) {
    f_.implies({p.used}, p.device);
    for (const Lit d : p.device) f_.implies({d}, {p.used});
    f_.at_most_one(p.device, one_each);
  }
}

/// T101: in an open frame nothing leads air through a passive card.
void Encoding::duct_passive_cards() {
  if (c_.project.frame == nullptr || !c_.project.frame->open.value_or(false)) return;
  for (const DeviceClass& c : c_.classes) {
    if (!c.gpu || c.part->cooler.value_or(Cooler::open) != Cooler::passive) continue;
    std::vector<std::string> subject;
    for (const DeviceUse* member : c.members) subject.push_back(member->id);
    f_.clause({}, f_.demand({"T101", "passive-card-unducted",
                             fmt::format("air is led through {}, which have no fans", c.words()),
                             c.members.front()->at, std::move(subject)}));
  }
}

/// L103, L104: one split per core, one mode per group; a port gets what these leave it.
void Encoding::split_cores() {
  for (const auto& splits : splits_) f_.exactly_one(splits);
  for (const auto& [group, modes] : modes_) f_.exactly_one(modes);
  for (std::size_t p = 0; p < c_.ports.size(); ++p) {
    const PortChoice& port = c_.ports[p];
    const DemandId cores =
        f_.demand({"L103",
                   "split-illegal",
                   fmt::format("core `{}` has {} lanes and one split at a time", port.core_id,
                               port.core != nullptr ? port.core->lanes.value_or(16) : port.lanes),
                   port.connectors.front()->at,
                   {port.core_id}});
    const DemandId shared =
        port.group == nullptr
            ? cores
            : f_.demand({"L104",
                         "shared-lanes",
                         fmt::format("the members of `{}` share lanes: one setting at a time",
                                     port.group->id.value_or("?")),
                         port.group->at,
                         {port.group->id.value_or("?")}});
    for (const PortSetting& s : c_.settings[p]) {
      std::vector<Lit> when{splits_[s.core][s.split]};
      if (s.mode) when.push_back(modes_of(port.group)->at(*s.mode));
      if (s.legal && s.lanes > 0) {
        f_.implies(when, {ports_[p].width.at(s.lanes)});
        continue;
      }
      // A split that is not offered is ruled out for good; lanes that are elsewhere are a demand.
      when.push_back(ports_[p].used);
      f_.implies(when, {}, s.mode && s.legal ? shared : cores);
    }
  }
}

/// L105: a connector serves one link, alone or as half of a pair.
void Encoding::share_ports() {
  std::map<const BoardConnector*, std::vector<Lit>> users;
  for (std::size_t p = 0; p < c_.ports.size(); ++p) {
    // Each port of a switch has connectors of its own, and equal switches share a description.
    if (c_.ports[p].expander != nullptr) continue;
    for (const BoardConnector* c : c_.ports[p].connectors) users[c].push_back(ports_[p].used);
  }
  for (const auto& port : c_.ports) {
    for (const BoardConnector* c : port.connectors) {
      auto& lits = users[c];
      f_.at_most_one(lits);
      lits.clear();
    }
  }
}

DemandId Encoding::mating_demand(std::size_t device_class) {
  const DeviceClass& c = c_.classes[device_class];
  std::vector<std::string> ids;
  for (const std::size_t p : c_.fitting_ports(device_class)) ids.push_back(c_.ports[p].id);
  std::string words =
      fmt::format("no port of `{}` takes `{}` with the risers at hand", c_.board.id, c.part->id);
  if (!ids.empty()) {
    const bool one = ids.size() == 1;
    words = fmt::format("{} port{} of `{}` take{} `{}` with the risers at hand: {}", ids.size(),
                        one ? "" : "s", c_.board.id, one ? "s" : "", c.part->id, listed(ids));
  }
  return f_.demand({"L108", "connectors-differ", words, c_.board_at, {c_.board.id}});
}

/// L108: a device hangs on ports that it mates with, through a chain that mates.
void Encoding::mate_connectors() {
  for (std::size_t k = 0; k < c_.classes.size(); ++k) {
    fits_port_.emplace_back(ports_.size(), false);
    for (const std::size_t p : c_.fitting_ports(k)) fits_port_[k][p] = true;
    const DemandId mates = mating_demand(k);
    for (std::size_t p = 0; p < ports_.size(); ++p) {
      if (!fits_port_[k][p]) f_.clause({-ports_[p].device[k]}, mates);
      for (std::size_t h = 0; h < ports_[p].chain.size() && fits_port_[k][p]; ++h) {
        if (!c_.mates(k, p, h)) f_.clause({-ports_[p].device[k], -ports_[p].chain[h]});
      }
    }
  }
}

/// L110, L201, L203: width and chain together must make a link that is good enough.
void Encoding::chain_links() {
  for (std::size_t p = 0; p < ports_.size() && !f_.out_of_time(); ++p) {
    PortVars& port = ports_[p];
    // A port that no chain leads from takes nothing: L108 says so, and must be part of a conflict.
    if (!port.chain.empty()) f_.implies({port.used}, port.chain);
    f_.at_most_one(port.chain);
    for (const Lit h : port.chain) f_.implies({h}, {port.used});
    for (std::size_t k = 0; k < c_.classes.size(); ++k) {
      if (!fits_port_[k][p]) continue;
      const DemandId link = link_demand(c_.classes[k]);
      for (const auto& [width, lit] : port.width) {
        for (std::size_t h = 0; h < port.chain.size(); ++h) {
          if (!c_.mates(k, p, h) || c_.link(k, p, width, h)) continue;
          f_.implies({port.device[k], lit, port.chain[h]}, {}, link);
        }
      }
    }
  }
}

DemandId Encoding::link_demand(const DeviceClass& c) {
  const auto& least = c.row->min_link;
  const std::string subject = c.members.front()->id;
  if (!least.known()) {
    return f_.demand({"L201",
                      "signal-lost",
                      fmt::format("each link of {} stays within its loss budget", c.words()),
                      c.row->at,
                      {subject}});
  }
  return f_.demand({"L110",
                    "link-below-demand",
                    fmt::format("each of {} trains to at least x{} gen{} within its loss budget",
                                c.words(), least->width.value, static_cast<int>(least->generation)),
                    least.at,
                    {subject}});
}

/// G102 to G105, G107: a card has a mount that it fits, alone; or sits in the slot itself.
void Encoding::hold_in_mounts() {
  const bool cards_direct = c_.project.frame == nullptr || c_.project.frame->direct.value_or(false);
  for (std::size_t p = 0; p < ports_.size(); ++p) {
    PortVars& port = ports_[p];
    f_.implies({port.used}, port.mount);
    f_.at_most_one(port.mount);
    for (const Lit m : port.mount) f_.implies({m}, {port.used});
    for (std::size_t h = 0; h < port.chain.size(); ++h) {
      // No frame at all: where a card on a riser hangs is left open, as "direct".
      if (c_.chains[p][h].parts.empty()) f_.implies({port.chain[h]}, {port.direct()});
      const bool open = c_.project.frame == nullptr || c_.switch_on(p);
      if (!c_.chains[p][h].parts.empty() && !open) {
        f_.implies({port.chain[h]}, {-port.direct()});
      }
    }
    for (std::size_t k = 0; k < c_.classes.size(); ++k) {
      const DeviceClass& c = c_.classes[k];
      const bool card = c.part->edge.value_or(Socket::slot) == Socket::slot;
      if (card && !cards_direct && fits_port_[k][p]) f_.clause({-port.device[k], -port.direct()});
      if (card && cards_direct && fits_port_[k][p] && !fits_directly(c)) {
        f_.implies(
            {port.device[k], port.direct()}, {},
            f_.demand({"G103",
                       "card-too-long",
                       fmt::format("{} in the board's slots must not be longer than `{}` has "
                                   "room for",
                                   c.words(), c_.project.frame->id),
                       c.row->at,
                       {c.members.front()->id}}));
      }
      for (std::size_t m = 0; m < c_.mounts.size(); ++m) {
        // A switch on cables is no card and has its place in a mount all the same.
        const bool held = card || c.expander != nullptr;
        bool fits = held;
        for (const FitCheck& check : fit(*c.part, c_.mounts[m])) {
          const bool room =
              check.actual.known() && check.limit.known() && !exceeds(*check.actual, *check.limit);
          if (held && !room) reject_fit(c, c_.mounts[m], check);
          fits = fits && room;
        }
        if (fits) continue;
        const DemandId room = f_.demand(
            {"G102",
             "card-too-thick",
             fmt::format("{} must fit its mount in thickness, length and height", c.words()),
             c.row->at,
             {c.members.front()->id}});
        f_.implies({port.device[k], port.mount[m]}, {}, room);
      }
    }
  }
  for (std::size_t m = 0; m < c_.mounts.size(); ++m) {
    std::vector<Lit> users;
    for (const PortVars& port : ports_) users.push_back(port.mount[m]);
    const DemandId alone = f_.demand({"G105",
                                      "mount-taken",
                                      fmt::format("each of the {} mounts of `{}` holds one card",
                                                  c_.mounts.size(), c_.project.frame->id),
                                      c_.project.frame->at,
                                      {c_.project.frame->id}});
    f_.at_most_one(users, alone);
  }
}

/// G103 for cards in the board's own slots.
bool Encoding::fits_directly(const DeviceClass& c) const {
  const Frame* frame = c_.project.frame;
  if (frame == nullptr) return true;
  return c.part->length.known() && frame->card_length.known() &&
         !exceeds(*c.part->length, *frame->card_length);
}

void Encoding::reject_fit(const DeviceClass& c, const Mount& mount, const FitCheck& check) {
  const std::string code = check.dimension == "thickness" ? "G102"
                           : check.dimension == "length"  ? "G103"
                                                          : "G104";
  std::string why;
  for (const auto* missing : {&check.actual.missing, &check.limit.missing}) {
    if (!missing->empty() && why.empty()) why = missing->front();
  }
  if (why.empty()) {
    why = fmt::format("a {} of {}, room for {}", check.dimension, to_text(*check.actual),
                      to_text(*check.limit));
  }
  c_.reject(code, c.words(), mount.id.value_or("?"), std::move(why));
}

/// G101: a chain is as long as its route.
void Encoding::reach() {
  if (c_.project.frame == nullptr) return;
  const DemandId enough = f_.demand({"G101",
                                     "riser-too-short",
                                     "every riser reaches from its port to its mount",
                                     c_.project.frame->at,
                                     {c_.project.frame->id}});
  for (std::size_t p = 0; p < ports_.size(); ++p) {
    for (std::size_t m = 0; m < c_.mounts.size(); ++m) {
      const auto needed = route_from(c_.fixed, c_.ports[p], c_.mounts[m]);
      if (!needed.known()) {
        c_.reject("G101", c_.ports[p].id, "a mount of `" + c_.project.frame->id + "`",
                  fmt::format("whether a riser reaches is not known: {}; give it with `but:`",
                              listed(needed.missing)));
      }
      for (std::size_t h = 0; h < c_.chains[p].size(); ++h) {
        const auto& length = c_.chains[p][h].length;
        const bool known = needed.known() && length.known();
        if (known && !exceeds(*needed, *length)) continue;
        f_.implies({ports_[p].chain[h], ports_[p].mount[m]}, {}, enough);
      }
    }
  }
}

/// G106: a card in a slot covers the slots beside it.
void Encoding::direct_neighbours() {
  const Frame* frame = c_.project.frame;
  constexpr double slot_pitch = 20.32;  // mm, ATX
  std::optional<double> first;
  for (const BoardConnector& k : c_.board.connectors) {
    if (k.socket.value != Socket::slot || !k.position.known()) continue;
    first = std::min(first.value_or(k.position->x.value), k.position->x.value);
  }
  const DemandId apart = f_.demand({"G106",
                                    "cards-collide",
                                    "cards in neighbouring slots do not overlap",
                                    frame != nullptr ? frame->at : c_.board_at,
                                    {"board"}});
  for (std::size_t p = 0; p < ports_.size(); ++p) {
    const PortChoice& port = c_.ports[p];
    if (port.socket != Socket::slot) continue;
    const bool of_board = port.expander == nullptr;  // a switch's slots are a row of their own
    const auto here = port_position(port);
    const auto empty_chain =
        std::find_if(c_.chains[p].begin(), c_.chains[p].end(),
                     [](const ChainChoice& chain) { return chain.parts.empty(); });
    if (empty_chain == c_.chains[p].end()) continue;
    const Lit plugged =
        ports_[p].chain[static_cast<std::size_t>(empty_chain - c_.chains[p].begin())];
    for (std::size_t k = 0; k < c_.classes.size(); ++k) {
      const Fact<Millimetres>& thickness = c_.classes[k].part->thickness;
      const std::vector<Lit> direct{ports_[p].device[k], plugged};
      bool fits = !of_board || (here.known() && thickness.known());
      if (fits && of_board && frame != nullptr) {
        // Behind the last bracket the case ends.
        fits = first && frame->expansion_positions.known() &&
               !exceeds(*thickness, Millimetres{*first + slot_pitch * *frame->expansion_positions -
                                                (*here).x.value});
      }
      if (!fits) {
        f_.implies(direct, {}, apart);
        continue;
      }
      for (std::size_t q = 0; q < ports_.size(); ++q) {
        const bool same_row =
            c_.ports[q].socket == Socket::slot && c_.ports[q].expander_id == port.expander_id;
        if (q == p || !same_row) continue;
        const auto there = port_position(c_.ports[q]);
        // Where nobody says how far away the next slot is, there may be no room.
        const bool known = here.known() && there.known() && thickness.known();
        const Millimetres gap = known ? (*there).x - (*here).x : Millimetres{0};
        if (known && (gap.value < 0 || !exceeds(*thickness, gap))) continue;
        f_.implies({direct[0], direct[1], ports_[q].used}, {}, apart);
      }
    }
  }
}

/// G106: cards on a switch that sits in a slot stand over the board's row, and nobody knows whether
/// they clear the cards there.
void Encoding::clear_board_row() {
  const auto plugged = [&](std::size_t p) -> Lit {
    for (std::size_t h = 0; h < c_.chains[p].size(); ++h) {
      if (c_.chains[p][h].parts.empty()) return ports_[p].chain[h];
    }
    return 0;
  };
  for (std::size_t p = 0; p < ports_.size(); ++p) {
    const auto k = c_.above(p);
    const auto root = k ? c_.port_of(*k) : std::nullopt;
    const bool over = root && plugged(p) != 0 && c_.ports[p].socket == Socket::slot &&
                      c_.ports[*root].socket == Socket::slot && plugged(*root) != 0;
    for (std::size_t q = 0; over && q < ports_.size(); ++q) {
      const bool of_board =
          c_.ports[q].expander == nullptr && c_.ports[q].socket == Socket::slot && q != *root;
      if (of_board && plugged(q) != 0) f_.clause({-plugged(*root), -plugged(p), -plugged(q)});
    }
  }
}

/// What the user fixed as built.
void Encoding::pin_places() {
  for (std::size_t k = 0; k < c_.classes.size(); ++k) {
    const DeviceClass& c = c_.classes[k];
    if (c.pin == nullptr) continue;
    const auto pinned = [&](const std::string& what, Source at) {
      return f_.demand({"I102",
                        "pinned",
                        fmt::format("{} is pinned to {}", c.words(), what),
                        at,
                        {c.members.front()->id}});
    };
    for (std::size_t p = 0; p < ports_.size(); ++p) {
      PortVars& port = ports_[p];
      if (c.pin->port.known() && c_.ports[p].id != *c.pin->port) {
        f_.clause({-port.device[k]}, pinned("port `" + *c.pin->port + "`", c.pin->port.at));
      }
      for (std::size_t m = 0; m < port.mount.size() && c.pin->mount.known(); ++m) {
        const std::string id =
            m < c_.mounts.size() ? c_.mounts[m].id.value_or("?") : std::string("direct");
        if (id == *c.pin->mount) continue;
        f_.implies({port.device[k], port.mount[m]}, {},
                   pinned("mount `" + *c.pin->mount + "`", c.pin->mount.at));
      }
      // A switch without `chain` is plugged in directly.
      const bool chained = c.pin->chain || c.expander != nullptr;
      const std::vector<ChainLink> wanted = c.pin->chain.value_or(std::vector<ChainLink>{});
      for (std::size_t h = 0; h < port.chain.size() && chained; ++h) {
        const auto& parts = c_.chains[p][h].parts;
        bool same = parts.size() == wanted.size();
        for (std::size_t i = 0; same && i < parts.size(); ++i) {
          const ChainLink& piece = wanted[i];
          same = parts[i].first->id == piece.part.value_or("") &&
                 parts[i].second == piece.count.value_or(1);
        }
        if (same) continue;
        f_.implies({port.device[k], port.chain[h]}, {}, pinned("its riser chain", c.pin->at));
      }
    }
  }
  for (const auto& pin : c_.project.spec.pins) {
    if (!pin.value.mode.known()) continue;
    const DemandId fixed =
        f_.demand({"I102",
                   "pinned",
                   fmt::format("`{}` is pinned to {}", *pin.key.value, *pin.value.mode),
                   pin.value.mode.at,
                   {*pin.key.value}});
    for (std::size_t i = 0; i < c_.cores.size(); ++i) {
      for (std::size_t s = 0; s < splits_[i].size() && c_.cores[i].id == *pin.key.value; ++s) {
        if (c_.cores[i].splits[s].text != *pin.value.mode) f_.clause({-splits_[i][s]}, fixed);
      }
    }
    for (const auto& [group, modes] : modes_) {
      for (std::size_t m = 0; m < modes.size() && group->id.value == *pin.key.value; ++m) {
        if (group->modes[m].id.value != *pin.value.mode) f_.clause({-modes[m]}, fixed);
      }
    }
  }
}

}  // namespace rigtopo
