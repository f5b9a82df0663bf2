// error: nodiscard
#include "plugin.hpp"

void forget(StockSink& sink, StepContext& ctx) { sink.push_stock({}, {}, ctx); }
