// What a person reads after solve and check: the layout as tables, every limit with its load,
// findings, assumptions, what was not checked, and whether the optimum is proved.
#pragma once

#include <string>

#include "check/check.hpp"
#include "solve/solve.hpp"

namespace rigtopo {

struct SummaryStyle {
  bool colour = false;
};

/// Layout tables of a rig: cards, drives and network cards; board power; supplies and circuits.
std::string layout_summary(const Rig& rig);

/// Limits (load, limit, percent; `!` from 85 %), findings with snippets, assumptions, not checked.
std::string check_summary(const CheckResult& result, const SourceMap& sources, SummaryStyle style);

/// Status line and objective levels; for an infeasible rig the conflict.
std::string objective_summary(const Project& project, const SolveResult& result,
                              const SourceMap& sources, SummaryStyle style);

}  // namespace rigtopo
