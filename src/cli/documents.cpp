// One function per document; diagnostics and layouts bring their own JSON from base/ and spec/.
#include "cli/documents.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/codes.hpp"
#include "base/report_json.hpp"
#include "rigtopo/rigtopo.hpp"
#include "spec/layout_json.hpp"

namespace rigtopo {
namespace {

using Json = nlohmann::ordered_json;

/// UTF-8 that is broken (a hostile file name) is replaced, never thrown on.
std::string dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json diagnostics_json(const std::vector<Diagnostic>& all, const SourceMap& sources) {
  Json list = Json::array();
  for (const Diagnostic& d : all) list.push_back(to_json(d, sources));
  return list;
}

Json check_json(const CheckResult& result, const SourceMap& sources) {
  Json json;
  json["verdict"] = to_string(result.verdict);
  json["confidence"] = to_string(result.confidence);
  json["diagnostics"] = diagnostics_json(result.diagnostics.all(), sources);
  json["not_checked"] = Json::array();
  for (const NotChecked& n : result.not_checked) {
    json["not_checked"].push_back(
        {{"code", n.code}, {"what", n.what}, {"decided", n.decided}, {"gap", to_string(n.gap)}});
  }
  json["assumptions"] = result.assumptions;
  json["limits"] = Json::array();
  for (const LimitUse& l : result.limits) {
    json["limits"].push_back({{"code", l.code},
                              {"what", l.what},
                              {"load", l.load},
                              {"limit", l.limit},
                              {"unit", l.unit}});
  }
  return json;
}

Json objective_json(const std::vector<ObjectiveLevel>& levels) {
  Json list = Json::array();
  for (const ObjectiveLevel& l : levels) {
    list.push_back({{"level", l.level},
                    {"wish", l.wish},
                    {"what", l.what},
                    {"value", l.value},
                    {"unit", l.unit},
                    {"direction", l.maximise ? "max" : "min"},
                    {"bound", l.bound},
                    {"proved", l.proved}});
  }
  return list;
}

std::string_view sarif_level(Severity s) {
  return s == Severity::error ? "error" : s == Severity::warning ? "warning" : "note";
}

/// A path as the URI reference that SARIF asks for (RFC 3986): letters, digits and -._~/ as they
/// are.
std::string uri_of(std::string_view path) {
  std::string uri;
  for (const char c : path) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                       std::string_view("-._~/").find(c) != std::string_view::npos;
    uri += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return uri;
}

Json sarif_rule(const Code& code) {
  return {{"id", code.code},
          {"name", code.name},
          {"shortDescription", {{"text", code.summary}}},
          {"fullDescription", {{"text", code.why}}},
          {"defaultConfiguration", {{"level", sarif_level(code.severity)}}}};
}

Json sarif_result(const Diagnostic& d, const SourceMap& sources) {
  Json result{{"ruleId", d.code},
              {"level", sarif_level(d.severity)},
              {"message", {{"text", d.help.empty() ? d.message : d.message + "; " + d.help}}}};
  if (d.at.known()) {
    const std::string file = uri_of(sources.name(d.at.file));
    const Json region{{"startLine", d.at.line}, {"startColumn", d.at.column}};
    result["locations"] = Json::array(
        {{{"physicalLocation", {{"artifactLocation", {{"uri", file}}}, {"region", region}}}}});
  }
  if (d.allowed_by) {
    result["suppressions"] =
        Json::array({{{"kind", "external"}, {"justification", *d.allowed_by}}});
  }
  return result;
}

Json power_table_json(const PowerTable& table) {
  Json json{{"highest_w", table.highest ? Json(table.highest->value) : Json(nullptr)},
            {"measured", Json::array()},
            {"rows", Json::array()}};
  for (const PowerTable::Measured& m : table.measured) {
    json["measured"].push_back({{"gpu", m.gpu},
                                {"work", m.work},
                                {"source", m.source},
                                {"confidence", to_string(m.confidence)}});
  }
  for (const PowerTable::Row& row : table.rows) {
    Json kept = Json::array();
    for (const auto& share : row.kept) kept.push_back(share ? Json(*share) : Json(nullptr));
    json["rows"].push_back({{"limit_w", row.limit.value},
                            {"wall_w", row.wall ? Json(row.wall->value) : Json(nullptr)},
                            {"fits", row.fits()},
                            {"against", row.against},
                            {"only_while_set", row.only_by_limit},
                            {"speed_kept", kept}});
  }
  return json;
}

}  // namespace

std::string check_document(const CheckResult& result, const SourceMap& sources) {
  Json json{{"rigtopo", 1}};
  json.update(check_json(result, sources));
  return dump(json);
}

std::string sarif_document(const Diagnostics& found, const SourceMap& sources) {
  Json rules = Json::array();
  for (const Rule* rule : all_rules()) rules.push_back(sarif_rule(rule->code));
  for (const Code* code : codes::text_codes()) rules.push_back(sarif_rule(*code));
  Json results = Json::array();
  for (const Diagnostic& d : found.all()) results.push_back(sarif_result(d, sources));
  const Json driver{{"name", "rigtopo"}, {"version", version()}, {"rules", rules}};
  return dump({{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
               {"version", "2.1.0"},
               {"runs", Json::array({{{"tool", {{"driver", driver}}}, {"results", results}}})}});
}

Json rejections_json(const std::vector<Rejection>& rejected) {
  Json list = Json::array();
  for (const Rejection& r : rejected) {
    list.push_back(
        {{"code", r.code}, {"subject", r.subject}, {"choice", r.choice}, {"why", r.why}});
  }
  return list;
}

Json repair_json(const Repair& repair, const CheckResult& check) {
  Json changes = Json::array();
  for (const RepairChange& change : repair.changes) {
    Json edits = Json::array();
    for (const SpecEdit& e : change.edits) {
      edits.push_back({{"path", e.path}, {"before", e.before}, {"after", e.after}});
    }
    changes.push_back({{"words", change.words}, {"edits", std::move(edits)}});
  }
  return {{"changes", std::move(changes)},
          {"price", repair.price},
          {"verdict", to_string(check.verdict)},
          {"warnings", warning_codes(check)},
          {"objective", objective_json(repair.objective)},
          {"layout", layout_json(repair.layout)}};
}

Json why_json(const WhyAnswer& why, const SourceMap& sources) {
  return {{"device", why.device},
          {"port", why.port},
          {"verdict", to_string(why.verdict)},
          {"changed", objective_json(why.changed)},
          {"best", objective_json(why.best)},
          {"conflict", diagnostics_json(why.conflict, sources)},
          {"rejected", rejections_json(why.rejected)}};
}

std::string solve_document(const SolveReport& report, const SourceMap& sources,
                           bool with_statistics) {
  const SolveResult& result = report.result;
  Json json{{"rigtopo", 1}, {"status", to_string(result.status)}};
  json["objective"] = objective_json(result.objective);
  json["layouts"] = Json::array();
  for (std::size_t i = 0; i < result.layouts.size(); ++i) {
    Json layout = layout_json(result.layouts[i]);
    layout["objective"] = objective_json(result.objectives.at(i));
    layout["check"] = check_json(report.checks.at(i), sources);
    json["layouts"].push_back(std::move(layout));
  }
  json["conflict"] = diagnostics_json(result.conflict, sources);
  json["repairs"] = Json::array();
  for (std::size_t i = 0; i < report.repairs.size(); ++i) {
    json["repairs"].push_back(repair_json(report.repairs[i], report.repair_checks.at(i)));
  }
  json["complete"] = result.complete;
  json["rejected"] = rejections_json(result.rejected);
  if (report.why) json["why"] = why_json(*report.why, sources);
  if (report.power_table) json["power_table"] = power_table_json(*report.power_table);
  json["assumptions"] = result.assumptions;
  if (with_statistics) {
    json["statistics"] = {{"variables", result.statistics.variables},
                          {"clauses", result.statistics.clauses},
                          {"calls", result.statistics.calls},
                          {"encode_ms", result.statistics.encode_ms},
                          {"solve_ms", result.statistics.solve_ms}};
  }
  return dump(json);
}

std::string lanes_document(const std::string& board, const std::vector<CoreBudget>& cores,
                           int demand) {
  Json json{{"rigtopo", 1}, {"board", board}, {"cores", Json::array()}};
  int total = 0;
  int routed = 0;
  int used = 0;
  for (const CoreBudget& c : cores) {
    Json connectors = Json::array();
    for (const auto& k : c.connectors) connectors.push_back({{"id", k.id}, {"width", k.width}});
    json["cores"].push_back({{"id", c.id},
                             {"complex", c.complex},
                             {"numa", c.numa},
                             {"lanes", c.lanes},
                             {"generation", static_cast<int>(c.generation)},
                             {"routed", c.routed},
                             {"onboard", c.onboard},
                             {"xgmi", c.xgmi},
                             {"unrouted", c.unrouted},
                             {"unknown", c.unknown},
                             {"used", c.used},
                             {"connectors", connectors}});
    total += c.lanes;
    routed += c.routed;
    used += c.used;
  }
  json["lanes_total"] = total;
  json["lanes_routed"] = routed;
  json["lanes_used"] = used;
  json["lanes_demanded"] = demand;
  json["over"] = std::max(0, demand - routed);
  return dump(json);
}

std::string problems_document(const Diagnostics& problems, const SourceMap& sources) {
  return dump({{"rigtopo", 1},
               {"status", "bad-input"},
               {"diagnostics", diagnostics_json(problems.all(), sources)}});
}

}  // namespace rigtopo
