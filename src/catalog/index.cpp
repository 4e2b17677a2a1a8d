// Looking up and listing part files.
#include "catalog/index.hpp"

#include <algorithm>
#include <system_error>
#include <unistd.h>

#include "base/codes.hpp"
#include "base/text.hpp"
#include "catalog/kinds.hpp"

namespace rigtopo {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view ending = ".yaml";

/// Names in a folder, sorted; empty when it cannot be listed.
std::vector<std::string> listing(const fs::path& folder) {
  std::error_code failed;
  std::vector<std::string> names;
  fs::directory_iterator it(folder, failed);
  while (!failed && it != fs::directory_iterator()) {
    names.push_back(it->path().filename().string());
    it.increment(failed);
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// Can it be the name of a file in a kind's folder, and of no file elsewhere?
bool may_be_id(std::string_view id) {
  return !id.empty() && !id.starts_with('.') && id.find('/') == std::string_view::npos &&
         id.find('\0') == std::string_view::npos;
}

Diagnostic& warn(const Code& code, Diagnostics& out, std::string message, std::string help) {
  Diagnostic& d = out.report(code, {}, std::move(message), std::move(help));
  d.severity = Severity::warning;
  return d;
}

}  // namespace

PartIndex::PartIndex(std::vector<fs::path> folders, Diagnostics& out)
    : folders_(std::move(folders)) {
  std::erase_if(folders_, [&](const fs::path& folder) {
    std::error_code failed;
    if (fs::is_directory(folder, failed) && access(folder.c_str(), R_OK | X_OK) == 0) return false;
    out.report(codes::unreadable_file, {},
               "the catalogue `" + folder.generic_string() + "` is no folder that can be read");
    return true;
  });
}

const std::vector<CatalogEntry>& PartIndex::named(std::string_view id) {
  const auto known = named_.find(id);
  if (known != named_.end()) return known->second;
  std::vector<CatalogEntry> found;
  if (may_be_id(id)) {
    const std::string name = std::string(id) + std::string(ending);
    for (const fs::path& folder : folders_) {
      for (const Kind& kind : kinds()) {
        const std::string path = folder.native() + "/" + std::string(kind.id) + "/" + name;
        if (access(path.c_str(), F_OK) != 0) continue;
        found.push_back({std::string(id), std::string(kind.id), folder / kind.id / name});
      }
    }
  }
  return named_.emplace(std::string(id), std::move(found)).first->second;
}

std::vector<std::string> PartIndex::ids(std::string_view kind) const {
  std::vector<std::string> found;
  for (const fs::path& folder : folders_) {
    for (const std::string& name : listing(folder / kind)) {
      if (name.starts_with('.') || !name.ends_with(ending)) continue;
      found.push_back(name.substr(0, name.size() - ending.size()));
    }
  }
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return natural_less(a, b); });
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

std::vector<CatalogEntry> PartIndex::all() const {
  PartIndex seen(*this);
  std::vector<CatalogEntry> entries;
  for (const Kind& kind : kinds()) {
    for (const std::string& id : ids(kind.id)) {
      const std::vector<CatalogEntry>& files = seen.named(id);
      if (!files.empty() && files.back().kind == kind.id) entries.push_back(files.back());
    }
  }
  return entries;
}

void PartIndex::report_strangers(Diagnostics& out) const {
  for (const fs::path& folder : folders_) {
    for (const std::string& name : listing(folder)) {
      std::error_code failed;
      if (name.starts_with('.') || !fs::is_directory(folder / name, failed)) continue;
      const std::string inside = (folder / name).generic_string();
      if (find_kind(name) == nullptr) {
        const auto near = did_you_mean(name, kind_ids());
        warn(codes::unknown_choice, out,
             "the folder `" + inside + "` is not read: `" + name + "` is no kind of part",
             near ? "did you mean `" + *near + "`?" : "");
        continue;
      }
      if (access(inside.c_str(), R_OK | X_OK) != 0) {
        out.report(codes::unreadable_file, {}, "`" + inside + "` is no folder that can be read");
      }
      for (const std::string& file : listing(folder / name)) {
        if (file.starts_with('.') || !file.ends_with(".yml")) continue;
        warn(codes::unreadable_file, out, "`" + inside + "/" + file + "` is not read",
             "part files end in `.yaml`");
      }
    }
  }
}

}  // namespace rigtopo
