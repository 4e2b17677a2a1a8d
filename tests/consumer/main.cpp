// Uses the installed library as a program of somebody else would: one command line, run in process.
#include <iostream>
#include <string>

#include "rigtopo/rigtopo.hpp"

int main() {
  std::string out;
  std::string err;
  const int status = rigtopo::run({"schema", "spec"}, out, err);
  if (status != 0 || out.find("\"devices\"") == std::string::npos) {
    std::cerr << "schema spec: status " << status << '\n' << err;
    return 1;
  }
  std::cout << rigtopo::version() << '\n';
}
