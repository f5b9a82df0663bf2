#include "host/app/program.hpp"

int main(int argc, char** argv) { return marketplug::app::run_program(argc, argv); }
