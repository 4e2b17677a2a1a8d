// `rigtopo check`: judge what is pinned, or a layout file. Never solves.
#include "base/report.hpp"
#include "cli/commands.hpp"
#include "cli/documents.hpp"
#include "cli/layouts.hpp"
#include "cli/summary.hpp"

namespace rigtopo {
namespace {

int status_of(const CheckResult& result, bool deny_warnings) {
  switch (result.verdict) {
    case Verdict::pass:
      return exit_good;
    case Verdict::warn:
      return deny_warnings ? exit_findings : exit_good;
    case Verdict::fail:
    case Verdict::incomplete:
      break;
  }
  return exit_findings;
}

}  // namespace

int check_command(Invocation& call) {
  Session& session = call.session;
  std::optional<Project> project = session.load(call.words.front(), call.text("layout"));
  if (!project) return end_with_problems(session, call.io, exit_bad_input);
  const std::optional<Layout> layout = given_layout(call, *project);
  if (!layout || session.problems.errors() > 0) {
    return end_with_problems(session, call.io, exit_bad_input);
  }
  const Rig rig = build_rig(*project, *layout);
  CheckResult result = session.judge(rig);
  // What was noticed while reading (a stale layout) belongs to the verdict's findings.
  result.diagnostics.append(session.problems);
  result.diagnostics.sort();
  if (result.verdict == Verdict::pass && !session.problems.empty()) result.verdict = Verdict::warn;

  if (session.format == "sarif") {
    call.io.out << sarif_document(result.diagnostics, session.sources);
  } else if (session.json()) {
    call.io.out << check_document(result, session.sources);
  } else {
    call.io.out << project->spec.name.value_or(project->file) << "\n"
                << layout_summary(rig)
                << check_summary(result, session.sources, {.colour = call.io.colour_out});
  }
  return status_of(result, call.has("deny-warnings"));
}

}  // namespace rigtopo
