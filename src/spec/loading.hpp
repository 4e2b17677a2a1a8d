// Inside spec/: what the steps of load_project share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "spec/spec.hpp"

namespace rigtopo {

/// A project on its way. Steps report into `out` and go on as far as they can.
struct Loading {
  Project& project;
  Catalog& catalog;
  Diagnostics& out;

  /// Loads a part as written and keeps it in the project. Null after a report.
  PartPtr written(const WrittenPart& part, const WrittenMap* but, std::string_view kind);
  /// Loads a part by id, unless the project has it already.
  PartPtr named(const Fact<std::string>& id, std::string_view kind);

 private:
  PartPtr keep(PartPtr part, Source at);
};

/// Kind of a part: "gpu", "riser".
std::string kind_of(const AnyPart& part);

/// "did you mean `x`?", or empty.
std::string suggestion(std::string_view word, const std::vector<std::string>& candidates);

/// Reports a number outside its range.
void check_between(const Fact<int>& fact, std::string_view key, int least, int most,
                   Diagnostics& out);

/// `stock:` rows to Project::stock and Project::supplies, and the currency.
void load_stock(Loading& loading);

/// `fans:` rows to Project::fans. After the frame.
void load_fans(Loading& loading);

}  // namespace rigtopo
