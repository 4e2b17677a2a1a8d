// Where part files lie: `<folder>/<kind>/<id>.yaml`. Finds a part by its id without listing a
// folder, so that a catalogue of thousands costs no more than one of fifty; lists when asked to.
// Opens no file.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "rigtopo/diagnostic.hpp"

namespace rigtopo {

/// A catalogue entry that has not been read: known by its path alone.
struct CatalogEntry {
  std::string id;
  std::string kind;
  std::filesystem::path path;
};

class PartIndex {
 public:
  /// Later folders add parts or replace them. A folder that can't be read is reported.
  PartIndex(std::vector<std::filesystem::path> folders, Diagnostics& out);

  /// The files of an id, those of later folders later: the last one holds and hides the others.
  /// Empty when there is none. Valid as long as the index.
  const std::vector<CatalogEntry>& named(std::string_view id);

  /// Ids of a kind in natural order.
  std::vector<std::string> ids(std::string_view kind) const;

  /// Everything, by kind order of kinds() and then id in natural order; hidden ones left out.
  std::vector<CatalogEntry> all() const;

  /// Warns of what looks like a part and is not read: folders of no kind, files in `.yml`.
  void report_strangers(Diagnostics& out) const;

 private:
  std::vector<std::filesystem::path> folders_;
  std::map<std::string, std::vector<CatalogEntry>, std::less<>> named_;
};

}  // namespace rigtopo
