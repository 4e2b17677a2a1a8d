// Records the encoder. A sum that holds under conditions becomes one that holds always: each
// condition weighs as much as the sum can be over its bound.
#include "solve/plain_model.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>

#include "solve/board_search.hpp"

namespace rigtopo {
namespace {

/// Weights by literal, none below 1, of a literal and its negation one at most. What is true
/// whatever the variable is, is taken off `bound`.
std::vector<Weighted> gathered(const std::vector<Weighted>& terms, long& bound) {
  std::map<Lit, std::pair<long, long>> weights;  // by variable: when true, when false
  for (const auto& [weight, lit] : terms) {
    auto& [when_true, when_false] = weights[std::abs(lit)];
    (lit > 0 ? when_true : when_false) += weight;
  }
  std::vector<Weighted> list;
  for (const auto& [variable, both] : weights) {
    const auto& [when_true, when_false] = both;
    bound -= std::min(when_true, when_false);
    if (when_true > when_false) list.push_back({when_true - when_false, variable});
    if (when_true < when_false) list.push_back({when_false - when_true, -variable});
  }
  return list;
}

long total(const std::vector<Weighted>& terms) {
  long sum = 0;
  for (const Weighted& t : terms) sum += t.weight;
  return sum;
}

CostLevel cost_level(const WishLevel& level) {
  CostLevel plain{level.wish + ": " + level.what,
                  level.unit,
                  level.offset,
                  level.maximise ? -level.scale : level.scale,
                  {}};
  long certain = 0;
  std::vector<Weighted> costs;
  for (const Soft& s : level.softs) {
    if (s.weight > 0) costs.push_back({s.weight, s.lit});
  }
  plain.costs = gathered(costs, certain);
  plain.offset -= plain.step * static_cast<double>(certain);
  return plain;
}

/// A value that is bounded by literals: it costs 1 for each bound below it.
std::vector<Soft> softs_of(const Bounded& value, PlainModel& model) {
  std::vector<Soft> softs;
  for (long bound = 0; bound < value.worst; ++bound) {
    softs.push_back({-value.at_most(bound), 1});
    if (bound > 0) model.clauses.push_back({softs[softs.size() - 2].lit, -softs.back().lit});
  }
  return softs;
}

}  // namespace

void PlainModel::at_most(const std::vector<Term>& terms, long bound, const std::vector<Lit>& when) {
  Sum sum{{}, bound};
  for (const Term& t : terms) {
    for (const Lit l : t.count) sum.terms.push_back({t.weight, l});
  }
  sum.terms = gathered(sum.terms, sum.bound);
  const long over = total(sum.terms) - sum.bound;
  if (over <= 0) return;
  for (const Lit l : when) sum.terms.push_back({over, l});
  sum.bound += over * static_cast<long>(when.size());
  sum.terms = gathered(sum.terms, sum.bound);
  sums.push_back(std::move(sum));
}

void PlainModel::count(const std::vector<Lit>& lits, const std::vector<Lit>& counted) {
  for (std::size_t j = 1; j < counted.size(); ++j) clauses.push_back({-counted[j], counted[j - 1]});
  // As many are false as are not counted; the last one stands for all that are beyond it.
  Sum sum{{}, static_cast<long>(lits.size())};
  for (const Lit l : lits) sum.terms.push_back({1, l});
  for (const Lit l : counted) sum.terms.push_back({1, -l});
  sum.terms.push_back({static_cast<long>(lits.size() - counted.size()), -counted.back()});
  sum.terms = gathered(sum.terms, sum.bound);
  sums.push_back(std::move(sum));
}

PlainModel plain_model(const Project& project, const Board& board, std::string_view today,
                       bool encoded) {
  PlainModel model;
  model.board = board.id;
  model.encoded = encoded;
  Choices choices(project, board);
  Sat unused;
  Formula formula(unused);
  formula.record(model);
  formula.waive([&](const Demand& d) { return is_waived(project, today, d); });
  Encoding encoding(choices, formula);
  for (WishLevel& level : encoding.wish_levels({})) {
    if (!level.supported) continue;
    if (level.bounded) level.softs = softs_of(*level.bounded, model);
    model.levels.push_back(cost_level(level));
  }
  model.variables = unused.variables();
  return model;
}

}  // namespace rigtopo
