// One function for each format; each writes as it goes.
#include "solve/model_text.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <string>

#include "base/assert.hpp"

namespace rigtopo {
namespace {

/// What every file says about itself, each line after the format's mark of a comment.
void write_comments(const PlainModel& model, std::string_view mark, std::ostream& out) {
  fmt::print(out, "{} 0-1 model of {}, by rigtopo\n", mark, model.board);
  for (std::size_t i = 0; i < model.levels.size(); ++i) {
    const CostLevel& l = model.levels[i];
    fmt::print(out, "{} level {}: {} [{}] = {} {} {} * cost\n", mark, i + 1, l.what, l.unit,
               l.offset, l.step < 0 ? "-" : "+", std::abs(l.step));
  }
  fmt::print(out, "{} left out: lessons learned during the search, the choice among equals\n",
             mark);
}

// ---- opb

std::string opb(Lit l) { return fmt::format("{}x{}", l < 0 ? "~" : "", std::abs(l)); }

void write_opb_terms(const std::vector<Weighted>& terms, long sign, std::ostream& out) {
  for (const auto& [weight, lit] : terms) fmt::print(out, "{:+} {} ", sign * weight, opb(lit));
}

void write_opb(const PlainModel& model, std::ostream& out) {
  fmt::print(out, "* #variable= {} #constraint= {}\n", model.variables,
             model.clauses.size() + model.sums.size());
  write_comments(model, "*", out);
  for (std::size_t i = 0; i < model.levels.size(); ++i) {
    out << (i == 0 ? "min: " : "* then min: ");
    write_opb_terms(model.levels[i].costs, 1, out);
    out << ";\n";
  }
  for (const auto& clause : model.clauses) {
    for (const Lit l : clause) fmt::print(out, "+1 {} ", opb(l));
    if (clause.empty()) out << "+0 x1 ";
    out << ">= 1 ;\n";
  }
  for (const Sum& sum : model.sums) {
    write_opb_terms(sum.terms, -1, out);
    if (sum.terms.empty()) out << "+0 x1 ";
    fmt::print(out, ">= {} ;\n", -sum.bound);
  }
}

// ---- wcnf

void write_wcnf(const PlainModel& model, std::ostream& out) {
  RIGTOPO_ASSERT(model.sums.empty());  // it was made encoded
  write_comments(model, "c", out);
  for (std::size_t i = 0; i < model.levels.size(); ++i) {
    for (const auto& [weight, lit] : model.levels[i].costs) {
      if (i > 0) fmt::print(out, "c then {} ", i + 1);
      fmt::print(out, "{} {} 0\n", weight, -lit);
    }
  }
  for (const auto& clause : model.clauses) {
    out << "h";
    for (const Lit l : clause) fmt::print(out, " {}", l);
    out << " 0\n";
  }
}

// ---- smtlib

std::string smt(Lit l) { return l < 0 ? fmt::format("(not x{})", -l) : fmt::format("x{}", l); }

void write_smt_sum(const Sum& sum, std::ostream& out) {
  if (sum.bound < 0) {
    out << "(assert false)\n";
    return;
  }
  fmt::print(out, "(assert ((_ pble {}", sum.bound);
  for (const Weighted& t : sum.terms) fmt::print(out, " {}", t.weight);
  out << ")";
  for (const Weighted& t : sum.terms) fmt::print(out, " {}", smt(t.lit));
  out << "))\n";
}

void write_smtlib(const PlainModel& model, std::ostream& out) {
  write_comments(model, ";", out);
  out << "(set-option :opt.priority lex)\n";
  for (int v = 1; v <= model.variables; ++v) fmt::print(out, "(declare-fun x{} () Bool)\n", v);
  for (const auto& clause : model.clauses) {
    out << "(assert (or false";
    for (const Lit l : clause) fmt::print(out, " {}", smt(l));
    out << "))\n";
  }
  for (const Sum& sum : model.sums) write_smt_sum(sum, out);
  for (std::size_t i = 0; i < model.levels.size(); ++i) {
    for (const auto& [weight, lit] : model.levels[i].costs) {
      fmt::print(out, "(assert-soft {} :weight {} :id level{})\n", smt(-lit), weight, i + 1);
    }
  }
  out << "(check-sat)\n(get-objectives)\n";
}

// ---- aspif

void write_aspif_terms(const std::vector<Weighted>& terms, std::ostream& out) {
  fmt::print(out, " {}", terms.size());
  for (const auto& [weight, lit] : terms) fmt::print(out, " {} {}", lit, weight);
  out << "\n";
}

void write_aspif(const PlainModel& model, std::ostream& out) {
  out << "asp 1 0 0\n";
  write_comments(model, "10", out);
  fmt::print(out, "1 1 {}", model.variables);  // every variable may be true
  for (int v = 1; v <= model.variables; ++v) fmt::print(out, " {}", v);
  out << " 0 0\n";
  for (const auto& clause : model.clauses) {  // not all of it false
    fmt::print(out, "1 0 0 0 {}", clause.size());
    for (const Lit l : clause) fmt::print(out, " {}", -l);
    out << "\n";
  }
  for (const Sum& sum : model.sums) {  // not more than the bound
    fmt::print(out, "1 0 0 1 {}", std::max(0L, sum.bound + 1));
    write_aspif_terms(sum.terms, out);
  }
  for (std::size_t i = 0; i < model.levels.size(); ++i) {
    fmt::print(out, "2 {}", model.levels.size() - i);
    write_aspif_terms(model.levels[i].costs, out);
  }
  out << "0\n";
}

constexpr std::array formats{
    ModelFormat{"aspif", false, write_aspif},
    ModelFormat{"opb", false, write_opb},
    ModelFormat{"smtlib", false, write_smtlib},
    ModelFormat{"wcnf", true, write_wcnf},
};

}  // namespace

std::span<const ModelFormat> model_formats() { return formats; }

}  // namespace rigtopo
