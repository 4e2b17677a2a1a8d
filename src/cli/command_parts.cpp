// `rigtopo parts`: list, show, search, lint, reference. Loads no more of the catalogue than asked
// for.
#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/codes.hpp"
#include "base/report.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/documents.hpp"
#include "cli/table.hpp"
#include "physics/lanes.hpp"

namespace rigtopo {
namespace {

using Json = nlohmann::ordered_json;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

int usage_problem(Invocation& call, std::string message, std::string help) {
  call.session.problems.report(codes::bad_command_line, {}, std::move(message), std::move(help));
  return end_with_problems(call.session, call.io, exit_bad_input);
}

/// Names need the file; a part that cannot be read is listed without one.
std::string name_of(Catalog& catalog, const CatalogEntry& entry) {
  Diagnostics ignored;
  const PartPtr part = catalog.load(entry.id, entry.kind, {}, ignored);
  return part != nullptr ? base_of(*part).name.value_or("") : "(cannot be read: see parts lint)";
}

int print_entries(Invocation& call, Catalog& catalog, const std::vector<CatalogEntry>& entries) {
  if (call.session.json()) {
    Json list = Json::array();
    for (const CatalogEntry& e : entries) {
      list.push_back({{"kind", e.kind}, {"id", e.id}, {"name", name_of(catalog, e)}});
    }
    call.io.out << Json{{"rigtopo", 1}, {"parts", list}}.dump(2, ' ', false,
                                                              Json::error_handler_t::replace)
                << "\n";
    return exit_good;
  }
  TextTable table({"kind", "id", "name"});
  for (const CatalogEntry& e : entries) table.row({e.kind, e.id, name_of(catalog, e)});
  if (!table.empty()) call.io.out << table.text("");
  call.io.out << fmt::format("{} part{}\n", entries.size(), entries.size() == 1 ? "" : "s");
  return exit_good;
}

int list_parts(Invocation& call, Catalog& catalog) {
  std::vector<CatalogEntry> entries;
  const std::string kind = call.words.size() > 1 ? call.words[1] : "";
  if (!kind.empty() && find_kind(kind) == nullptr) {
    return usage_problem(call, fmt::format("there is no kind of part `{}`", kind),
                         "the kinds are " + listed(kind_ids()));
  }
  for (const CatalogEntry& e : catalog.index().all()) {
    if (kind.empty() || e.kind == kind) entries.push_back(e);
  }
  return print_entries(call, catalog, entries);
}

int search_parts(Invocation& call, Catalog& catalog) {
  if (call.words.size() < 2) return usage_problem(call, "search for what?", "parts search WORD");
  std::vector<CatalogEntry> entries;
  for (const CatalogEntry& e : catalog.index().all()) {
    const std::string text = lower(e.id + " " + name_of(catalog, e));
    const bool all = std::all_of(call.words.begin() + 1, call.words.end(), [&](const auto& w) {
      return text.find(lower(w)) != std::string::npos;
    });
    if (all) entries.push_back(e);
  }
  return print_entries(call, catalog, entries);
}

int show_part(Invocation& call, Catalog& catalog) {
  if (call.words.size() < 2) return usage_problem(call, "show which part?", "parts show ID");
  const PartPtr part = catalog.load(call.words[1], "", {}, call.session.problems);
  const CatalogEntry* entry = catalog.entry(call.words[1]);
  if (part == nullptr || entry == nullptr || call.session.problems.errors() > 0) {
    return end_with_problems(call.session, call.io, exit_bad_input);
  }
  const auto text = read_text_file(entry->path.string(), call.session.problems);
  if (!text) return end_with_problems(call.session, call.io, exit_bad_input);
  if (call.session.json()) {
    const Json json{{"rigtopo", 1},
                    {"kind", entry->kind},
                    {"id", entry->id},
                    {"sha256", base_of(*part).sha256},
                    {"yaml", *text}};
    call.io.out << json.dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
  } else {
    call.io.out << "# " << entry->kind << "/" << entry->id << ".yaml\n" << *text;
  }
  return exit_good;
}

/// Lanes of a board that claims to be complete must close core by core.
void lint_lanes(Catalog& catalog, const Board& board, Diagnostics& out) {
  const std::string socket = board.sockets.empty() ? "" : board.sockets.front().socket.value_or("");
  for (const std::string& id : catalog.index().ids("cpu")) {
    Diagnostics ignored;
    const PartPtr part = catalog.load(id, "cpu", {}, ignored);
    if (part == nullptr) continue;
    const Cpu& cpu = std::get<Cpu>(*part);
    if (cpu.socket.value_or("?") != socket) continue;
    const int sockets = static_cast<int>(board.sockets.size());
    for (const CoreBudget& core : lane_budget(board, cpu, sockets)) {
      const bool over = core.sum() > core.lanes;
      if (!over && (core.closes() || !board.complete.value_or(false))) continue;
      const Rule* rule = find_rule(over ? "L101" : "L102");
      if (rule == nullptr) continue;
      out.report(rule->code, board.at,
                 fmt::format("core `{}` accounts for {} lanes of its {} with `{}`", core.id,
                             core.sum(), core.lanes, id),
                 over ? "" : "add `fixed_lanes` for what is missing, or set `complete: false`");
    }
    return;
  }
}

bool names_a_source(const std::string& text) { return text.find("source") != std::string::npos; }

int lint_parts(Invocation& call, Catalog& catalog) {
  Diagnostics& problems = call.session.problems;
  std::size_t read = 0;
  catalog.index().report_strangers(problems);
  for (const CatalogEntry& e : catalog.index().all()) {
    const bool asked = call.words.size() < 2 || std::find(call.words.begin() + 1, call.words.end(),
                                                          e.id) != call.words.end();
    if (!asked) continue;
    ++read;
    const PartPtr part = catalog.load(e.id, e.kind, {}, problems);
    if (part == nullptr) continue;
    if (const Board* board = std::get_if<Board>(part.get())) lint_lanes(catalog, *board, problems);
    const auto text = read_text_file(e.path.string(), problems);
    if (text && !names_a_source(*text)) {
      problems.report(codes::missing_key, base_of(*part).at,
                      fmt::format("`{}` names no source for any value", e.id),
                      "add `source:` with the document its numbers come from");
    }
  }
  if (call.words.size() > 1 && read + 1 < call.words.size()) {
    for (std::size_t i = 1; i < call.words.size(); ++i) {
      if (catalog.entry(call.words[i]) == nullptr) {
        catalog.load(call.words[i], "", {}, problems);
      }
    }
  }
  problems.sort();
  const int errors = problems.errors();
  if (call.session.json()) {
    call.io.out << problems_document(problems, call.session.sources);
  } else {
    call.io.out << report_text(problems, call.session.sources, {.colour = call.io.colour_out})
                << fmt::format("{} part{} read, {} problem{}\n", read, read == 1 ? "" : "s",
                               problems.all().size(), problems.all().size() == 1 ? "" : "s");
  }
  return errors > 0 ? exit_findings : exit_good;
}

int print_reference(Invocation& call, Catalog&) {
  call.io.out << "# Keys of parts\n\nGenerated by `rigtopo parts reference`; do not edit.\n\n"
                 "Every value may be written as `{value: ..., source: ..., confidence: verified | "
                 "secondary | unverified, note: ...}`; `source` and `confidence` of a map hold for "
                 "everything inside it. `unknown` says that a value is known to be unknown.\n";
  for (const Kind& kind : kinds()) {
    call.io.out << "\n## " << kind.title << " (`" << kind.id << "`)\n\n" << kind.reference();
  }
  return exit_good;
}

struct Verb {
  std::string_view name;
  int (*run)(Invocation&, Catalog&);
};
constexpr Verb verbs[] = {{"list", list_parts},
                          {"show", show_part},
                          {"search", search_parts},
                          {"lint", lint_parts},
                          {"reference", print_reference}};

}  // namespace

int parts_command(Invocation& call) {
  std::vector<std::string> names;
  for (const Verb& verb : verbs) {
    names.emplace_back(verb.name);
    if (verb.name != call.words.front()) continue;
    Catalog catalog = call.session.catalog();
    return verb.run(call, catalog);
  }
  return usage_problem(call, fmt::format("`parts` cannot `{}`", call.words.front()),
                       "it can " + listed(names));
}

}  // namespace rigtopo
