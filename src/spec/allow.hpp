// The rows of `allow:`: what a row covers and whether it is in force. What a waiver means for a
// finding or for the search is decided there.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "spec/spec.hpp"

namespace rigtopo {

enum class AllowTerm {
  open,       // in force
  over,       // `until` has passed
  unreadable  // `until` is no date
};
/// State of a row on a day (YYYY-MM-DD); an empty day judges no `until`.
AllowTerm term_of(const AllowRow& row, std::string_view today);

/// Does a row name this code (or the name of the rule) and, if it names an item, one of `subjects`?
/// A row whose item can't be read covers nothing.
bool covers(const AllowRow& row, std::string_view code, std::string_view name,
            const std::vector<std::string>& subjects);

}  // namespace rigtopo
