// `rigtopo solve`: search, judge, draw, write the folder, print the summary.
#include <chrono>
#include <fmt/format.h>

#include "base/codes.hpp"
#include "base/report.hpp"
#include "cli/alternatives.hpp"
#include "cli/commands.hpp"
#include "cli/documents.hpp"
#include "cli/output_folder.hpp"
#include "cli/solve_request.hpp"
#include "cli/summary.hpp"
#include "exchange/tables.hpp"

namespace rigtopo {
namespace fs = std::filesystem;
namespace {

/// Milliseconds of each phase; shown with --stats only, never part of a result.
class Stopwatch {
 public:
  void lap(std::string phase) {
    const auto now = std::chrono::steady_clock::now();
    laps_.emplace_back(std::move(phase),
                       std::chrono::duration<double, std::milli>(now - last_).count());
    last_ = now;
  }
  std::string text() const {
    std::string line;
    for (const auto& [phase, ms] : laps_) line += fmt::format("  {:<8} {:8.1f} ms\n", phase, ms);
    return line;
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
  std::vector<std::pair<std::string, double>> laps_;
};

fs::path default_folder(const std::string& spec_path) {
  const std::string stem = spec_path == "-" ? "spec" : fs::path(spec_path).stem().string();
  return stem + "-out";
}

std::map<std::string, std::string> files_of(Session& session, const Project& project,
                                            const Rig& rig, const CheckResult& result) {
  std::map<std::string, std::string> files{{"layout.yaml", layout_yaml(rig.layout)},
                                           {"bom.csv", bom_csv(rig)},
                                           {"cables.csv", cables_csv(rig)}};
  const PictureContext context = session.picture_context(project, result);
  for (const ViewRow& view : views()) {
    Picture picture = view.draw(rig, context);
    const std::string name(view.id);
    if (!picture.dot.empty()) files[name + ".dot"] = std::move(picture.dot);
    files[name + ".svg"] = std::move(picture.svg);
  }
  return files;
}

int status_of(const SolveResult& result) {
  switch (result.status) {
    case SolveStatus::optimal:
    case SolveStatus::feasible:
      return exit_good;
    case SolveStatus::infeasible:
      return exit_findings;
    case SolveStatus::unknown:
      break;
  }
  return exit_gave_up;
}

std::string rejections_text(const SolveResult& result) {
  std::string text;
  std::size_t shown = 0;
  for (const Rejection& r : result.rejected) {
    if (++shown > 12) break;
    text += fmt::format("  - {}: {} [{}]: {}\n", r.subject, r.choice, r.code, r.why);
  }
  if (result.rejected.size() > 12) {
    text += fmt::format("  - and {} more in report.json\n", result.rejected.size() - 12);
  }
  return text.empty() ? "" : "\nChoices ruled out before the search\n" + text;
}

std::string phases_text(const SolveResult::Statistics& statistics) {
  std::string text;
  for (const auto& p : statistics.phases) {
    text += fmt::format("  {:>8.1f} ms {:>5} calls  {}\n", p.ms, p.calls, p.what);
  }
  return text;
}

std::string names_of(const std::map<std::string, std::string>& files) {
  std::string names;
  for (const auto& [name, content] : files) {
    if (name.find('/') == std::string::npos) names += (names.empty() ? "" : ", ") + name;
  }
  return names;
}

/// The search, and what was asked beside it.
SolveReport answered(Session& session, const Project& project, const SolveRequest& request,
                     const Io& io) {
  SolveReport report;
  report.result = session.solve(project, request.options, io);
  if (request.question) {
    report.why = why(project, session.prepared(project, request.options, io), report.result,
                     request.question->device, request.question->port);
  }
  if (report.result.status == SolveStatus::infeasible) {
    report.repairs = session.repairs(project, report.result, request.options, io);
    for (const Repair& r : report.repairs) {
      report.repair_checks.push_back(session.judge(build_rig(*r.project, r.layout)));
    }
  }
  return report;
}

/// What stands below the layout and its verdict.
std::string further_answers(const Project& project, const SolveReport& report,
                            const SolveRequest& request, const SourceMap& sources, bool colour) {
  const SolveResult& result = report.result;
  std::string text;
  text += request.options.front.empty() ? alternatives_summary(project, result, request.options.top)
                                        : front_summary(result, request.options.front);
  if (result.status == SolveStatus::infeasible) {
    text += repairs_summary(report.repairs, report.repair_checks, project.currency);
  }
  if (report.why) text += why_summary(*report.why, sources, colour);
  if (!result.layouts.empty()) return text;
  text += rejections_text(result);
  for (const std::string& a : result.assumptions) text += "  assumed: " + a + "\n";
  return text;
}

}  // namespace

int solve_command(Invocation& call) {
  Stopwatch watch;
  Session& session = call.session;
  const std::optional<Project> project = session.load(call.words.front());
  if (!project) return end_with_problems(session, call.io, exit_bad_input);
  watch.lap("reading");

  const std::optional<SolveRequest> request = solve_request(call, *project);
  if (!request) return end_with_problems(session, call.io, exit_bad_input);
  SolveReport report = answered(session, *project, *request, call.io);
  watch.lap("solving");

  std::map<std::string, std::string> files;
  const std::vector<Layout>& layouts = report.result.layouts;
  std::string summary =
      objective_summary(*project, report.result, session.sources, {.colour = call.io.colour_out});
  for (std::size_t i = 0; i < layouts.size(); ++i) {
    const Rig rig = build_rig(*project, layouts[i]);
    report.checks.push_back(session.judge(rig));
    const std::string folder = i == 0 ? "" : fmt::format("alternatives/{}/", i + 1);
    for (auto& [name, content] : files_of(session, *project, rig, report.checks.back())) {
      files[folder + name] = std::move(content);
    }
    if (i > 0) continue;
    summary += layout_summary(rig) + check_summary(report.checks.front(), session.sources,
                                                   {.colour = call.io.colour_out});
  }
  if (call.has("power-table") && !layouts.empty()) {
    report.power_table = power_table(session, *project, layouts.front());
    summary += power_table_text(report.power_table);
  }
  summary += further_answers(*project, report, *request, session.sources, call.io.colour_out);
  // The report on disk never depends on --stats: same input, same bytes.
  files["report.json"] = solve_document(report, session.sources, false);
  watch.lap("drawing");

  const fs::path folder =
      call.has("output") ? fs::path(call.text("output")) : default_folder(call.words.front());
  if (!write_folder(folder, files, session.problems)) {
    return end_with_problems(session, call.io, exit_unwritten);
  }
  watch.lap("writing");

  session.problems.sort();
  call.io.err << report_text(session.problems, session.sources, {.colour = call.io.colour_err});
  if (session.json()) {
    call.io.out << solve_document(report, session.sources, call.has("stats"));
  } else {
    call.io.out << summary << "\nWrote " << (folder / "").string() << ": " << names_of(files)
                << "\n";
  }
  if (call.has("stats")) {
    call.io.err << fmt::format("{} variables, {} clauses, {} solver calls\n",
                               report.result.statistics.variables, report.result.statistics.clauses,
                               report.result.statistics.calls)
                << phases_text(report.result.statistics) << watch.text();
  }
  return status_of(report.result);
}

}  // namespace rigtopo
