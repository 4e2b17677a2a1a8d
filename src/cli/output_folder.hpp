// Files on disk, whole or not at all, and never outside the folder given. Keeps a manifest of what
// rigtopo wrote, so that its own stale files go when a new result replaces them and foreign files
// stay.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "rigtopo/diagnostic.hpp"

namespace rigtopo {

/// Name of the manifest inside an output folder: one line per file, SHA-256 and name.
inline constexpr std::string_view manifest_name = "manifest.txt";

/// Writes `files` (names below `folder`, such as `alternatives/2/pcie.svg` -> content) into
/// `folder`, which is made when missing: all under temporary names first, then renamed. Files named
/// in the old manifest and not in `files` are removed when their content is still what rigtopo
/// wrote; one that was edited since is kept and noted. On failure nothing of the new result is left
/// and S004 is reported; returns false.
bool write_folder(const std::filesystem::path& folder,
                  const std::map<std::string, std::string>& files, Diagnostics& out);

/// One file, the same way; "-" is not handled here.
bool write_file(const std::filesystem::path& path, std::string_view content, Diagnostics& out);

}  // namespace rigtopo
