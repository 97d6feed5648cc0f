"""One module a benchmark: `NUMBER`, `TITLE`, `contenders()`, `TARGETS`."""
