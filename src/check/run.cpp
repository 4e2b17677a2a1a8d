// Runs every rule over a rig, applies what the spec allows, and draws the verdict. Knows no rule.
#include <algorithm>
#include <string>

#include "base/codes.hpp"
#include "base/text.hpp"
#include "check/rule.hpp"
#include "spec/allow.hpp"

namespace rigtopo {
namespace {

// ---- allow
// ---------------------------------------------------------------------------------------

std::string nearest_rule(const std::string& code) {
  std::vector<std::string> known;
  for (const Rule* r : all_rules()) {
    known.emplace_back(r->code.code);
    known.emplace_back(r->code.name);
  }
  const auto near = did_you_mean(code, known);
  return near ? "did you mean `" + *near + "`?" : "`rigtopo explain --all` lists the rules";
}

/// Rows that do nothing are told: a typo there would hide that nothing was waived.
void report_idle(const AllowRow& row, AllowTerm term, bool used, Diagnostics& out) {
  const std::string code = row.code.value_or("?");
  const auto warn = [&](std::string message, std::string help) {
    out.report(codes::idle_allow, either(row.code.at, row.at), std::move(message), std::move(help))
        .subject.push_back(row.item.value_or(code));
  };
  if (find_rule(code) == nullptr) {
    warn("`allow:` names `" + code + "`, which is no rule", nearest_rule(code));
  } else if (term == AllowTerm::unreadable) {
    warn("`until` of the `allow:` for `" + code + "` is no date, so nothing is waived",
         "write it as year, month and day: `2027-01-31`");
  } else if (term == AllowTerm::over) {
    warn("the `allow:` for `" + code + "` ended on " + *row.until,
         "look at the finding again, then extend or remove it");
  } else if (!used) {
    warn("the `allow:` for `" + code + "` waives nothing", "remove it");
  }
}

void apply_allows(const Rig& rig, const CheckOptions& options, CheckResult& result) {
  Diagnostics idle;
  for (const AllowRow& row : rig.project->spec.allow) {
    const AllowTerm term = term_of(row, options.today);
    bool used = false;
    for (Diagnostic& d : result.diagnostics.all()) {
      if (term != AllowTerm::open || !covers(row, d.code, d.name, d.subject)) continue;
      used = true;
      if (!d.allowed_by) d.allowed_by = row.reason.value_or("no reason given");
    }
    report_idle(row, term, used, idle);
  }
  result.diagnostics.append(std::move(idle));
}

// ---- what the spec itself says about parts
// -------------------------------------------------------

void note_user_values(const Rig& rig, CheckResult& result) {
  const Spec& spec = rig.project->spec;
  const auto note = [&](const std::string& what, bool written_here, bool changed) {
    if (!written_here && !changed) return;
    result.assumptions.push_back("values of " + what + " as the spec gives them, " +
                                 (changed ? "by `but`" : "described there") + " (user)");
  };
  for (const WrittenPart& board : spec.board) note("the board", board.value.is_map(), false);
  if (spec.cpu) note("the CPU", spec.cpu->value.is_map(), false);
  if (spec.frame) note("the frame", spec.frame->value.is_map(), false);
  for (const DeviceUse& use : rig.project->devices) {
    if (use.row == nullptr) continue;
    note("`" + use.id + "`", use.row->part.value.is_map(), use.row->but.has_value());
  }
  for (const StockUse& use : rig.project->stock) {
    if (use.row < 0 || use.row >= static_cast<int>(spec.stock.size())) continue;
    const StockRow& row = spec.stock[static_cast<std::size_t>(use.row)];
    note("`" + use.part_id + "`", row.part && row.part->value.is_map(), row.but.has_value());
  }
}

// ---- verdict
// -------------------------------------------------------------------------------------

Verdict verdict_of(const CheckResult& result) {
  bool remarks = false;
  for (const Diagnostic& d : result.diagnostics.all()) {
    if (!d.allowed_by && d.severity == Severity::error) return Verdict::fail;
    remarks = remarks || d.allowed_by || d.severity == Severity::warning;
  }
  const bool open = std::any_of(result.not_checked.begin(), result.not_checked.end(),
                                [](const NotChecked& n) { return n.decided; });
  if (open) return Verdict::incomplete;
  return remarks ? Verdict::warn : Verdict::pass;
}

void tidy(CheckResult& result) {
  result.diagnostics.sort();
  std::sort(result.assumptions.begin(), result.assumptions.end());
  result.assumptions.erase(std::unique(result.assumptions.begin(), result.assumptions.end()),
                           result.assumptions.end());
  std::stable_sort(result.not_checked.begin(), result.not_checked.end(),
                   [](const NotChecked& a, const NotChecked& b) { return a.code < b.code; });
}

}  // namespace

std::string_view to_string(Verdict v) {
  constexpr std::string_view names[] = {"pass", "warn", "fail", "incomplete"};
  return names[static_cast<int>(v)];
}

std::string_view to_string(Gap gap) {
  constexpr std::string_view names[] = {"number", "undecided", "left-out"};
  return names[static_cast<int>(gap)];
}

std::vector<const Rule*> all_rules() {
  std::vector<const Rule*> rules;
  for (const auto table :
       {lane_rules(), link_rules(), signal_rules(), geometry_rules(), power_rules(), feed_rules(),
        mains_rules(), wiring_rules(), thermal_rules(), expander_rules(), group_rules(),
        channel_rules(), reach_rules(), card_air_rules(), fan_rules(), excursion_rules(),
        wire_rules(), supply_rules(), wall_rules()}) {
    for (const Rule& rule : table) rules.push_back(&rule);
  }
  std::sort(rules.begin(), rules.end(),
            [](const Rule* a, const Rule* b) { return a->code.code < b->code.code; });
  return rules;
}

const Rule* find_rule(std::string_view code_or_name) {
  for (const Rule* rule : all_rules()) {
    if (rule->code.code == code_or_name || rule->code.name == code_or_name) return rule;
  }
  return nullptr;
}

CheckResult check(const Rig& rig, const CheckOptions& options) {
  CheckResult result;
  const bool whole = !is_partial(rig);
  const Physics physics(rig);
  for (const Rule* rule : all_rules()) {
    Reporter reporter(*rule, physics, result, whole);
    rule->run(rig, reporter);
  }
  note_user_values(rig, result);
  apply_allows(rig, options, result);
  for (const Diagnostic& d : result.diagnostics.all()) {
    if (d.confidence) result.confidence = weakest(result.confidence, *d.confidence);
  }
  tidy(result);
  result.verdict = verdict_of(result);
  return result;
}

}  // namespace rigtopo
