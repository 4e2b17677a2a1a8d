// The CPU: its x16 cores, which of them share a root complex and a NUMA node, how each can be
// split. Which connector hangs on which core is the board's business.
#include <algorithm>

#include "catalog/kinds.hpp"

namespace rigtopo {

const CpuCore* Cpu::core(std::string_view wanted) const {
  const auto it = std::find_if(cores.begin(), cores.end(),
                               [&](const CpuCore& c) { return c.id.known() && *c.id == wanted; });
  return it == cores.end() ? nullptr : &*it;
}

const Fields<CpuCore>& Table<CpuCore>::fields() {
  using S = CpuCore;
  static const Fields<S> list{
      field("id", &S::id, Need::required,
            "Name of the core: `A0`, `A1` or `P0`, `G0`. Boards say `cpu0.A1`."),
      field("complex", &S::complex, Need::required,
            "Root complex (host bridge) it belongs to: `A`."),
      field("numa", &S::numa, Need::optional,
            "NUMA node of its socket in the default setting (NPS1); default 0."),
      field("lanes", &S::lanes, Need::optional, "Lanes; default 16, less for extra cores."),
      field("generation", &S::generation, Need::required, "Best PCIe generation.")};
  return list;
}

const Fields<Cpu>& Table<Cpu>::fields() {
  using S = Cpu;
  static const Fields<S> list = detail::part_fields<S>(
      {field("socket", &S::socket, Need::required, "Socket it fits: `SP3`, `SP5`, `sWRX8`."),
       field("series", &S::series, Need::optional,
             "Series that boards list under `cpus`: `EPYC 7002`."),
       field("cores", &S::cores, Need::required, "PCIe cores of one CPU."),
       field("splits", &S::splits, Need::required, "How a x16 core can be split."),
       field("tdp", &S::tdp, Need::optional, "Power of one CPU under full load."),
       field("two_sockets", &S::two_sockets, Need::optional, "Two of them can work together.")});
  return list;
}

namespace {

void complete(Cpu& cpu) {
  for (CpuCore& core : cpu.cores) {
    detail::default_to(core.numa, 0);
    detail::default_to(core.lanes, detail::core_lanes);
  }
}

void validate_cpu(const AnyPart& part, Diagnostics& out) {
  const Cpu& cpu = std::get<Cpu>(part);
  detail::UniqueIds ids("core", out);
  for (const CpuCore& core : cpu.cores) {
    ids.add(core.id);
    detail::check_count(core.lanes, "lanes", 1, detail::core_lanes, out);
    detail::check_count(core.numa, "numa", 0, 15, out);
    if (core.id.known() && core.id->find_first_of(". :") != std::string::npos) {
      out.report(codes::bad_value, core.id.at,
                 "`" + *core.id + "` is no name for a core: it has no dots, colons or blanks",
                 "write the name alone, `A1`; the socket is added by the board");
    }
  }
  for (const Fact<Split>& split : cpu.splits) {
    if (split.known() && split->lanes() != detail::core_lanes) {
      out.report(codes::contradictory, split.at,
                 "`" + split->text + "` adds up to " + std::to_string(split->lanes()) +
                     " lanes; a core has " + std::to_string(detail::core_lanes));
    }
  }
  detail::check_positive(cpu.tdp, "tdp", out);
}

std::string cpu_reference() { return reference_table<Cpu>() + nested_reference<CpuCore>("cores"); }

}  // namespace

const Kind cpu_kind{
    "cpu",        "Processor",        "cpu",        detail::read_part<Cpu, complete>,
    validate_cpu, struct_schema<Cpu>, cpu_reference};

}  // namespace rigtopo
