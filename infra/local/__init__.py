"""The local cloud: the emulator with our patches, the edge, and the commands run, dev and reset."""
