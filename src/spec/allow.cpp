// Rows of `allow:`: see allow.hpp.
#include "spec/allow.hpp"

#include <algorithm>

namespace rigtopo {
namespace {

/// "2027-01-31": texts of this form compare like dates.
bool is_date(std::string_view text) {
  if (text.size() != 10) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 4 || i == 7;
    if (dash ? text[i] != '-' : (text[i] < '0' || text[i] > '9')) return false;
  }
  const std::string_view month = text.substr(5, 2);
  const std::string_view day = text.substr(8, 2);
  return month >= "01" && month <= "12" && day >= "01" && day <= "31";
}

}  // namespace

AllowTerm term_of(const AllowRow& row, std::string_view today) {
  if (!row.until.known()) {
    return row.until.at.known() ? AllowTerm::unreadable : AllowTerm::open;
  }
  if (!is_date(*row.until)) return AllowTerm::unreadable;
  return !today.empty() && *row.until < today ? AllowTerm::over : AllowTerm::open;
}

bool covers(const AllowRow& row, std::string_view code, std::string_view name,
            const std::vector<std::string>& subjects) {
  const std::string written = row.code.value_or("");
  if (written != code && written != name) return false;
  if (!row.item.known()) return !row.item.at.known();
  return std::find(subjects.begin(), subjects.end(), *row.item) != subjects.end();
}

}  // namespace rigtopo
