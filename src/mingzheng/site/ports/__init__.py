"""One small module a port: reads settings, builds the adapter, puts it behind the name."""
