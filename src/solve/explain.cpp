// Why there is no layout: a minimal set of clashing demands, each in the builder's words with the
// rule it stands for and the place in the spec. Safety limits appear; nothing here offers to relax
// one.
#include "solve/explain.hpp"

#include "solve/solve.hpp"

namespace rigtopo {

std::vector<DemandId> minimal_conflict(Formula& formula) {
  Sat& sat = formula.sat();
  std::vector<DemandId> core;
  const auto solve_with = [&](const std::vector<DemandId>& ids) {
    std::vector<Lit> lits;
    for (const DemandId id : ids) lits.push_back(formula.selector(id));
    return sat.solve(lits);
  };
  const auto failed_of = [&](const std::vector<DemandId>& ids) {
    std::vector<DemandId> used;
    for (const DemandId id : ids) {
      if (sat.failed(formula.selector(id))) used.push_back(id);
    }
    return used;
  };
  std::vector<DemandId> all;
  for (std::size_t i = 0; i < formula.demands().size(); ++i)
    all.push_back(static_cast<DemandId>(i));
  if (solve_with(all) != Answer::unsat) return {};
  core = failed_of(all);
  for (std::size_t i = 0; i < core.size();) {
    std::vector<DemandId> without = core;
    without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
    const Answer answer = solve_with(without);
    if (answer == Answer::unknown) break;
    if (answer == Answer::unsat) {
      const std::vector<DemandId> smaller = failed_of(without);
      // What was kept so far stays in front, so that no member is tried twice.
      core = smaller;
      continue;
    }
    ++i;
  }
  return core;
}

std::vector<Diagnostic> explain_conflict(Formula& formula) {
  std::vector<Diagnostic> conflict;
  const std::vector<DemandId> core = minimal_conflict(formula);
  for (const DemandId id : core) {
    const Demand& demand = formula.demands().at(static_cast<std::size_t>(id));
    Diagnostic d;
    d.code = demand.code;
    d.name = demand.name;
    d.severity = Severity::error;
    d.message = demand.words;
    d.at = demand.at;
    d.subject = demand.subject;
    conflict.push_back(std::move(d));
  }
  if (core.empty()) {
    Diagnostic d;
    const Code& code = demand_codes().front();
    d.code = code.code;
    d.name = code.name;
    d.severity = Severity::error;
    d.message = "these parts cannot be combined, whatever is demanded of them";
    conflict.push_back(std::move(d));
  }
  return conflict;
}

}  // namespace rigtopo
