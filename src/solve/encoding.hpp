// The variables of one board's model and the functions that constrain them. Each group of
// constraints is one function beside its rule code: encode_place.cpp (lanes, chains, mounts),
// encode_power.cpp (feeds, loads, circuits), wishes.cpp (objective levels).
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "solve/choices.hpp"
#include "solve/formula.hpp"
#include "solve/lexicographic.hpp"

namespace rigtopo {

/// A feed in the model: this inlet hangs on that supply in that way.
struct FeedVar {
  Lit lit = 0;
  std::size_t supply = 0;
  FeedChoice choice;
};

/// Inlets that have to be fed when their owner is there.
struct InletVars {
  std::string inlet;
  std::vector<FeedVar> feeds;
};

/// Owner of inlets on a port: a class of cards, or a riser part.
struct OwnerVars {
  Lit present = 0;               // the owner is on this port
  std::size_t device_class = 0;  // cards
  const Riser* riser = nullptr;  // risers
  std::vector<InletVars> inlets;
};

struct PortVars {
  std::vector<Lit> device;  // by class: a device of it hangs here
  Lit used = 0;
  std::map<int, Lit> width;      // by lanes
  std::vector<Lit> chain;        // by chain choice
  std::vector<Lit> mount;        // by mount; the last one is "direct"
  std::vector<Lit> plugs;        // by supply: its plugs hang there
  std::vector<Lit> riser_feed;   // by supply: inlets of its riser hang there
  std::vector<Lit> slot;         // by supply: its slot power comes from there
  std::vector<OwnerVars> cards;  // with inlets
  std::vector<OwnerVars> risers;
  Lit direct() const { return mount.back(); }
};

/// One level of the objective, before it is solved. value = offset + sign * cost * scale.
struct WishLevel {
  std::string wish;
  std::string what;
  std::string unit;
  bool maximise = false;
  std::vector<Soft> softs{};
  double offset = 0;
  double scale = 1;
  bool supported = true;
  double value(long cost) const {
    return offset + (maximise ? -1.0 : 1.0) * scale * static_cast<double>(cost);
  }
};

class Encoding {
 public:
  Encoding(Choices& choices, Formula& formula);

  /// Levels of the written wishes and of the implicit tail, in order.
  std::vector<WishLevel> wish_levels();
  /// Decisions in canonical order: what makes a layout unique among equals.
  std::vector<Lit> canonical() const;
  /// The layout of the last model.
  Layout extract() const;
  /// Decisions true in the last model, for blocking it.
  std::vector<Lit> true_decisions() const;

 private:
  // encode_place.cpp
  void make_variables();
  void place_devices();
  void split_cores();
  void share_ports();
  void chain_links();
  void hold_in_mounts();
  void reach();
  void direct_neighbours();
  void stock_of_risers();
  void pin_places();
  // encode_power.cpp
  void feed_plugs();
  void feed_owner(PortVars& port, OwnerVars& owner, const std::vector<Inlet>& inlets,
                  const std::vector<Lit>& supply, const std::string& words);
  void feed_board();
  void slot_sources();
  void limit_conductors();
  void count_outputs();
  void stock_of_power();
  void place_supplies();
  void split_draws();
  void load_supplies();
  void load_breakouts();
  void load_circuits();
  void load_slots();
  void pin_power();
  // wishes.cpp
  std::vector<WishLevel> levels_of(Wish wish);
  WishLevel least_link();
  WishLevel total_links();
  std::vector<WishLevel> peers();
  WishLevel power_level();
  WishLevel price_level();
  WishLevel riser_length();
  WishLevel cable_length();
  std::vector<WishLevel> margins();
  void link_ladder();
  // extract.cpp
  void extract_places(Layout& layout) const;
  void extract_power(Layout& layout) const;

  std::string port_words(std::size_t p) const { return "`" + c_.ports[p].id + "`"; }
  const std::vector<Lit>* modes_of(const SharedGroup* group) const {
    for (const auto& entry : modes_) {
      if (entry.first == group) return &entry.second;
    }
    return nullptr;
  }
  bool is(Lit l) const { return l != 0 && f_.sat().value(l); }
  /// Uses of a stock part: literal and number of pieces, gathered while encoding.
  void use_stock(const std::string& part, Lit lit, int pieces) {
    uses_[part].emplace_back(lit, pieces);
  }
  void limit_stock(const std::string& part, const std::vector<std::pair<Lit, int>>& uses);

  Choices& c_;
  Formula& f_;
  std::vector<PortVars> ports_;
  std::vector<std::vector<Lit>> splits_;                                // by core
  std::vector<std::pair<const SharedGroup*, std::vector<Lit>>> modes_;  // in port order
  std::vector<Lit> level_;         // level_[j]: the common limit is at least levels[j]; [0] is true
  std::vector<Lit> board_supply_;  // by supply: feeds the board
  std::vector<InletVars> board_inlets_;
  std::vector<BoardInlet const*> board_inlet_parts_;
  std::vector<Lit> supply_used_;
  std::vector<std::vector<Lit>> circuit_;  // by supply, circuit
  struct Draw {                            // one card on one supply
    Lit plugs_only = 0;
    Lit slot_only = 0;
    Lit both = 0;
  };
  std::vector<std::vector<std::vector<Draw>>> draws_;  // by port, class, supply
  std::map<std::string, std::vector<std::pair<Lit, int>>> uses_;
  std::vector<Soft> price_softs_;
  std::vector<long> ladder_;                // distinct GPU bandwidths, 0.1 GB/s, ascending
  std::vector<std::vector<Lit>> at_least_;  // by port: GPU link of at least ladder_[j]
};

}  // namespace rigtopo
