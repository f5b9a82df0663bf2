// Boost.JSON inside the plugin: a plugin must not link the library that the host has.
#include <boost/json/src.hpp>
