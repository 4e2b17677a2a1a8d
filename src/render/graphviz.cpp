// The only file that knows cgraph and gvc. Both keep global state and are not thread-safe, so one
// lock spans everything from opening a graph to closing it. With the plugins linked directly no
// plugin file, font or environment variable has a say in the result.
#include "render/graphviz.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <utility>

#include <graphviz/gvc.h>
#include <graphviz/gvplugin.h>

#if RIGTOPO_GRAPHVIZ_PLUGINS_LINKED
extern "C" {
// NOLINTBEGIN(readability-identifier-naming): the names that the plugins export
extern gvplugin_library_t gvplugin_core_LTX_library;
extern gvplugin_library_t gvplugin_dot_layout_LTX_library;
// NOLINTEND(readability-identifier-naming)
}
#endif

namespace rigtopo {
namespace {

/// Holds the lock and collects what Graphviz says, in place of standard error. Graphviz takes a
/// bare function for that, so the log has to be a static; the lock guards it.
class LockedLog {
 public:
  LockedLog() : lock_(mutex()) {
    log().clear();
    agseterrf(&take);
    agseterr(AGWARN);
  }
  ~LockedLog() { agseterrf(nullptr); }
  LockedLog(const LockedLog&) = delete;
  LockedLog& operator=(const LockedLog&) = delete;

  /// What was said so far, by lines.
  std::vector<std::string> problems() const {
    std::vector<std::string> lines;
    std::string rest = log();
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      if (end > 0) lines.push_back(rest.substr(0, end));
      rest.erase(0, end + 1);
    }
    return lines;
  }

 private:
  static std::mutex& mutex() {
    static std::mutex m;
    return m;
  }
  static std::string& log() {
    static std::string text;
    return text;
  }
  static int take(char* text) {
    log() += text;
    return 0;
  }
  std::lock_guard<std::mutex> lock_;
};

// cgraph's own ids are addresses of strings, and it walks subgraphs in the order of ids: their
// order would follow the heap. This discipline counts 2, 4, 6 ... for named things and odd numbers
// for nameless ones.
class Ids {
 public:
  static Agiddisc_t discipline() {
    return {&open, &map, &alloc, &free, &print, &close, &idregister};
  }

 private:
  static void* open(Agraph_t* graph, Agdisc_t*) {
    auto* ids = new Ids;
    ids->graph_ = graph;
    return ids;
  }
  static long map(void* state, int type, char* name, IDTYPE* id, int create) {
    auto* ids = static_cast<Ids*>(state);
    if (name == nullptr) {
      if (create == 0) return 0;
      *id = ids->next_ + 1;
      ids->next_ += 2;
      return 1;
    }
    const std::pair<int, std::string> key{type == AGINEDGE ? AGOUTEDGE : type, name};
    if (const auto found = ids->by_name_.find(key); found != ids->by_name_.end()) {
      *id = found->second;
      return 1;
    }
    if (create == 0) return 0;
    *id = ids->next_;
    ids->next_ += 2;
    ids->by_name_.emplace(key, *id);
    // cgraph reads a header in front of a name that print() returns: only interned strings have it.
    ids->names_.emplace(*id, agstrdup(ids->graph_, name));
    return 1;
  }
  static long alloc(void*, int, IDTYPE) { return 0; }
  static void free(void*, int, IDTYPE) {}
  static char* print(void* state, int, IDTYPE id) {
    const auto* ids = static_cast<Ids*>(state);
    const auto found = ids->names_.find(id);
    return found == ids->names_.end() ? nullptr : found->second;
  }
  static void close(void* state) { delete static_cast<Ids*>(state); }
  static void idregister(void*, int, void*) {}

  Agraph_t* graph_ = nullptr;
  IDTYPE next_ = 2;
  std::map<std::pair<int, std::string>, IDTYPE> by_name_;
  std::map<IDTYPE, char*> names_;
};

struct CloseGraph {
  void operator()(Agraph_t* g) const { agclose(g); }
};
using GraphPtr = std::unique_ptr<Agraph_t, CloseGraph>;

struct FreeContext {
  void operator()(GVC_t* c) const { gvFreeContext(c); }
};
using ContextPtr = std::unique_ptr<GVC_t, FreeContext>;

ContextPtr make_context() {
#if RIGTOPO_GRAPHVIZ_PLUGINS_LINKED
  static lt_symlist_t plugins[] = {
      {"gvplugin_core_LTX_library", &gvplugin_core_LTX_library},
      {"gvplugin_dot_layout_LTX_library", &gvplugin_dot_layout_LTX_library},
      {nullptr, nullptr}};
  return ContextPtr(gvContextPlugins(plugins, 0));
#else
  return ContextPtr(gvContext());
#endif
}

// cgraph takes its texts as char* although it only reads them.
char* text(const std::string& s) { return const_cast<char*>(s.c_str()); }

class Builder {
 public:
  explicit Builder(const DotGraph& from) : from_(from) {
    static Agiddisc_t ids = Ids::discipline();
    static Agdisc_t disciplines{nullptr, &ids, nullptr};
    graph_.reset(agopen(text(from.name), Agdirected, &disciplines));
    for (const auto& [name, value] : from.graph_defaults) declare(AGRAPH, name, value.text);
    for (const auto& [name, value] : from.node_defaults) declare(AGNODE, name, value.text);
    for (const auto& [name, value] : from.edge_defaults) declare(AGEDGE, name, value.text);
  }

  /// In the order in which Graphviz would read the DOT text.
  GraphPtr build() && {
    for (const DotNode& n : from_.nodes) {
      nodes_.push_back(agnode(graph_.get(), text(n.name), 1));
      set_all(nodes_.back(), n.attributes);
    }
    for (std::size_t i = 0; i < from_.columns.size(); ++i) add_column(i);
    for (const DotEdge& e : from_.edges) {
      Agedge_t* edge = agedge(graph_.get(), nodes_[e.from], nodes_[e.to], text(e.name), 1);
      set_all(edge, e.attributes);
    }
    return std::move(graph_);
  }

 private:
  void declare(int kind, const std::string& name, const std::string& value) {
    agattr(graph_.get(), kind, text(name), text(value));
  }
  void set_all(void* object, const DotAttributes& attributes) {
    std::string none;
    for (const auto& [name, value] : attributes) {
      if (!value.html) {
        agsafeset(object, text(name), text(value.text), text(none));
        continue;
      }
      char* interned = agstrdup_html(graph_.get(), text(value.text));
      agsafeset(object, text(name), interned, text(none));
      agstrfree(graph_.get(), interned);
    }
  }
  void add_column(std::size_t index) {
    Agraph_t* column = agsubg(graph_.get(), text("column" + std::to_string(index)), 1);
    set_all(column, {{"rank", {"same", false}}});
    for (const std::size_t n : from_.columns[index]) agsubnode(column, nodes_[n], 1);
  }

  const DotGraph& from_;
  GraphPtr graph_;
  std::vector<Agnode_t*> nodes_;
};

/// Graphviz counts y upwards and in points, sizes in inches.
NodeArea area_of(Agraph_t* graph, const DotNode& node) {
  Agnode_t* n = agnode(graph, text(node.name), 0);
  const double width = 72 * ND_width(n);
  const double height = 72 * ND_height(n);
  return {ND_coord(n).x - width / 2, -ND_coord(n).y - height / 2, width, height};
}

std::string render(GVC_t* context, Agraph_t* graph) {
  char* data = nullptr;
  unsigned size = 0;
  const int status = gvRenderData(context, graph, "svg", &data, &size);
  std::string svg = status == 0 && data != nullptr ? std::string(data, size) : std::string();
  if (data != nullptr) gvFreeRenderData(data);
  return svg;
}

}  // namespace

GraphvizResult lay_out(const DotGraph& from) {
  const LockedLog log;
  GraphvizResult result;
  const ContextPtr context = make_context();
  const GraphPtr graph = Builder(from).build();
  if (context == nullptr || graph == nullptr || gvLayout(context.get(), graph.get(), "dot") != 0) {
    result.problems = log.problems();
    result.problems.emplace_back("Graphviz could not lay the picture out");
    return result;
  }
  result.svg = render(context.get(), graph.get());
  for (const DotNode& n : from.nodes) result.nodes.push_back(area_of(graph.get(), n));
  gvFreeLayout(context.get(), graph.get());
  result.problems = log.problems();
  if (result.svg.empty()) result.problems.emplace_back("Graphviz could not write SVG");
  return result;
}

std::optional<DotCount> count_dot(const std::string& dot) {
  const LockedLog log;
  const GraphPtr graph(agmemread(dot.c_str()));
  if (graph == nullptr) return std::nullopt;
  return DotCount{agnnodes(graph.get()), agnedges(graph.get()), log.problems()};
}

}  // namespace rigtopo
