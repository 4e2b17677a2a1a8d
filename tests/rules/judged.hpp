// For tests of rules: a spec file or text, loaded with the small catalogue beside these files,
// pinned, built and judged.
#pragma once

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/source_map.hpp"
#include "check/check.hpp"
#include "support/temp_dir.hpp"

namespace rigtopo::test {

inline std::filesystem::path rules_folder() {
  return std::filesystem::path(RIGTOPO_SOURCE_DIR) / "tests/rules";
}

/// A spec on its way through loading, pins, rig and rules.
class Judged {
 public:
  explicit Judged(const std::filesystem::path& spec, const CheckOptions& options = {}) {
    judge(spec, {}, options);
  }
  /// A layout file against its spec.
  Judged(const std::filesystem::path& spec, const std::filesystem::path& layout) {
    judge(spec, layout, {});
  }
  /// The same for the text of a spec.
  static Judged text(const std::string& spec, const CheckOptions& options = {}) {
    const TempDir dir;
    write_text(dir.path() / "rig.yaml", spec);
    return Judged(dir.path() / "rig.yaml", options);
  }

  bool loaded() const { return rig_ != nullptr; }
  const Project& project() const { return *project_; }
  /// The file that is judged: the layout's, else the spec's.
  FileId file_id() const { return file_id_; }
  const Rig& rig() const { return *rig_; }
  const CheckResult& result() const { return result_; }
  const SourceMap& sources() const { return *sources_; }
  /// What loading, pinning and the rules said, in this order.
  const Diagnostics& said() const { return said_; }

  /// The first finding of a rule; nullptr when there is none.
  const Diagnostic* finding(std::string_view code) const {
    const auto& all = result_.diagnostics.all();
    const auto it =
        std::find_if(all.begin(), all.end(), [&](const Diagnostic& d) { return d.code == code; });
    return it == all.end() ? nullptr : &*it;
  }
  const NotChecked* not_checked(std::string_view code, std::string_view words) const {
    const auto& all = result_.not_checked;
    const auto it = std::find_if(all.begin(), all.end(), [&](const NotChecked& n) {
      return n.code == code && n.what.find(words) != std::string::npos;
    });
    return it == all.end() ? nullptr : &*it;
  }
  bool assumes(std::string_view words) const {
    return std::any_of(result_.assumptions.begin(), result_.assumptions.end(),
                       [&](const std::string& a) { return a.find(words) != std::string::npos; });
  }
  const LimitUse* limit(std::string_view code, std::string_view words) const {
    const auto it =
        std::find_if(result_.limits.begin(), result_.limits.end(), [&](const LimitUse& l) {
          return l.code == code && l.what.find(words) != std::string::npos;
        });
    return it == result_.limits.end() ? nullptr : &*it;
  }
  /// Every diagnostic in a line of its own, for the output of a failing test.
  std::string messages() const {
    std::string text;
    for (const Diagnostic& d : said_.all()) {
      text += d.code + " " + std::to_string(d.at.line) + ": " + d.message + " [" + d.help + "]\n";
    }
    for (const NotChecked& n : result_.not_checked) {
      text += std::string(n.decided ? "open " : "left ") + n.code + ": " + n.what + "\n";
    }
    return text;
  }

 private:
  void judge(const std::filesystem::path& spec, const std::filesystem::path& file,
             const CheckOptions& options) {
    sources_ = std::make_unique<SourceMap>();
    LoadOptions load;
    load.catalogs = {rules_folder() / "catalog"};
    auto project = load_project(spec.string(), load, *sources_, said_);
    if (!project) return;
    project_ = std::make_unique<Project>(*std::move(project));
    file_id_ = project_->file_id;
    Layout layout;
    if (file.empty()) {
      layout = pinned_layout(*project_, said_);
    } else if (auto read = read_layout(file.string(), *sources_, said_)) {
      layout = *std::move(read);
      file_id_ = layout.at.file;
      match_layout(layout, *project_, *sources_, said_);
    }
    rig_ = std::make_unique<Rig>(build_rig(*project_, std::move(layout)));
    result_ = check(*rig_, options);
    said_.append(result_.diagnostics);
  }

  std::unique_ptr<SourceMap> sources_;
  std::unique_ptr<Project> project_;  // the rig points to it
  std::unique_ptr<Rig> rig_;
  FileId file_id_{};
  CheckResult result_;
  Diagnostics said_;
};

}  // namespace rigtopo::test
