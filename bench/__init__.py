"""Repeatable benchmarks, side by side with peers; and the graphs that they run on."""
