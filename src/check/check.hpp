// The judge: rules hold physics against limits and report. Independent of the solver.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rig/rig.hpp"

namespace rigtopo {

enum class Verdict { pass, warn, fail, incomplete };
std::string_view to_string(Verdict v);

/// Why a rule could not judge something.
enum class Gap {
  number,     // it is decided, and a number about it is missing
  undecided,  // the layout does not say
  left_out,   // rigtopo or the spec leaves it out on purpose
};
std::string_view to_string(Gap gap);

/// Something a rule could not judge. `decided`: it is about something the layout has decided, or
/// that a whole layout has to decide, and the rule is of class error, so the verdict cannot be
/// pass.
struct NotChecked {
  std::string code;
  std::string what;  // "no loss figure for `ribbon-x` (gpu3)"
  bool decided = false;
  Gap gap = Gap::number;
};

/// A limit with its load, for the summary table: every limit a rule compared, passed or not.
struct LimitUse {
  std::string code;
  std::string what;  // "psu0 (1000 W at 120 V)"
  double load = 0;
  double limit = 0;
  std::string unit;
};

struct CheckResult {
  Verdict verdict = Verdict::pass;
  Confidence confidence = Confidence::verified;  // weakest that the verdict rests on
  Diagnostics diagnostics;                       // sorted; waived ones carry allowed_by
  std::vector<NotChecked> not_checked;
  std::vector<std::string> assumptions;  // in words, sorted, each once
  std::vector<LimitUse> limits;
};

struct CheckOptions {
  std::string today;  // YYYY-MM-DD for `until:`; empty: `until` is not judged
};

class Reporter;

/// One rule: a function and a row in the table of its domain file.
struct Rule {
  Code code;
  void (*run)(const Rig&, Reporter&);
};

/// Judges a rig. Applies `allow:` (unused and unknown entries warn), sorts, computes the verdict.
CheckResult check(const Rig& rig, const CheckOptions& options = {});

/// All rules, by code: lanes (L), power (P), wiring (W), thermal (T), geometry (G).
std::vector<const Rule*> all_rules();
const Rule* find_rule(std::string_view code_or_name);

}  // namespace rigtopo
