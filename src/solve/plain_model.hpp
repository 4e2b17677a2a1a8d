// The 0-1 model of one board in plain form: clauses, sums of weighted literals and levels, for
// other solvers to read. Made by the encoder itself, which records what it would tell the engine.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "solve/formula.hpp"
#include "spec/spec.hpp"

namespace rigtopo {

struct Weighted {
  long weight = 0;
  Lit lit = 0;
  bool operator==(const Weighted&) const = default;
};

/// The weights of the true literals add up to no more than `bound`. Every variable comes once, no
/// weight is below 1.
struct Sum {
  std::vector<Weighted> terms;
  long bound = 0;
};

/// What is made small, most important level first: the weights of the true literals.
struct CostLevel {
  std::string what;             // "links: link of the slowest GPU"
  std::string unit;             // of its value
  double offset = 0, step = 1;  // value = offset + step * cost
  std::vector<Weighted> costs;
};

struct PlainModel {
  std::string board;
  bool encoded = false;  // counts and sums as the clauses that solve() makes of them
  int variables = 0;     // 1 to this
  std::vector<std::vector<Lit>> clauses;
  std::vector<Sum> sums;
  std::vector<CostLevel> levels;

  /// When all of `when` hold: sum of weights times counts <= bound.
  void at_most(const std::vector<Term>& terms, long bound, const std::vector<Lit>& when);
  /// counted[j] is true when at least j + 1 of `lits` are, and all before it are then true too.
  void count(const std::vector<Lit>& lits, const std::vector<Lit>& counted);
};

/// What solve() searches on `board` before it has learned anything: every demand held, what the
/// spec allows left out, ties left open.
PlainModel plain_model(const Project& project, const Board& board, std::string_view today,
                       bool encoded);

}  // namespace rigtopo
