// The process around the program: streams, terminal, Ctrl-C, exit status. Everything else is in
// run_command_line.
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string>
#include <unistd.h>
#include <vector>

#include "cli/io.hpp"

namespace {
// A signal handler can reach nothing but a static.
volatile bool interrupted = false;

extern "C" void on_interrupt(int) {
  if (interrupted) std::_Exit(130);  // a second Ctrl-C ends at once
  interrupted = true;
}
}  // namespace

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
  std::signal(SIGINT, on_interrupt);
  std::signal(SIGPIPE, SIG_IGN);
  const bool colour = std::getenv("NO_COLOR") == nullptr;
  rigtopo::Io io{.out = std::cout,
                 .err = std::cerr,
                 .progress = isatty(STDERR_FILENO) != 0,
                 .colour_out = colour && isatty(STDOUT_FILENO) != 0,
                 .colour_err = colour && isatty(STDERR_FILENO) != 0,
                 .interrupted = &interrupted};
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  return rigtopo::run_command_line(arguments, io);
}
