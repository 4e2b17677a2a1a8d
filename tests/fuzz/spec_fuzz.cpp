// Whole pipeline on arbitrary bytes taken as a spec: load, pin, build, check. Must never crash,
// hang or end the program; what it reports does not matter.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>

#include "check/check.hpp"
#include "spec/spec.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::filesystem::path folder = [] {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "rigtopo-spec-fuzz-XXXXXX").string();
    return std::filesystem::path(mkdtemp(pattern.data()));
  }();
  const std::filesystem::path path = folder / "spec.yaml";
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));

  rigtopo::SourceMap sources;
  rigtopo::Diagnostics problems;
  rigtopo::LoadOptions options;
  options.catalogs.emplace_back(RIGTOPO_SOURCE_CATALOG);
  const auto project = rigtopo::load_project(path.string(), options, sources, problems);
  if (!project) return 0;
  const rigtopo::Rig rig = rigtopo::build_rig(*project, rigtopo::pinned_layout(*project, problems));
  rigtopo::check(rig);
  return 0;
}
