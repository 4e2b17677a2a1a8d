// The JSON documents of the contract: check, solve, lanes, problems, SARIF. Field names here are
// what other programs rely on; fields are only added within format version 1.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "check/check.hpp"
#include "cli/power_table.hpp"
#include "physics/lanes.hpp"
#include "solve/repairs.hpp"
#include "solve/why.hpp"

namespace rigtopo {

/// `rigtopo check --format json`: verdict, confidence, diagnostics, not_checked, assumptions,
/// limits.
std::string check_document(const CheckResult& result, const SourceMap& sources);

/// `rigtopo check --format sarif`: SARIF 2.1.0 with rule metadata.
std::string sarif_document(const Diagnostics& found, const SourceMap& sources);

/// All that `solve` was asked for.
struct SolveReport {
  SolveResult result;
  std::vector<CheckResult> checks;  // one for each layout
  std::vector<Repair> repairs;
  std::vector<CheckResult> repair_checks;  // one for each repair
  std::optional<WhyAnswer> why;
  std::optional<PowerTable> power_table;
};
/// `rigtopo solve --format json` and report.json.
std::string solve_document(const SolveReport& report, const SourceMap& sources,
                           bool with_statistics);

/// `rigtopo lanes --format json`. `demand` is the least the devices need, for `over`; 0 for a bare
/// board.
std::string lanes_document(const std::string& board, const std::vector<CoreBudget>& cores,
                           int demand);

/// What is printed instead of a result when the input was bad: `{"rigtopo": 1, "status":
/// "bad-input", "diagnostics": [...]}`.
std::string problems_document(const Diagnostics& problems, const SourceMap& sources);

}  // namespace rigtopo
