"""Nested stacks, packaging, the local cloud and the demo world."""
