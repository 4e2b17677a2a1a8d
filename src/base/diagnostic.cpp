// Collecting and ordering of diagnostics; how they look is decided in report.cpp.
#include "rigtopo/diagnostic.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace rigtopo {

std::string_view to_string(Confidence c) {
  constexpr std::string_view names[] = {"unverified", "user", "secondary", "verified"};
  return names[static_cast<int>(c)];
}

std::string_view to_string(Severity s) {
  constexpr std::string_view names[] = {"note", "warning", "error"};
  return names[static_cast<int>(s)];
}

Diagnostic& Diagnostics::report(const Code& code, Source at, std::string message,
                                std::string help) {
  Diagnostic d;
  d.code = code.code;
  d.name = code.name;
  d.severity = code.severity;
  d.at = at;
  d.message = std::move(message);
  d.help = std::move(help);
  return add(std::move(d));
}

int Diagnostics::errors() const {
  return static_cast<int>(std::count_if(all_.begin(), all_.end(), [](const Diagnostic& d) {
    return d.severity == Severity::error && !d.allowed_by;
  }));
}

void Diagnostics::append(Diagnostics other) {
  std::move(other.all_.begin(), other.all_.end(), std::back_inserter(all_));
}

void Diagnostics::sort() {
  const auto key = [](const Diagnostic& d) {
    return std::tie(d.at.file, d.at.line, d.at.column, d.code, d.message);
  };
  std::stable_sort(all_.begin(), all_.end(),
                   [&](const Diagnostic& a, const Diagnostic& b) { return key(a) < key(b); });
}

}  // namespace rigtopo
