// A library, and no plugin.
extern "C" int answer() { return 42; }
