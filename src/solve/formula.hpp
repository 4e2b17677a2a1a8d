// The 0-1 model: clauses, counters and weighted sums over literals, each under a named demand so
// that a proof of infeasibility can be told in the builder's words.
#pragma once

#include <functional>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "rigtopo/diagnostic.hpp"
#include "solve/sat.hpp"

namespace rigtopo {

struct PlainModel;

/// A constraint that a person would recognise: the rule it stands for, where it is written, in
/// words.
struct Demand {
  std::string code;   // "P101"
  std::string name;   // "supply-overloaded"
  std::string words;  // "`psu3` carries no more than 1000 W at 120 V"
  Source at;
  std::vector<std::string> subject;
};
using DemandId = int;
inline constexpr DemandId always = -1;  // holds by construction: never part of a conflict
inline constexpr DemandId waived = -2;  // the user accepts it with a reason: does not bind

/// A unary count and what each of it weighs: count[j] is true when at least j + 1 are there.
struct Term {
  long weight = 0;
  std::vector<Lit> count;
};

class Formula {
 public:
  // Sums over one kind of supply stay far below; a shop of many kinds, each with losses of its own,
  // has millions.
  static constexpr std::size_t usual_nodes = 200;

  /// A sum whose decision diagram has more than `most_nodes` is watched, see weighted_at_most().
  explicit Formula(Sat& sat, std::size_t most_nodes = usual_nodes)
      : sat_(sat), most_nodes_(most_nodes) {}
  Sat& sat() { return sat_; }

  Lit fresh() { return sat_.fresh(); }
  std::vector<Lit> fresh(std::size_t count);
  /// Once true, whatever is encoded may be incomplete and every call of solve says `unknown`.
  bool out_of_time() const { return sat_.out_of_time(); }
  /// From here on constraints go into `model`, every demand held, and none to the engine.
  void record(PlainModel& model) {
    model_ = &model;
    most_nodes_ = std::numeric_limits<std::size_t>::max();  // a text watches nothing
  }
  /// Which demands the user waives; said before the first one is made.
  void waive(std::function<bool(const Demand&)> accepted) { accepted_ = std::move(accepted); }
  /// A new named demand, or the one of the same code, place and words; `waived` when it is waived.
  DemandId demand(Demand d);
  const std::vector<Demand>& demands() const { return demands_; }
  /// Literal that switches a demand on.
  Lit selector(DemandId id) const { return selectors_.at(static_cast<std::size_t>(id)); }
  const std::vector<Lit>& selectors() const { return selectors_; }
  /// Literal that switches every demand on, those to come too. Cheaper to assume than each of them.
  Lit all_demands();

  void clause(std::vector<Lit> lits, DemandId id = always);
  /// all of `all` -> one of `any`.
  void implies(const std::vector<Lit>& all, const std::vector<Lit>& any, DemandId id = always);
  void at_most_one(const std::vector<Lit>& lits, DemandId id = always);
  void exactly_one(const std::vector<Lit>& lits, DemandId id = always);
  /// Unary count: out[j] is true when at least j+1 of `lits` are, for j < up_to. One direction
  /// only: enough below an upper bound.
  std::vector<Lit> counter(const std::vector<Lit>& lits, std::size_t up_to);
  void at_most(const std::vector<Lit>& lits, std::size_t n, DemandId id = always);
  void at_least(const std::vector<Lit>& lits, std::size_t n, DemandId id = always);
  /// When all of `when` hold: sum of weights times counts <= bound. Weights are not negative. A sum
  /// whose clauses would be too many is watched: a model that breaks it is refused with a clause
  /// that says what was too much, and the engine goes on.
  void weighted_at_most(std::vector<Term> terms, long bound, const std::vector<Lit>& when = {},
                        DemandId id = always);

 private:
  class Diagram;
  struct WatchedSum {
    std::vector<Term> terms;  // by falling weight
    long bound = 0;
    std::vector<Lit> when;
    DemandId id = always;
  };
  void watch(WatchedSum sum);
  std::vector<Lit> excess(const WatchedSum& sum) const;
  bool refine();
  bool records_sums() const;

  Sat& sat_;
  std::size_t most_nodes_;
  PlainModel* model_ = nullptr;  // where constraints are recorded instead
  std::function<bool(const Demand&)> accepted_;
  std::vector<Demand> demands_;
  std::vector<Lit> selectors_;
  Lit all_ = 0;
  std::map<std::string, DemandId> known_;
  std::vector<WatchedSum> watched_;
};

}  // namespace rigtopo
