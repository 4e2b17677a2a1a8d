// The variables of one board's model and the functions that constrain them. Each group of
// constraints is one function beside its rule code: encode_place.cpp (lanes, chains, mounts),
// encode_power.cpp (feeds, loads, circuits), wishes.cpp (objective levels).
#pragma once

#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "physics/bridge.hpp"
#include "physics/geometry.hpp"
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
  bool feeds_slot = false;       // risers: the slot's 12 V comes through these inlets
  std::vector<InletVars> inlets;
};

/// An inlet of the board. Required ones are always fed.
struct BoardInletVars : InletVars {
  const BoardInlet* part = nullptr;
  Lit fed = 0;  // 0: always
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
  std::optional<Bounded> bounded{};  // instead of softs
  bool of_front = false;             // its wish is one of those that a front is drawn over
  /// In the unit of the wish, rounded to what its quantum can say (a millionth at the finest).
  double value(long cost) const {
    const double exact = offset + (maximise ? -1.0 : 1.0) * scale * static_cast<double>(cost);
    return std::round(exact * 1e6) / 1e6;
  }
};

class Encoding {
 public:
  Encoding(Choices& choices, Formula& formula);

  /// Levels of the wishes of a front, of the other written wishes and of the implicit tail, in
  /// order.
  std::vector<WishLevel> wish_levels(const std::vector<Wish>& front);
  /// Decisions in canonical order: what makes a layout unique among equals.
  std::vector<Settled> canonical() const;
  /// The layout of the last model.
  Layout extract() const;
  /// Decisions true in the last model, for blocking it.
  std::vector<Lit> true_decisions() const;
  std::vector<Lit> differs_from_last();
  std::vector<Lit> improves_on(const std::vector<WishLevel>& levels,
                               const std::vector<long>& costs);

 private:
  enum class Side { plugs, slot };

 public:
  /// A loading of a supply under which peaks heat it beyond its rating.
  struct HotLoading {
    std::string supply;
    const Supply* part = nullptr;
    double volts = 0;       // of its circuit; 0: the spec names none
    std::size_t level = 0;  // of the common power limit
    bool host = false;      // it feeds the board
    std::map<std::pair<std::size_t, Side>, std::size_t> cards;  // by class and side
  };
  /// Those of the last model, whose layout this is.
  std::vector<HotLoading> hot_supplies(const Layout& layout) const;
  /// Neither this loading nor more than it, on any such supply.
  void forbid(const HotLoading& hot);

 private:
  bool count_load(const Load& load, HotLoading& hot) const;
  struct Draw {  // one card on one supply
    Lit plugs = 0;
    Lit slot = 0;
  };
  static Lit side_of(const Draw& draw, Side side) {
    return side == Side::plugs ? draw.plugs : draw.slot;
  }
  struct Counted {  // cards of one class on one side: count[j]: at least j + 1
    std::size_t device_class = 0;
    Side side{};
    std::vector<Lit> count;
  };
  // encode_place.cpp
  void make_variables();
  void start_cpu();
  void place_devices();
  void duct_passive_cards();
  void split_cores();
  void share_ports();
  DemandId mating_demand(std::size_t device_class);
  void mate_connectors();
  void chain_links();
  DemandId link_demand(const DeviceClass& c);
  void hold_in_mounts();
  bool fits_directly(const DeviceClass& c) const;
  void reject_fit(const DeviceClass& c, const Mount& mount, const FitCheck& check);
  void reach();
  void direct_neighbours();
  void clear_board_row();
  void stock_of_places();
  void pin_places();
  // encode_bridges.cpp
  struct Spot {
    std::string id;
    Stand stand;
    bool takes_cards = false;  // else a socket for drives or cables
  };
  std::vector<Spot> spots() const;
  std::vector<Lit> standing(std::size_t device_class);
  void join_pairs();
  void span_bridges();
  void keep_in_slots(const BridgeChoice& bridge, DemandId demand);
  void clear_between(const BridgeChoice& bridge, const std::vector<Spot>& places,
                     std::array<std::size_t, 2> ends, std::map<std::size_t, std::vector<Lit>>& at);
  void leave_out_bridged(const std::string& group,
                         const std::function<bool(std::size_t, std::size_t)>& together,
                         WishLevel& level);
  // encode_expanders.cpp
  Lit host_supply(std::size_t port, std::size_t supply) const;
  void count_below();
  std::vector<Term> switch_terms(std::size_t device_class, double share, std::size_t level) const;
  void load_switches();
  void load_plugs(const OwnerVars& owner);
  std::vector<Soft> narrow_uplinks();
  // encode_power.cpp
  void feed_plugs();
  void feed_owner(OwnerVars& owner, const std::vector<Inlet>& inlets,
                  const std::vector<Lit>& supply, const std::string& words);
  void feed_board();
  void slot_sources();
  void limit_conductors();
  void limit_feed(const FeedVar& feed, const std::function<double(std::size_t)>& carried,
                  const std::string& words, Source at, const std::string& subject);
  void count_outputs();
  void stock_of_power();
  void pin_power();
  void pin_supply(const Pin& pin, const std::string& id, std::size_t s, DemandId demand);
  void pin_slot(const Pin& pin, const PortVars& port, Lit device, DemandId demand);
  bool is_feed(const FeedVar& f, const Feed& pinned) const;
  template <class Look>
  void each_inlet(const Look& look) const {
    for (const PortVars& port : ports_) {
      for (const auto* owners : {&port.cards, &port.risers}) {
        for (const OwnerVars& owner : *owners) {
          for (const InletVars& inlet : owner.inlets) look(inlet);
        }
      }
    }
    for (const BoardInletVars& inlet : board_inlets_) look(inlet);
  }
  // encode_loads.cpp
  void place_supplies();
  void split_draws();
  void count_draws();
  void load_supplies();
  void load_supply(std::size_t supply, double watts, const std::vector<Lit>& when, DemandId id);
  std::vector<Term> supply_terms(std::size_t supply, std::size_t level) const;
  /// Cards of one class whose inlets of one share hang on something, counted.
  struct Shared {
    Counted cards;
    double share = 1;
  };
  void load_breakouts();
  std::vector<Lit> on_outputs(std::size_t supply, const std::vector<bool>& wanted,
                              const InletVars& inlet, Lit with);
  void count_outputs_of(std::size_t supply, const std::vector<bool>& wanted,
                        std::vector<Shared>& counted, std::vector<Term>& fixed);
  void load_outputs(std::size_t supply, const std::vector<bool>& wanted, Watts most,
                    DemandId rated);
  // encode_wall.cpp
  void load_groups();
  void join_returns();
  void load_units_of_mains();
  void load_unit(const MainsUnit& unit, const std::vector<std::size_t>& supplies);
  void load_behind_unit(const std::vector<std::size_t>& supplies, Watts most, DemandId demand);
  std::vector<Term> charging_on(std::size_t q);
  const MainsUnit* unit_of(std::size_t supply) const;
  const Cord* cord_of(std::size_t supply) const;
  void fit_cords();
  void fit_cord(std::size_t s, std::size_t q);
  void load_contact(std::size_t s, std::size_t q);
  double efficiency_of(std::size_t supply) const;
  std::vector<Lit> plugged_into(std::size_t q);
  void load_circuits();
  void count_slot_net();
  std::vector<Term> slot_terms(std::size_t level) const;
  void load_slots();
  void limit_board_inlets();
  void share_among(const std::vector<std::size_t>& inlets, bool cpu);
  void each_level(const std::function<std::vector<Term>(std::size_t)>& terms, long bound,
                  const std::vector<Lit>& when, DemandId id);
  Lit both_of(Lit a, Lit b);
  void order_equals();
  std::set<std::string> pinned_supplies() const;
  // wishes.cpp
  std::vector<WishLevel> levels_of(Wish wish);
  WishLevel least_link();
  WishLevel total_links();
  std::vector<WishLevel> peers();
  void count_peers();
  void save_pairs(const std::vector<Lit>& place, long peers, WishLevel& level);
  void climb(const std::vector<long>& lengths, const std::vector<std::vector<Lit>>& rungs,
             WishLevel& level);
  WishLevel power_level();
  WishLevel price_level();
  WishLevel riser_length();
  WishLevel cable_length();
  Lit share_at_most(long percent);
  long largest_share() const;
  WishLevel load_share(std::string wish, std::string what, bool headroom);
  WishLevel fewest_cautions();
  std::vector<WishLevel> margins();
  void link_ladder();
  // distinct.cpp
  void hang_elsewhere(std::vector<Lit>& any);
  void group_otherwise(std::vector<Lit>& any);
  void buy_otherwise(std::vector<Lit>& any);
  std::optional<Lit> costs_at_most(const WishLevel& level, long cost);
  // extract.cpp
  void extract_places(Layout& layout) const;
  void extract_power(Layout& layout) const;
  void extract_links(Layout& layout) const;
  bool is_there(const OwnerVars& owner, std::size_t port) const;

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
  std::size_t most_pieces(std::size_t in_one_place) const;
  void limit_stock(const std::string& part, const std::vector<std::pair<Lit, int>>& uses);

  Choices& c_;
  Formula& f_;
  std::vector<PortVars> ports_;
  std::vector<std::vector<bool>> fits_port_;  // by class, port: connectors can mate
  std::vector<std::vector<Lit>> splits_;      // by core
  std::vector<std::pair<const SharedGroup*, std::vector<Lit>>> modes_;  // in port order
  std::vector<Lit> level_;         // level_[j]: the common limit is at least levels[j]; [0] is true
  std::vector<Lit> board_supply_;  // by supply: feeds the board
  std::vector<BoardInletVars> board_inlets_;
  std::vector<Lit> supply_used_;
  std::vector<std::vector<Lit>> circuit_;              // by supply, circuit
  std::vector<std::vector<std::vector<Draw>>> draws_;  // by port, class, supply
  double watts_of(std::size_t device_class, Side side, std::size_t level) const;
  std::vector<std::vector<Counted>> counted_;  // by supply
  struct CircuitCounted {                      // behind supplies of one efficiency
    double efficiency = 1;
    bool host = false;  // CPU and platform instead of cards
    Counted cards;
  };
  std::vector<CircuitCounted> count_on_circuit(std::size_t q);
  std::vector<Lit> calm_circuits_;               // under each of these, a circuit stays within 80 %
  std::vector<std::map<double, Lit>> at_volts_;  // by supply: it hangs on a circuit of that voltage
  std::map<std::pair<Lit, Lit>, Lit> both_;
  struct Below {  // cards of one class whose slots hang on a switch
    std::size_t device_class = 0;
    std::vector<Lit> lits;
    std::vector<Lit> count;
  };
  std::map<std::size_t, std::vector<Below>> below_;  // by class of the switch
  std::vector<Counted> slot_net_;                    // cards whose slot hangs on the board's 12 V
  std::map<long, Lit> share_limits_;                 // made so far, by per cent
  std::map<std::string, std::vector<std::pair<Lit, int>>> uses_;
  std::vector<Soft> price_softs_;
  struct Bought {  // a part that is not all owned
    std::size_t owned = 0;
    std::vector<Lit> pieces;
    std::vector<Lit> count;   // of pieces, at least j + 1; one direction
    std::vector<Lit> absent;  // of pieces that are not there, made when asked for
  };
  std::vector<Bought> bought_;
  struct Peers {  // of one group
    std::string group;
    std::vector<Lit> here;  // by port: one of its cards
    long count = 0;
  };
  std::vector<Peers> peers_here_;
  std::vector<long> ladder_;                // distinct GPU bandwidths, 0.1 GB/s, ascending
  std::vector<std::vector<Lit>> at_least_;  // by port: GPU link of at least ladder_[j]
};

}  // namespace rigtopo
