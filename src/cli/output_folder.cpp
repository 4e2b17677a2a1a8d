// Temporary name, flush, close, rename. What is in the files is decided by others.
#include "cli/output_folder.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <system_error>
#include <vector>

#include "base/codes.hpp"
#include "base/text.hpp"

namespace rigtopo {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view temporary_suffix = ".rigtopo-partial";

bool fail(Diagnostics& out, const fs::path& path, std::string_view why, std::string_view help) {
  out.report(codes::unwritable_output, {},
             "cannot write `" + path.string() + "`: " + std::string(why), std::string(help));
  return false;
}

bool write_temporary(const fs::path& path, std::string_view content, Diagnostics& out) {
  errno = 0;
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(content.data(), static_cast<std::streamsize>(content.size()));
  file.close();
  if (file.good()) return true;
  const int error = errno;
  fs::path shown = path;
  shown.replace_extension();
  return fail(out, shown, error != 0 ? std::strerror(error) : "the write failed",
              error == ENOSPC ? "free some space on that disk"
                              : "choose a folder you may write to with -o");
}

/// Does a name stay below the folder?
bool is_below(const std::string& name) {
  const fs::path path(name);
  return !name.empty() && path.is_relative() &&
         std::all_of(path.begin(), path.end(), [](const fs::path& step) {
           return !step.empty() && step != "." && step != "..";
         });
}

/// Old manifest: name -> SHA-256. Names that lead out of the folder are ignored: nothing outside it
/// may be touched, whatever a manifest says.
std::map<std::string, std::string> read_manifest(const fs::path& folder) {
  std::map<std::string, std::string> written;
  std::ifstream file(folder / manifest_name, std::ios::binary);
  std::string sha;
  std::string name;
  while (file >> sha && std::getline(file >> std::ws, name)) {
    if (is_below(name)) written[name] = sha;
  }
  return written;
}

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void remove_stale(const fs::path& folder, const std::map<std::string, std::string>& old_files,
                  const std::map<std::string, std::string>& files, Diagnostics& out) {
  for (const auto& [name, sha] : old_files) {
    const fs::path path = folder / name;
    std::error_code ignored;
    if (files.contains(name) || !fs::is_regular_file(fs::symlink_status(path, ignored))) continue;
    if (sha256(content_of(path)) == sha) {
      fs::remove(path, ignored);
      for (fs::path up = path.parent_path(); up != folder && fs::is_empty(up, ignored);
           up = up.parent_path()) {
        fs::remove(up, ignored);
      }
      continue;
    }
    Diagnostic& note = out.report(
        codes::unwritable_output, {},
        "`" + path.string() + "` belongs to an older result and was edited since: left in place",
        "delete it when it is not needed any more");
    note.severity = Severity::note;
  }
}

bool make_folder(const fs::path& folder, Diagnostics& out) {
  std::error_code error;
  if (fs::exists(folder, error) && !fs::is_directory(folder, error)) {
    return fail(out, folder, "a file of that name is in the way", "choose another folder with -o");
  }
  fs::create_directories(folder, error);
  if (!error) return true;
  return fail(out, folder, error.message(), "choose a folder you may write to with -o");
}

/// A link inside the folder could lead out of it.
bool no_link_below(const fs::path& folder, const std::string& name, Diagnostics& out) {
  fs::path at = folder;
  for (const fs::path& step : fs::path(name).parent_path()) {
    at /= step;
    std::error_code ignored;
    if (fs::is_symlink(fs::symlink_status(at, ignored))) {
      return fail(out, at, "a link of that name is in the way",
                  "remove it, or choose another folder");
    }
  }
  return true;
}

}  // namespace

bool write_folder(const fs::path& folder, const std::map<std::string, std::string>& files,
                  Diagnostics& out) {
  if (!make_folder(folder, out)) return false;
  std::map<std::string, std::string> all = files;
  std::string manifest;
  for (const auto& [name, content] : files) manifest += sha256(content) + "  " + name + "\n";
  all[std::string(manifest_name)] = manifest;

  const auto temporary = [&](const std::string& name) {
    return folder / (name + std::string(temporary_suffix));
  };
  bool good = true;
  for (const auto& [name, content] : all) {
    const fs::path inside = (folder / name).parent_path();
    good = inside == folder || (no_link_below(folder, name, out) && make_folder(inside, out));
    good = good && write_temporary(temporary(name), content, out);
    if (!good) break;
  }
  std::error_code error;
  if (good) {
    // Stale files first: an interruption must not leave an old picture beside a new result.
    remove_stale(folder, read_manifest(folder), all, out);
    for (const auto& [name, content] : all) {
      fs::rename(temporary(name), folder / name, error);
      if (error) good = fail(out, folder / name, error.message(), "");
    }
  }
  for (const auto& [name, content] : all) fs::remove(temporary(name), error);
  return good;
}

bool write_file(const fs::path& path, std::string_view content, Diagnostics& out) {
  fs::path partial = path;
  partial += temporary_suffix;
  std::error_code error;
  if (fs::is_directory(path, error)) {
    return fail(out, path, "a folder of that name is in the way", "choose another name with -o");
  }
  bool good = write_temporary(partial, content, out);
  if (good) {
    fs::rename(partial, path, error);
    if (error) good = fail(out, path, error.message(), "");
  }
  if (!good) fs::remove(partial, error);
  return good;
}

}  // namespace rigtopo
