// How the layers are put together for a command. No option parsing and no output format here.
#include "cli/session.hpp"

#include <fmt/format.h>
#include <set>
#include <system_error>

#include "base/codes.hpp"
#include "base/report.hpp"
#include "cli/documents.hpp"
#include "rigtopo/rigtopo.hpp"

namespace rigtopo {
namespace fs = std::filesystem;
namespace {

std::string counted(int n, std::string_view noun) {
  return fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s");
}

}  // namespace

fs::path shipped_folder(Shipped what) {
  const std::string_view installed = what == Shipped::catalog ? "topologies" : "rules";
  const std::string_view in_source = what == Shipped::catalog ? "topologies" : "tests/rules";
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (!error) {
    const fs::path beside = program.parent_path().parent_path() / "share/rigtopo" / installed;
    if (fs::is_directory(beside, error)) return beside;
  }
  const fs::path source = fs::path(RIGTOPO_SOURCE_TREE) / in_source;
  if (fs::is_directory(source, error)) return source;
  return fs::path(RIGTOPO_INSTALLED_DATA) / installed;
}

LoadOptions Session::load_options() const {
  LoadOptions options;
  options.ahead = ahead;
  options.catalogs.push_back(shipped_folder(Shipped::catalog));
  options.catalogs.insert(options.catalogs.end(), extra_catalogs.begin(), extra_catalogs.end());
  return options;
}

Catalog Session::catalog() { return Catalog(load_options().catalogs, sources, problems, ahead); }

std::optional<Project> Session::load(const std::string& spec_path, const std::string& layout_path) {
  if (!layout_path.empty()) ahead->start({layout_path});
  std::optional<Project> project = load_project(spec_path, load_options(), sources, problems);
  if (!project) return std::nullopt;
  const int before = problems.errors();
  pinned_layout(*project, problems);  // pins and bridges that name nothing
  if (problems.errors() != before) return std::nullopt;
  return project;
}

SolveOptions Session::prepared(const Project& project, SolveOptions wanted, const Io& io) const {
  SolveOptions options = std::move(wanted);
  options.interrupted = io.interrupted;
  options.today = today;
  options.judge = [this, &project](const Layout& layout) {
    std::vector<std::string> codes;
    const CheckResult result = judge(build_rig(project, layout));
    for (const Diagnostic& d : result.diagnostics.all()) {
      if (d.severity == Severity::error && !d.allowed_by) codes.push_back(d.code);
    }
    // What lacked a number is no pass either.
    if (codes.empty() && result.verdict == Verdict::incomplete) {
      for (const NotChecked& n : result.not_checked) {
        if (n.decided) codes.push_back(n.code);
      }
    }
    return codes;
  };
  if (io.progress) {
    options.progress = [&io](const Progress& p) {
      io.err << "\r\x1b[K" << fmt::format("solving: {}  {}", p.phase, p.best);
      if (!p.bound.empty()) io.err << fmt::format("  (bound {})", p.bound);
      io.err.flush();
    };
  }
  return options;
}

std::vector<Repair> Session::repairs(const Project& project, const SolveResult& result,
                                     const SolveOptions& wanted, const Io& io) const {
  RepairShop shop;
  shop.replan = [&](Spec spec) {
    Diagnostics ignored;  // a change that does not hold together is none
    std::optional<Project> changed = replanned(project, std::move(spec), ignored);
    if (changed) pinned_layout(*changed, ignored);
    return ignored.errors() == 0 ? std::move(changed) : std::nullopt;
  };
  shop.options = [&](const Project& changed) { return prepared(changed, wanted, io); };
  return rigtopo::repairs(project, result, shop);
}

SolveResult Session::solve(const Project& project, SolveOptions wanted, const Io& io) const {
  SolveResult result = rigtopo::solve(project, prepared(project, std::move(wanted), io));
  if (io.progress) io.err << "\r\x1b[K";
  return result;
}

std::string verdict_line(const CheckResult& result) {
  int errors = 0;
  int warnings = 0;
  for (const Diagnostic& d : result.diagnostics.all()) {
    errors += d.severity == Severity::error && !d.allowed_by;
    warnings += d.severity == Severity::warning && !d.allowed_by;
  }
  std::string line(to_string(result.verdict));
  if (errors + warnings > 0) line += ":";
  if (errors > 0) line += " " + counted(errors, "error");
  if (errors > 0 && warnings > 0) line += ",";
  if (warnings > 0) line += " " + counted(warnings, "warning");
  return line;
}

std::vector<std::string> warning_codes(const CheckResult& result) {
  std::set<std::string> codes;
  for (const Diagnostic& d : result.diagnostics.all()) {
    if (d.severity == Severity::warning && !d.allowed_by) codes.insert(d.code);
  }
  return {codes.begin(), codes.end()};
}

PictureContext Session::picture_context(const Project& project, const CheckResult& result) const {
  PictureContext context;
  context.title = project.spec.name.value_or(project.file);
  context.verdict = verdict_line(result);
  context.spec_file = fs::path(project.file).filename().string();
  context.spec_sha256 = project.sha256;
  context.tool = fmt::format("rigtopo {}", version());
  context.findings = result.diagnostics.all();
  return context;
}

int end_with_problems(Session& session, Io& io, int status) {
  session.problems.sort();
  if (session.format == "sarif") {
    io.out << sarif_document(session.problems, session.sources);
  } else if (session.json()) {
    io.out << problems_document(session.problems, session.sources);
  } else {
    io.err << report_text(session.problems, session.sources, {.colour = io.colour_err});
  }
  return status;
}

}  // namespace rigtopo
